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
  return [
    `${GENERATED}import type { RunningTables } from '../../src/define-product.ts';`,
    `export const running: RunningTables<${union(Object.keys(events))}, ${union([...codes])}> = ${JSON.stringify({ product, fields, events }, undefined, 1)};\n`,
  ].join('\n\n');
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
