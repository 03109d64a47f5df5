import type { EventRule, FieldRule, Product, ProductRule } from './types.ts';

/** The generated running tables of a product: `running.generated.ts`. */
export interface RunningTables {
  readonly product: ProductRule;
  readonly fields: readonly FieldRule[];
  readonly events: Readonly<Record<string, EventRule & { readonly title: string }>>;
}

/** The event names of running tables, as literals. */
export type EventNameOf<Tables extends RunningTables> = keyof Tables['events'] & string;

/** The codes of running tables, as literals. */
export type CodeOf<Tables extends RunningTables> = Tables['events'][keyof Tables['events']] extends infer Event
  ? Event extends { readonly code?: infer Code }
    ? Extract<Code, string>
    : never
  : never;

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
export function defineProduct<const Tables extends RunningTables>(
  tables: Tables,
): Product<EventNameOf<Tables>, CodeOf<Tables>> {
  type Name = EventNameOf<Tables>;
  type Code = CodeOf<Tables>;
  const events = new Map<Name, EventRule>();
  const titles = new Map<Name, string>();
  const codes = new Map<Code, Name[]>();
  for (const [key, { title, ...event }] of Object.entries(tables.events)) {
    const name = key as Name;
    events.set(name, event);
    titles.set(name, title);
    if (event.code === undefined) continue;
    const names = codes.get(event.code as Code) ?? [];
    if (event.default) names.unshift(name);
    else names.push(name);
    codes.set(event.code as Code, names);
  }
  return { ...tables.product, fields: tables.fields, events, titles, codes };
}
