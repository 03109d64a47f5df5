import { codesOf } from './codes-of.ts';
import type { EventRule, FieldRule, Product, ProductRule } from './types.ts';

/** The generated running tables of a product: `running.generated.ts`. */
export interface RunningTables<Name extends string = string, Code extends string = string> {
  readonly product: ProductRule;
  readonly fields: readonly FieldRule[];
  /** Asked for once, and not before it is needed. */
  readonly events: Readonly<Record<Name, EventRule & { readonly title: string; readonly code?: Code }>>;
}

/**
 * Joins the running tables of a product folder into a typed {@link Product}: event names and codes stay literals, look-ups are Maps,
 * because codes come from outside. They are made when they are first asked for.
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
  let made: LookUps<Name, Code> | undefined;
  const lookUps = () => {
    made ??= lookUpsOf(tables);
    return made;
  };
  // A program that knows several products seldom meets all of them.
  const own = {
    get fields() {
      return tables.fields;
    },
    get events() {
      return lookUps().events;
    },
    get titles() {
      return lookUps().titles;
    },
    get codes() {
      return lookUps().codes;
    },
  };
  // What a member costs to make is paid when it is asked for.
  const members = { ...Object.getOwnPropertyDescriptors(tables.product), ...Object.getOwnPropertyDescriptors(own) };
  return Object.defineProperties({}, members) as Product<Name, Code>;
}

type LookUps<Name extends string, Code extends string> = Pick<Product<Name, Code>, 'events' | 'titles' | 'codes'>;

function lookUpsOf<Name extends string, Code extends string>(tables: RunningTables<Name, Code>): LookUps<Name, Code> {
  const all = tables.events;
  const events = new Map<Name, EventRule>();
  const titles = new Map<Name, string>();
  for (const name of Object.keys(all) as Name[]) {
    const { title, ...event }: EventRule & { title: string } = all[name];
    events.set(name, event);
    titles.set(name, title);
  }
  return { events, titles, codes: codesOf(events) };
}
