import { MAX_FIELDS, TOO_MANY_FIELDS } from '../decode/decoded.ts';
import type { Issue } from '../issue.ts';
import type { FieldValue } from '../records.ts';
import type { Entry } from './form.ts';

/** A cell: text, or null for the database's NULL. */
export type Cell = string | null;

/** The row as an entry; without any columns its cells are `column_1`, `column_2`, …. Cells without a column (and columns without a cell) are said in an issue, and kept under their number. */
export function rowEntry(columns: readonly string[], cells: readonly Cell[], number: number, original: string): Entry {
  const fields = new Map<string, FieldValue>();
  for (const [index, cell] of cells.slice(0, MAX_FIELDS).entries())
    fields.set(columns[index] ?? `column_${index + 1}`, cellValue(cell));
  const issues: Issue[] =
    columns.length === cells.length || columns.length === 0
      ? []
      : [{ code: 'unknown_field_order', message: `the row has ${cells.length} values for ${columns.length} columns` }];
  if (cells.length > MAX_FIELDS) issues.push(TOO_MANY_FIELDS);
  return { kind: 'row', row: { fields, original, position: { number }, issues } };
}

/** The row as a JSON object, which is a form that rows are read from again. */
export function rowText(columns: readonly string[], cells: readonly Cell[]): string {
  return JSON.stringify(
    Object.fromEntries(cells.map((cell, index) => [columns[index] ?? `column_${index + 1}`, cell])),
  );
}

function cellValue(cell: Cell): FieldValue {
  return cell === null ? { kind: 'null', text: '' } : { kind: 'text', text: cell };
}

/** The input ends before the row does. */
export const CUT_ROW: Issue = { code: 'truncated_upstream', message: 'the input ends inside a row' };

/** The row is longer than a record may be. */
export const TOO_LONG_ROW: Issue = { code: 'record_too_long', message: 'a row over the record limit' };

/** What is left when a row grows over the limit or ends in the middle: its number, so that it is counted, and why. */
export function brokenRow(number: number, byteLength: number, issue: Issue): Entry {
  return {
    kind: 'row',
    row: {
      fields: new Map(),
      original: `(${byteLength} characters)`,
      position: { number },
      issues: [issue],
      broken: true,
    },
  };
}
