import { codesOf } from './codes-of.ts';
import type { EventRule, FieldRule, Product, ProductRule } from './types.ts';

/** The generated running tables of a product: `running.generated.ts`. */
export interface RunningTables<Name extends string = string, Code extends string = string> {
  readonly product: ProductRule;
  readonly fields: readonly FieldRule[];
  readonly events: Readonly<Record<Name, EventRule & { readonly title: string; readonly code?: Code }>>;
}

/**
 * Joins the running tables of a product folder into a typed {@link Product}: event names and codes stay literals, look-ups are Maps,
 * because codes come from outside.
 *
 * @example
 * ```ts
 * import { running } from './running.generated.ts';
 * export const acra = defineProduct(running);
 * ```
 */
export function defineProduct<Name extends string, Code extends string>(
  tables: RunningTables<Name, Code>,
): Product<Name, Code> {
  const events = new Map<Name, EventRule>();
  const titles = new Map<Name, string>();
  for (const name of Object.keys(tables.events) as Name[]) {
    const { title, ...event }: EventRule & { title: string } = tables.events[name];
    events.set(name, event);
    titles.set(name, title);
  }
  return { ...tables.product, fields: tables.fields, events, titles, codes: codesOf(events) };
}
