import { type EventTable, MORE, NO_VALUE, PLACES, SAME_CODE } from '../src/event-table.ts';
import { LONG_MEMBERS, type PackedRules } from '../src/packed-tables.ts';
import type { EventEntry, FieldRule, ProductFile, ProductRule, When } from '../src/types.ts';
import { GENERATED } from './generated-head.ts';
import { freeSigns, packPhrases } from './pack-phrases.ts';
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
  const { short, long } = splitProduct(without(tables.product, PRODUCT_PROSE) as ProductRule);
  const fields = tables.fields.map((rule) => without(rule, FIELD_PROSE) as FieldRule);
  const entries = Object.entries(tables.events);
  const events = Object.fromEntries(entries.map(([name, entry]) => [name, runningEvent(entry)]));
  const codes = new Set(entries.flatMap(([, { code }]) => code ?? []));
  const { values, lines: plain, ...table } = packEvents(events, JSON.stringify([long, fields]));
  const rules = ruleLines({ ...long, fields, values });
  const { signs, phrases, packed } = packPhrases([rules, plain], table.separators);
  const [packedRules = '', lines = ''] = packed;
  const parts = { ...table, signs, phrases: phrases.join('\n'), rules: packedRules, lines };
  return [
    `${GENERATED}import type { RunningTables } from '../../src/define-product.ts';`,
    "import { runningTables, type ShortProduct } from '../../src/packed-tables.ts';",
    `\ntype Names = ${union(Object.keys(events))};\ntype Codes = ${union([...codes])};\n`,
    `const short: ShortProduct = {\n${members(short, JSON.stringify)}};\n`,
    `export const running: RunningTables<Names, Codes> = /* @__PURE__ */ runningTables(short, {\n${members(parts, literal)}});\n`,
  ].join('\n');
}

/** Members that are looked at for every record stay as they are. */
function splitProduct(product: ProductRule): { short: object; long: Omit<PackedRules, 'fields' | 'values'> } {
  const { formats, recognition, severities, outcomes, sentence } = product;
  return { short: without(product, LONG_MEMBERS), long: { formats, recognition, severities, outcomes, sentence } };
}

function members<Value>(of: Readonly<Record<string, Value>>, written: (value: Value) => string): string {
  return Object.entries(of)
    .map(([name, value]) => `  ${name}: ${written(value)},\n`)
    .join('');
}

/** A text as it stands in a source, with its lines one below the other. */
function literal(text: string): string {
  return `\`${text.replace(/[\\`]|\$(?=\{)/g, '\\$&')}\``;
}

/** JSON with a line for each rule, so that phrases end with them. */
function ruleLines({ fields, values, formats, ...others }: PackedRules): string {
  const parts = [...Object.entries(others), ['formats', formats], ['fields', fields], ['values', values]] as const;
  return `{${parts.map(([name, value]) => `${JSON.stringify(name)}:${listLines(value)}`).join(',\n')}}`;
}

function listLines(value: unknown): string {
  return Array.isArray(value) ? `[${value.map((item) => JSON.stringify(item)).join(',\n')}]` : JSON.stringify(value);
}

/** Puts events into lines; the opposite of `unpackEvents`. `beside`: a text that may hold no separator either. */
export function packEvents(events: Readonly<Record<string, object>>, beside = ''): EventTable {
  const entries = Object.entries(events).map(
    ([name, event]) => [name, new Map<string, unknown>(Object.entries(event))] as const,
  );
  const pools = CELLS.filter((column) => entries.some(([, event]) => cellOf(event, column) !== undefined)).map(
    (column) => [column, poolOf(entries.map(([, event]) => cellOf(event, column)))] as const,
  );
  const prefix = commonPrefix(entries.map(([name]) => name));
  const [column = '', list = ''] = freeSigns([JSON.stringify(events), beside, PLACES, MORE, NO_VALUE, SAME_CODE]);
  const lines = entries.map(([name, event]) => {
    const group = `${prefix}${event.get('group')}.`;
    const short = name.slice(name.startsWith(group) ? group.length - 1 : prefix.length);
    const code = event.get('code') === short.toUpperCase() ? SAME_CODE : event.get('code');
    const cells = pools.map(([cell, pool]) => placeText(pool.indexOf(JSON.stringify(cellOf(event, cell))))).join('');
    const { messages = [] } = (event.get('when') ?? {}) as When;
    const line = [short, event.get('title'), code ?? '', cells.replace(/-+$/, ''), messages.join(list)].join(column);
    if (/\n/.test(line)) throw new Error(`${name}: what stands in a line of its own cannot have two`);
    return trimEnd(line, column);
  });
  const values = pools.map(([cell, pool]) => [cell, pool.map((text): unknown => JSON.parse(text))] as const);
  return { prefix, separators: column + list, values, lines: lines.join('\n') };
}

/** Without signs that nothing follows. */
function trimEnd(line: string, sign: string): string {
  let end = line.length;
  while (sign !== '' && line.charAt(end - 1) === sign) end -= 1;
  return line.slice(0, end);
}

/** Columns with few values: all but the name, title, code and messages of an event. */
const CELLS = [...EVENT_RUNNING.filter((column) => column !== 'title' && column !== 'code'), 'attack'];

/** Of `when` all but the messages. */
function cellOf(event: ReadonlyMap<string, unknown>, column: string): unknown {
  const value = event.get(column);
  if (column !== 'when' || value === undefined) return value;
  const { messages: _, ...rest } = value as When;
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/** The values of a column as JSON, the most frequent ones first, because they have the shortest places. */
function poolOf(cells: readonly unknown[]): string[] {
  const counts = new Map<string, number>();
  for (const cell of cells) {
    if (cell === undefined) continue;
    const text = JSON.stringify(cell);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one).map(([text]) => text);
}

function placeText(place: number): string {
  if (place < 0) return NO_VALUE;
  return MORE.repeat(Math.floor(place / PLACES.length)) + PLACES.charAt(place % PLACES.length);
}

/** With what all names begin, up to a dot. */
function commonPrefix([first = '', ...others]: readonly string[]): string {
  let prefix = first.slice(0, first.lastIndexOf('.') + 1);
  while (!others.every((name) => name.startsWith(prefix)))
    prefix = prefix.slice(0, prefix.slice(0, -1).lastIndexOf('.') + 1);
  return prefix;
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
