import { createFramer } from '../decode/frame.ts';
import type { Limits } from '../limits.ts';
import type { Entry, Form, FormReader } from './form.ts';
import { type Cell, rowEntry } from './row.ts';

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
  const framer = createFramer(maxLineBytes);
  let cells: [name: string, value: Cell][] | undefined;
  let length = 0;
  let number = 0;

  function finish(): Entry[] {
    const row = cells;
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
    if (cell) cells.push([cell[1] ?? '', cell[2] === undefined || cell[2] === '' ? null : cell[2]]);
    const more = MORE.exec(text);
    // Anything else is no part of a row: the blank line at the end, `(3 rows)`, a prompt.
    if (!cell && more && last) last[1] = joined(last[1] ?? '', more[1] ?? '');
    return [];
  }

  return {
    get next() {
      return { number: number + 1 };
    },
    push: (chunk) => framer.push(chunk).flatMap(({ text }) => line(text)),
    end: () => [...framer.end().flatMap(({ text }) => line(text)), ...finish()],
  };
}

/** Takes psql's padding and `+` off the line before. */
function joined(before: string, next: string): string {
  let end = before.length;
  if (before.endsWith('+')) {
    end -= 1;
    while (before[end - 1] === ' ') end -= 1;
  }
  return `${before.slice(0, end)}\n${next}`;
}
