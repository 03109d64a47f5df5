import type { RowFormat } from '@cryptrail/catalogue';
import { flat } from '../flat.ts';
import type { Issue } from '../issue.ts';
import type { FieldValue } from '../records.ts';
import { type JavaValue, javaJson, javaText } from '../xml/java-value.ts';
import { readJavaXml } from '../xml/java-xml.ts';
import { type Decoded, MAX_FIELDS, TOO_MANY_FIELDS } from './decoded.ts';
import { decodeText } from './encoded-text.ts';
import { hasShape } from './text-shape.ts';

/** A row as fields under the names of the rule, details apart; undefined when a required column is missing. Columns that the rule does not know stay as they are. */
export function decodeRow(row: ReadonlyMap<string, FieldValue>, rule: RowFormat): Decoded | undefined {
  const known = knownColumns(rule);
  const fields = new Map<string, FieldValue>();
  for (const [name, value] of namedRow(row, rule)) fields.set(known(name), value);
  if (!rule.requires.every((column) => fields.has(column))) return undefined;
  const issues: Issue[] = [];
  const details = rule.details ? takeDetails(fields, rule.details, issues) : new Map<string, FieldValue>();
  return { fields, details, issues };
}

/** The names under which a rule knows these columns. */
export function columnNames(columns: readonly string[], rule: RowFormat): string[] {
  return columns.map(knownColumns(rule));
}

const namers = new WeakMap<RowFormat, (name: string) => string>();
/** Names that are remembered for each rule, and the longest of them. */
const MAX_NAMES = 256;
const MAX_NAME_LENGTH = 64;

/** Tables have the same columns in all rows, so what a name stands for is asked once. */
function knownColumns(rule: RowFormat): (name: string) => string {
  const known = namers.get(rule);
  if (known) return known;
  const columns = new Map(rule.columns.map((column) => [folded(column), column]));
  const names = new Map<string, string>();
  const made = (name: string): string => {
    const before = names.get(name);
    if (before !== undefined) return before;
    const found = columns.get(folded(name)) ?? name;
    if (names.size < MAX_NAMES && name.length <= MAX_NAME_LENGTH) names.set(flat(name), flat(found));
    return found;
  };
  namers.set(rule, made);
  return made;
}

/** Gives the cells of a row without column names those of the rule. */
function namedRow(
  row: ReadonlyMap<string, FieldValue>,
  { positional }: RowFormat,
): Iterable<readonly [string, FieldValue]> {
  if (!positional || !row.has('column_1') || row.size < positional.columns.length) return row;
  const cells = placeCells(
    [...row.values()].map(({ text }) => text),
    positional,
  );
  return positional.columns.map((name, index) => {
    const text = cells[index] ?? '';
    return [name, positional.absent?.includes(text) ? { kind: 'null', text: '' } : { kind: 'text', text }];
  });
}

type Positional = NonNullable<RowFormat['positional']>;

/** Most separators inside values for which the right columns are looked for. */
const MAX_EXTRA = 8;

/** One text a column. Exporters do not escape the separator, so the cells too many are tried in the open columns until the columns with a shape have it. */
function placeCells(cells: readonly string[], { columns, open = [], shapes = {} }: Positional): string[] {
  const extra = cells.length - columns.length;
  const fits = (placed: readonly string[]) =>
    Object.entries(shapes).every(([name, shape]) => hasShape(placed[columns.indexOf(name)] ?? '', shape));
  if (extra > 0 && extra <= MAX_EXTRA) {
    for (const counts of distributions(extra, open.length)) {
      const placed = merge(cells, columns, new Map(open.map((name, index) => [name, counts[index] ?? 0])));
      if (fits(placed)) return placed;
    }
  }
  return merge(cells, columns, new Map([[open.at(-1) ?? '', extra]]));
}

/** All ways to put `total` into `places`, most in the first places first. */
function* distributions(total: number, places: number): Generator<number[]> {
  if (places <= 1) {
    if (places === 1) yield [total];
    return;
  }
  for (let first = total; first >= 0; first -= 1) {
    for (const rest of distributions(total - first, places - 1)) yield [first, ...rest];
  }
}

function merge(cells: readonly string[], columns: readonly string[], extra: ReadonlyMap<string, number>): string[] {
  let at = 0;
  return columns.map((name) => {
    const width = 1 + (extra.get(name) ?? 0);
    at += width;
    return cells.slice(at - width, at).join('\t');
  });
}

/** PostgreSQL folds names to lower case, spreadsheets put blanks or underscores in. */
function folded(name: string): string {
  return name.toLowerCase().replace(/[_ ]/g, '');
}

/** Details out of their column, whose raw text stays: evidence is computed over it. A text that cannot be read leaves the record without them, and an issue. */
function takeDetails(
  fields: ReadonlyMap<string, FieldValue>,
  { column, encodedPrefix }: NonNullable<RowFormat['details']>,
  issues: Issue[],
): Map<string, FieldValue> {
  const value = fields.get(column);
  if (!value || value.kind === 'null' || value.text === '') return new Map();
  const read = readJavaXml(value.text);
  const [root, ...more] = 'values' in read ? read.values : [];
  if (root?.kind === 'map' && more.length === 0) {
    if (root.entries.length > MAX_FIELDS) issues.push(TOO_MANY_FIELDS);
    return new Map(root.entries.slice(0, MAX_FIELDS).map(([key, item]) => [key, detailValue(item, encodedPrefix)]));
  }
  const problem = 'problem' in read ? read.problem : 'not one map';
  issues.push({ code: 'unreadable_details', message: `the details are not readable: ${problem}` });
  return new Map();
}

/** A value of the details as a value of a record. */
export function detailValue(value: JavaValue, encodedPrefix: string | undefined): FieldValue {
  switch (value.kind) {
    case 'null':
      return { kind: 'null', text: '' };
    case 'map':
      return { kind: 'object', text: javaJson(value) };
    case 'list':
      return { kind: 'array', text: javaJson(value) };
    case 'int':
    case 'long':
    case 'short':
    case 'byte':
      return { kind: 'int', text: value.text };
    case 'float':
    case 'double':
      return { kind: 'double', text: value.text };
    case 'boolean':
      return { kind: 'boolean', text: value.text };
    default:
      return {
        kind: 'string',
        text: encodedPrefix === undefined ? javaText(value) : decodeText(javaText(value), encodedPrefix),
      };
  }
}
