import { MAX_FIELDS } from '../decode/decoded.ts';
import type { Limits } from '../limits.ts';
import { createTextBuilder, type TextBuilder } from '../text-builder.ts';
import type { Entry, Form, FormReader } from './form.ts';
import { type Cell, rowEntry } from './row.ts';
import { createRowLineReader } from './row-line-reader.ts';

const RULE = /^-\[ RECORD \d{1,12} \][-+]*$/;
const CELL = /^([A-Za-z_][A-Za-z0-9_]{0,63}) *\|(?: (.*))?$/s;
const MORE = /^ +\|(?: (.*))?$/s;

/** `psql -x`: a rule a row, a line a column; a value of several lines has a `+` at the end of each but the last. An empty cell is taken as NULL, which psql prints the same way. */
export const psql: Form = {
  id: 'psql',
  sniff: (head) => RULE.test(head.slice(0, head.indexOf('\n') === -1 ? undefined : head.indexOf('\n')).trimEnd()),
  open: createReader,
};

function createReader({ maxLineBytes, maxRecordBytes }: Limits): FormReader {
  let cells: OpenCell[] | undefined;
  let length = 0;
  let number = 0;

  function finish(): Entry[] {
    const row = cells?.map((cell) => [cell.name, cellValue(cell)] as const);
    cells = undefined;
    length = 0;
    if (!row || row.length === 0) return [];
    number += 1;
    const original = row.map(([name, value]) => `${name} | ${value ?? ''}`).join('\n');
    return [
      rowEntry(
        row.map(([name]) => name),
        row.map(([, value]) => value),
        number,
        original,
      ),
    ];
  }

  function line(text: string): Entry[] {
    if (RULE.test(text.trimEnd())) {
      const done = finish();
      cells = [];
      return done;
    }
    if (!cells || length + text.length > maxRecordBytes) return [];
    length += text.length;
    const cell = CELL.exec(text);
    const last = cells.at(-1);
    if (cell && cells.length <= MAX_FIELDS)
      cells.push({ name: cell[1] ?? '', before: createTextBuilder(), last: cell[2] ?? '' });
    const more = MORE.exec(text);
    // Anything else is no part of a row: the blank line at the end, `(3 rows)`, a prompt.
    if (!cell && more && last) goOn(last, more[1] ?? '');
    return [];
  }

  return createRowLineReader(maxLineBytes, { line, end: finish });
}

/** A cell whose further lines may come. */
interface OpenCell {
  readonly name: string;
  readonly before: TextBuilder;
  last: string;
}

/** psql puts padding and `+` at the end of each line but the last. */
function goOn(cell: OpenCell, line: string): void {
  const { last } = cell;
  let end = last.endsWith('+') ? last.length - 1 : last.length;
  while (end < last.length && last[end - 1] === ' ') end -= 1;
  cell.before.add(`${last.slice(0, end)}\n`);
  cell.last = line;
}

function cellValue({ before, last }: OpenCell): Cell {
  const value = before.text() + last;
  return value === '' ? null : value;
}
