import {
  type CatalogueEvent,
  type CodeMatch,
  createEventIndex,
  type EventFilter,
  type EventIndex,
} from './event-index.ts';
import type { Code, EventName, ProductId } from './product-types.ts';
import { products } from './products.generated.ts';
import type { EventRule, Product } from './types.ts';

/** An event with what the engine knows of it: no prose. */
export type RunningEvent<Name extends EventName = EventName> = CatalogueEvent<EventRule, Name>;

let built: EventIndex<RunningEvent> | undefined;

function index(): EventIndex<RunningEvent> {
  built ??= createEventIndex(products.flatMap((product: Product) => [...runningEvents(product)]));
  return built;
}

function* runningEvents(product: Product): Iterable<RunningEvent> {
  for (const [name, entry] of product.events)
    yield { product: product.id, name: name as EventName, title: product.titles.get(name) ?? name, entry };
}

/**
 * The event of this name. A name out of the catalogue always gives an event; any other text gives `undefined` when it is none.
 *
 * @example
 * ```ts
 * findEvent('acra.decryptor.recognized_poison_record').entry.code; // '587'
 * ```
 */
export function findEvent<Name extends EventName>(name: Name): RunningEvent<Name>;
export function findEvent(name: string): RunningEvent | undefined;
export function findEvent(name: string): RunningEvent | undefined {
  return index().byName(name);
}

/**
 * The events that carry this code, the default one first; an empty list for an unknown code. One code can mean several things, and two
 * products can print the same one: narrow with `product`.
 *
 * @example
 * ```ts
 * findByCode('587', 'acra').default?.name; // 'acra.decryptor.recognized_poison_record'
 * ```
 */
export function findByCode<Id extends ProductId>(code: Code<Id>, product: Id): CodeMatch<RunningEvent<EventName<Id>>>;
export function findByCode(code: string, product?: string): CodeMatch<RunningEvent>;
export function findByCode(code: string, product?: string): CodeMatch<RunningEvent> {
  return index().byCode(code, product);
}

/** The events of a group such as `decryptor`, however it is spelt; of all products unless one is named. The groups of the vendors' documents are known to `@cryptrail/catalogue/entries` only. */
export function findByGroup(group: string, product?: string): readonly RunningEvent[] {
  return index().byGroup(group, product);
}

/** The events with this tag, e.g. `poison record`. */
export function findByTag(tag: string): readonly RunningEvent[] {
  return index().byTag(tag);
}

/** All events that pass the filter, in name order of products and events; everything without one. */
export function listEvents(filter?: Omit<EventFilter, 'emitted'>): readonly RunningEvent[] {
  return index().list(filter);
}
