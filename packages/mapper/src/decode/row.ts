import type { RowFormat } from '@cryptrail/catalogue';
import type { Issue } from '../issue.ts';
import type { FieldValue } from '../records.ts';
import { type JavaValue, javaJson, javaText } from '../xml/java-value.ts';
import { readJavaXml } from '../xml/java-xml.ts';
import type { Decoded } from './decoded.ts';
import { decodeText } from './encoded-text.ts';

/** A row as fields under the names of the rule, details apart; undefined when a required column is missing. Columns that the rule does not know stay as they are. */
export function decodeRow(row: ReadonlyMap<string, FieldValue>, rule: RowFormat): Decoded | undefined {
  const known = new Map(rule.columns.map((column) => [folded(column), column]));
  const fields = new Map<string, FieldValue>();
  for (const [name, value] of namedRow(row, rule)) fields.set(known.get(folded(name)) ?? name, value);
  if (!rule.requires.every((column) => fields.has(column))) return undefined;
  const issues: Issue[] = [];
  const details = rule.details ? takeDetails(fields, rule.details, issues) : new Map<string, FieldValue>();
  return { fields, details, issues };
}

/** Gives the cells of a row without column names those of the rule; a separator inside the details, which exporters do not escape, is put back. */
function namedRow(row: ReadonlyMap<string, FieldValue>, rule: RowFormat): Iterable<readonly [string, FieldValue]> {
  const { columns = [], absent } = rule.positional ?? {};
  if (!row.has('column_1') || row.size < columns.length) return row;
  const cells = [...row.values()];
  const wide = Math.max(0, columns.indexOf(rule.details?.column ?? ''));
  const extra = cells.length - columns.length;
  const middle = cells
    .slice(wide, wide + extra + 1)
    .map(({ text }) => text)
    .join('\t');
  const merged =
    extra === 0
      ? cells
      : [...cells.slice(0, wide), { kind: 'text' as const, text: middle }, ...cells.slice(wide + extra + 1)];
  return columns.map((name, index) => {
    const cell = merged[index];
    return [name, cell && !absent?.includes(cell.text) ? cell : { kind: 'null', text: '' }];
  });
}

/** PostgreSQL folds names to lower case, spreadsheets put blanks or underscores in. */
function folded(name: string): string {
  return name.toLowerCase().replace(/[_ ]/g, '');
}

/** Details out of their column. A text that cannot be read leaves the record without them, and an issue. */
function takeDetails(
  fields: Map<string, FieldValue>,
  { column, encodedPrefix }: NonNullable<RowFormat['details']>,
  issues: Issue[],
): Map<string, FieldValue> {
  const value = fields.get(column);
  fields.delete(column);
  if (!value || value.kind === 'null' || value.text === '') return new Map();
  const read = readJavaXml(value.text);
  const [root, ...more] = 'values' in read ? read.values : [];
  if (root?.kind === 'map' && more.length === 0)
    return new Map(root.entries.map(([key, item]) => [key, detailValue(item, encodedPrefix)]));
  const problem = 'problem' in read ? read.problem : 'not one map';
  issues.push({ code: 'unreadable_details', message: `the details are not readable: ${problem}` });
  return new Map();
}

function detailValue(value: JavaValue, encodedPrefix: string | undefined): FieldValue {
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
