import { MAX_FIELDS } from '../decode/decoded.ts';
import type { Limits } from '../limits.ts';
import { createTextBuilder, type TextBuilder } from '../text-builder.ts';
import type { Entry, Form, FormReader } from './form.ts';
import { brokenRow, type Cell, rowEntry, TOO_LONG_ROW } from './row.ts';
import { createRowLineReader } from './row-line-reader.ts';

/** `*************************** 1. row ***************************` */
const RULE = /^\*{27} (\d{1,12})\. row \*{27}\s*$/;
/** `additionalDetails: <?xml …`, blanks before it up to the width of the longest name. */
const CELL = /^( {0,64}[A-Za-z_][A-Za-z0-9_]{0,63}):(?: |$)/;
/** `2 rows in set (0.01 sec)`, which the client says behind the last row. */
const FOOTER = /^\d{1,12} rows? in set\b/;

/**
 * `\G` of the clients of MariaDB and MySQL: a rule a row, a line a column, names flush right; further lines of a value stand as they are. Nothing is
 * escaped, so that a line of a value may look like a column: of the first row a name counts once, and the rows behind it have its names, in its order.
 */
export const mysqlVertical: Form = {
  id: 'mysql-vertical',
  sniff: (head) => RULE.test(head.slice(0, head.indexOf('\n') === -1 ? undefined : head.indexOf('\n'))),
  open: createReader,
};

function createReader({ maxLineBytes, maxRecordBytes }: Limits): FormReader {
  /** Names of the first row, which all have. */
  let columns: readonly string[] = [];
  let row: OpenRow | undefined;
  let number = 0;

  function finish(): Entry[] {
    const done = row;
    row = undefined;
    if (!done || (done.cells.length === 0 && done.length <= maxRecordBytes)) return [];
    number += 1;
    if (done.length > maxRecordBytes) return [brokenRow(number, done.length, TOO_LONG_ROW)];
    const names = done.cells.map(({ name }) => name);
    const values = done.cells.map(({ value }, index) =>
      cellOf(index === names.length - 1 ? withoutFooter(value.text()) : value.text()),
    );
    if (columns.length === 0) columns = names;
    const original = names.map((name, index) => `${name}: ${values[index] ?? 'NULL'}`).join('\n');
    return [rowEntry(names, values, number, original)];
  }

  function line(text: string): Entry[] {
    const [, ordinal] = RULE.exec(text) ?? [];
    if (ordinal !== undefined && (ordinal === '1' || Number(ordinal) === (row?.ordinal ?? 0) + 1)) {
      const done = finish();
      // The rows of another statement.
      if (ordinal === '1') columns = [];
      row = { ordinal: Number(ordinal), cells: [], length: 0, width: 0 };
      return done;
    }
    if (row) goOn(row, text, columns, maxRecordBytes);
    return [];
  }

  return createRowLineReader(maxLineBytes, { line, end: finish });
}

/** A row whose further lines may come. */
interface OpenRow {
  /** Its number, as the client counts. */
  readonly ordinal: number;
  readonly cells: { readonly name: string; readonly value: TextBuilder }[];
  /** Of its text. */
  length: number;
  /** Where the colon stands in every line that begins a column. */
  width: number;
}

function goOn(row: OpenRow, text: string, columns: readonly string[], maxRecordBytes: number): void {
  row.length += text.length + 1;
  if (row.length > maxRecordBytes) return;
  const name = columnOf(text, row, columns);
  if (name === undefined) {
    row.cells.at(-1)?.value.add(`\n${text}`);
    return;
  }
  const value = createTextBuilder();
  value.add(text.slice(row.width + 2));
  row.cells.push({ name, value });
}

/** The column that a line begins; undefined for a further line of a value. */
function columnOf(text: string, row: OpenRow, columns: readonly string[]): string | undefined {
  const [, head] = CELL.exec(text) ?? [];
  if (head === undefined || row.cells.length > MAX_FIELDS) return undefined;
  if (row.cells.length === 0) row.width = head.length;
  const name = head.trimStart();
  if (head.length !== row.width) return undefined;
  if (columns.length > 0) return name === columns[row.cells.length] ? name : undefined;
  return row.cells.some((cell) => cell.name === name) ? undefined : name;
}

function withoutFooter(value: string): string {
  const lines = value.split('\n');
  const last = lines.findLastIndex((one, index) => index === 0 || one.trim() !== '');
  return FOOTER.test(lines[last] ?? '') && last > 0 ? lines.slice(0, last).join('\n') : value;
}

function cellOf(value: string): Cell {
  return value === 'NULL' ? null : value;
}
