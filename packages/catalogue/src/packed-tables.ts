import type { RunningTables } from './define-product.ts';
import { type EventTable, type RunningEvent, unpackEvents } from './event-table.ts';
import { createExpander, type PhraseBook } from './phrases.ts';
import type { EventRule, FieldRule, ProductRule } from './types.ts';

/** Members of a product that are long and asked for once. */
export const LONG_MEMBERS = [
  'formats',
  'recognition',
  'severities',
  'outcomes',
  'sentence',
] as const satisfies (keyof ProductRule)[];

/** The other members of a product, which are looked at for every record. */
export type ShortProduct = Omit<ProductRule, (typeof LONG_MEMBERS)[number]>;

/** What {@link PackedTables.rules} holds as JSON. */
export interface PackedRules extends Pick<ProductRule, (typeof LONG_MEMBERS)[number]> {
  readonly fields: readonly FieldRule[];
  readonly values: EventTable['values'];
}

/** Running tables as a generated module holds them. */
export interface PackedTables extends Omit<PhraseBook, 'phrases'>, Omit<EventTable, 'values'> {
  /** A line for each. */
  readonly phrases: string;
  /** {@link PackedRules}, with phrases replaced. */
  readonly rules: string;
}

/** The tables of a product, read when they are asked for, and kept. */
export interface UnpackedTables<Name extends string, Event extends RunningEvent> {
  readonly rules: PackedRules;
  readonly events: Readonly<Record<Name, Event>>;
}

/** Makes what {@link PackedTables} hold readable again. Nothing is read before it is asked for. */
export function unpackTables<Name extends string, Event extends RunningEvent>(
  packed: PackedTables,
): UnpackedTables<Name, Event> {
  const expand = once(() => createExpander({ signs: packed.signs, phrases: packed.phrases.split('\n') }));
  // The generator wrote it from tables of this type.
  const rules = once(() => JSON.parse(expand()(packed.rules)) as PackedRules);
  const events = once(() =>
    unpackEvents<Name, Event>({ ...packed, values: rules().values, lines: expand()(packed.lines) }),
  );
  return {
    get rules() {
      return rules();
    },
    get events() {
      return events();
    },
  };
}

/** The running tables of a product: short members as they are, all else read when it is asked for. */
export function runningTables<Name extends string, Code extends string>(
  short: ShortProduct,
  packed: PackedTables,
): RunningTables<Name, Code> {
  const tables = unpackTables<Name, EventRule & { readonly title: string; readonly code?: Code }>(packed);
  const product = { ...short };
  for (const name of LONG_MEMBERS)
    Object.defineProperty(product, name, { enumerable: true, get: () => tables.rules[name] });
  return {
    // With the members that were just defined.
    product: product as ProductRule,
    get fields() {
      return tables.rules.fields;
    },
    get events() {
      return tables.events;
    },
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
