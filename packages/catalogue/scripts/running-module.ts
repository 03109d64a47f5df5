import type { EventTable } from '../src/event-table.ts';
import type { EventEntry, FieldRule, ProductFile, ProductRule } from '../src/types.ts';
import { GENERATED } from './generated-head.ts';
import type { ProductTables } from './tables.ts';

/** What people read but the engine does not need. */
const PRODUCT_PROSE = ['title', 'vendor', 'homepage', 'documentation', 'revision'] satisfies (keyof ProductFile)[];
const FIELD_PROSE = ['description', 'requirement', 'deprecated'] satisfies (keyof FieldRule)[];
const EVENT_RUNNING = [
  'title',
  'code',
  'default',
  'when',
  'group',
  'category',
  'priority',
  'stream',
  'floor',
  'failureFloor',
  'outcome',
  'important',
  'meanings',
  'fixed',
  'tags',
] satisfies (keyof EventEntry)[];

/** `running.generated.ts` of a product: its tables without prose. Names and codes stand in its type, so that they stay literals. */
export function runningModule(tables: ProductTables): string {
  const product = without(tables.product, PRODUCT_PROSE) as ProductRule;
  const fields = tables.fields.map((rule) => without(rule, FIELD_PROSE));
  const entries = Object.entries(tables.events);
  const events = Object.fromEntries(entries.map(([name, entry]) => [name, runningEvent(entry)]));
  const codes = new Set(entries.flatMap(([, { code }]) => code ?? []));
  const type = `RunningTables<${union(Object.keys(events))}, ${union([...codes])}>`;
  return [
    `${GENERATED}import type { RunningTables } from '../../src/define-product.ts';`,
    "import { unpackEvents } from '../../src/event-table.ts';",
    `\ntype Tables = ${type};\n`,
    `export const running: Tables = {\n  product: ${JSON.stringify(product)},\n  fields: ${inLines(fields)},\n  get events(): Tables['events'] {\n    return unpackEvents(${tableText(packEvents(events))});\n  },\n};\n`,
  ].join('\n');
}

/** What stands in rows as it is: it differs from event to event. */
const OWN_COLUMNS = new Set(['title', 'code', 'when']);

/** Puts events into columns; the opposite of `unpackEvents`. */
export function packEvents(events: Readonly<Record<string, object>>): EventTable {
  const entries = Object.entries(events).map(
    ([name, event]) => [name, new Map<string, unknown>(Object.entries(event))] as const,
  );
  const columns = [...EVENT_RUNNING, 'attack'].filter((column) => entries.some(([, event]) => event.has(column)));
  const pools = new Map(
    columns.filter((column) => !OWN_COLUMNS.has(column)).map((column) => [column, new Map<string, number>()]),
  );
  const prefix = commonPrefix(entries.map(([name]) => name));
  const rows = entries.map(([name, event]): [string, ...unknown[]] => {
    const cells = columns.map((column) => {
      const value = event.get(column);
      const pool = pools.get(column);
      return value === undefined ? 0 : pool ? placeIn(pool, JSON.stringify(value)) : value;
    });
    const group = `${prefix}${event.get('group')}.`;
    const last = cells.findLastIndex((cell) => cell !== 0);
    return [name.slice(name.startsWith(group) ? group.length - 1 : prefix.length), ...cells.slice(0, last + 1)];
  });
  const values = Object.fromEntries(
    [...pools].map(([column, pool]) => [column, [...pool.keys()].map((text): unknown => JSON.parse(text))]),
  );
  return { prefix, columns, values, rows };
}

function placeIn(pool: Map<string, number>, text: string): number {
  const place = pool.get(text) ?? pool.size + 1;
  pool.set(text, place);
  return place;
}

/** With what all names begin, up to a dot. */
function commonPrefix([first = '', ...others]: readonly string[]): string {
  let prefix = first.slice(0, first.lastIndexOf('.') + 1);
  while (!others.every((name) => name.startsWith(prefix)))
    prefix = prefix.slice(0, prefix.slice(0, -1).lastIndexOf('.') + 1);
  return prefix;
}

/** A line for each value and each row, so that a change shows in a review. */
function tableText({ prefix, columns, values, rows }: EventTable): string {
  const pools = Object.entries(values).map(
    ([column, pool]) => `      ${JSON.stringify(column)}: ${JSON.stringify(pool)},\n`,
  );
  return `{\n    prefix: ${JSON.stringify(prefix)},\n    columns: ${JSON.stringify(columns)},\n    values: {\n${pools.join('')}    },\n    rows: ${inLines(rows)},\n  }`;
}

function inLines(values: readonly unknown[]): string {
  return `[\n${values.map((value) => `    ${JSON.stringify(value)},\n`).join('')}  ]`;
}

function union(words: readonly string[]): string {
  return words.length === 0 ? 'never' : words.map((word) => `\n  | ${JSON.stringify(word)}`).join('');
}

function runningEvent(entry: EventEntry): object {
  const kept = EVENT_RUNNING.filter((key) => entry[key] !== undefined).map((key) => [key, entry[key]]);
  const attack = entry.maps?.attack?.map((technique) => technique.id);
  return Object.fromEntries(attack?.length ? [...kept, ['attack', attack]] : kept);
}

function without<T extends object>(value: T, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}
