import type { FormatRule, Product, RowFormat } from '@cryptrail/catalogue';
import { FORMAT_ATTRIBUTE, STATUS_ATTRIBUTE } from './decode/decoder.ts';
import { headStatements } from './map/common.ts';
import type { Block } from './ottl/block.ts';
import { all, attribute, field, literal, quote, replace, set, statement, WORK } from './ottl/expression.ts';
import { logVariable } from './receivers.ts';
import type { CollectorNames } from './versions.ts';
import type { Yaml } from './yaml.ts';

/** A format of rows whose table is known. */
export type TableFormat = RowFormat & { readonly table: NonNullable<RowFormat['table']> };

/** The release on which the rows were read: the last whose receiver could be built. */
export const SQL_VERSION = '0.152';

/** The rows of a product that a Collector can ask a database for. */
export function tableFormat({ formats }: Product): TableFormat | undefined {
  return formats.find((format: FormatRule): format is TableFormat => 'table' in format && format.table !== undefined);
}

/** The environment variables of a product's database: address, and the node whose rows are read. */
export function sqlVariables(product: Product): { readonly source: string; readonly node: string } {
  const name = (ending: string) => logVariable(product).replace(/_LOG$/, ending);
  return { source: name('_SQL'), node: name('_NODE') };
}

/** What is lost or repeated when a Collector reads the table, and the safer way, in sentences. */
export function sqlLimits({ table }: TableFormat): string[] {
  return [
    `Rows of ${table.name} can be LOST: a row that is committed after one with a higher ${table.sequence} is never read, and the cursor is saved before a batch is safe in the queue.`,
    'Rows can be REPEATED: the cursor is kept under the text of the query, so any change of it, of LIMIT too, sends the whole table again.',
    `One ${table.node} for each receiver: rows of another node are not read. For more nodes load this file once for each, with names and variables of its own.`,
    'A new beginning of the numbers (restore, new installation) is not seen: nothing is read until they are as high as before. Gaps and row protection are not verified.',
    'One page for each interval: catching up is limited by that, not by the database.',
    'Dates within details stay milliseconds; details with objects in them are left out, and the record is `partial`.',
    'Safer: `cryptrail run` with an `sql` source, which waits for the answer of the backend, looks again for numbers that were passed over, finds new nodes and new beginnings, and tells gaps; let it send to this Collector (source sql, endpoint http://localhost:4318).',
  ];
}

/** Rows of each look at the table. */
const PAGE = 1_000;

/** The receiver of one node's rows, in the syntax of PostgreSQL. */
export function sqlReceiver(product: Product, format: TableFormat, names: CollectorNames): Record<string, Yaml> {
  const { columns, table } = format;
  const { source, node } = sqlVariables(product);
  const plain = new Set([table.sequence, ...format.time.map((rule) => rule.field)]);
  const selected = columns.map(
    (name) => `${plain.has(name) ? quoted(name) : `coalesce(cast(${quoted(name)} as text), '')`} as "${name}"`,
  );
  return {
    [`${names.sqlQuery}/${product.id}`]: {
      driver: 'postgres',
      datasource: `\${env:${source}}`,
      collection_interval: '10s',
      storage: `${names.fileStorage}/cryptrail`,
      queries: [
        {
          '# 1': 'MariaDB and MySQL: driver mysql, ? in place of $1, and char in place of text.',
          sql: [
            `select ${selected.join(', ')}`,
            `from ${table.name}`,
            `where ${quoted(table.node)} = '\${env:${node}}' and ${quoted(table.sequence)} > $1`,
            `order by ${quoted(table.sequence)} limit ${PAGE}`,
          ].join(' '),
          tracking_column: table.sequence,
          tracking_start_value: '-1',
          logs: [{ body_column: columns[0] ?? '', attribute_columns: [...columns] }],
        },
      ],
    },
  };
}

/** Names fold to lower case in PostgreSQL unless they are quoted; `timestamp` is a word of the language. */
function quoted(name: string): string {
  return /^timestamp$/i.test(name) ? `"${name.toLowerCase()}"` : name;
}

/** Statements that make the fields of a record out of the columns that a row came with. */
export function rowBlock(product: Product, format: TableFormat): Block {
  const { id, columns, details } = format;
  const fields = attribute(WORK.fields);
  const needed = attribute(format.requires[0] ?? columns[0] ?? '');
  return {
    comment: `${id}: the columns of a row`,
    conditions: [`${needed} != nil`],
    statements: [
      // What the other steps look for secrets in, until the body is made.
      set('log.body', `Concat([${columns.map(attribute).join(', ')}], "\\n")`),
      set(fields, '{}'),
      ...columns.flatMap((name) => [
        set(field(name), attribute(name), all(`${attribute(name)} != nil`, `${attribute(name)} != ""`)),
        statement(`delete_key(log.attributes, ${quote(name)})`),
      ]),
      set(attribute(FORMAT_ATTRIBUTE), quote(id)),
      ...(details ? detailStatements(details.column, details.encodedPrefix) : []),
      ...headStatements(product, format),
    ],
  };
}

const xml = 'log.cache["x"]';
/** What a group of an expression found, in a replacement. */
const group = (number: number) => `$\{${number}}`;

/**
 * `<void method="put"><string>key</string><string>value</string></void>…`, the text of java.beans.XMLEncoder, becomes JSON by replacing tags, and JSON
 * becomes details. Entries of another shape make it no JSON: then the record is partial and has no details.
 */
function detailStatements(column: string, encodedPrefix: string | undefined): string[] {
  const details = attribute(WORK.details);
  const raw = field(column);
  const isThere = `${xml} != nil`;
  const change = (pattern: string, by: string) => replace(xml, pattern, by, isThere);
  return [
    set(xml, raw, `IsString(${raw})`),
    statement(`delete_key(${attribute(WORK.fields)}, ${quote(column)})`),
    change('>\\s+<', '><'),
    change('\\\\', '\\\\'),
    change('"', '\\"'),
    change('\\n', '\\n'),
    change('\\r', '\\r'),
    change('\\t', '\\t'),
    change('<object class=\\\\"java\\.util\\.Date\\\\"><long>([^<]*)</long></object>', `<long>${group(1)}</long>`),
    change('<void method=\\\\"put\\\\"><string>[^<]*</string><null/></void>', ''),
    change(
      '<void method=\\\\"put\\\\"><string>([^<]*)</string><(?:string|int|long|boolean|double|float|short)>([^<]*)</[a-z]+></void>',
      `"${group(1)}":"${group(2)}",`,
    ),
    change('(?s)^.*?<object[^>]*/>.*$', '{}'),
    change('(?s)^.*?<object[^>]*>', '{'),
    change('(?s),?</object>.*$', '}'),
    ...Object.entries({ '&lt;': '<', '&gt;': '>', '&apos;': "'", '&quot;': '\\"', '&#13;': '\\r', '&amp;': '&' }).map(
      ([entity, sign]) => change(entity, sign),
    ),
    set(details, `ParseJSON(${xml})`, all(isThere, `HasPrefix(${xml}, "{")`)),
    set(attribute(STATUS_ATTRIBUTE), '"partial"', all(isThere, `${details} == nil`)),
    ...(encodedPrefix === undefined
      ? []
      : [
          statement(
            `replace_all_patterns(${details}, "value", ${quote(`^(?i:${literal(encodedPrefix)})([A-Za-z0-9+/]+={0,2})$`)}, "\${1}", Base64Decode)`,
            `${details} != nil`,
          ),
        ]),
  ];
}
