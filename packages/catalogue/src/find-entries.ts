import type { ProductEntries } from './define-entries.ts';
import { entries } from './entries.generated.ts';
import {
  type CatalogueEvent,
  type CodeMatch,
  createEventIndex,
  type EventFilter,
  type EventIndex,
} from './event-index.ts';
import type { Code, EventName, ProductId } from './product-types.ts';
import type { EventEntry } from './types.ts';

/** An event with all the catalogue knows of it. */
export type FullEvent<Name extends EventName = EventName> = CatalogueEvent<EventEntry, Name>;

let built: EventIndex<FullEvent> | undefined;

function index(): EventIndex<FullEvent> {
  built ??= createEventIndex(entries.flatMap((product: ProductEntries) => [...fullEvents(product)]));
  return built;
}

function* fullEvents({ id, events }: ProductEntries): Iterable<FullEvent> {
  for (const [name, entry] of events) yield { product: id, name: name as EventName, title: entry.title, entry };
}

/** The event of this name. A name out of the catalogue always gives an event; any other text gives `undefined` when it is none. */
export function findEvent<Name extends EventName>(name: Name): FullEvent<Name>;
export function findEvent(name: string): FullEvent | undefined;
export function findEvent(name: string): FullEvent | undefined {
  return index().byName(name);
}

/** The events that carry this code, the default one first; an empty list for an unknown code. */
export function findByCode<Id extends ProductId>(code: Code<Id>, product: Id): CodeMatch<FullEvent<EventName<Id>>>;
export function findByCode(code: string, product?: string): CodeMatch<FullEvent>;
export function findByCode(code: string, product?: string): CodeMatch<FullEvent> {
  return index().byCode(code, product);
}

/** The events of a constant in the vendor's source, e.g. `EventCodeErrorCantLoadMasterKey` or `CERT_REVOKED`; spelling and case count. */
export function findByConstant(constant: string): readonly FullEvent[] {
  return index().byConstant(constant);
}

/** The events of a group, be it the catalogue's own (`decryptor`) or one of the vendor's documents (`host system`). */
export function findByGroup(group: string, product?: string): readonly FullEvent[] {
  return index().byGroup(group, product);
}

/** The events with this tag, e.g. `poison record`. */
export function findByTag(tag: string): readonly FullEvent[] {
  return index().byTag(tag);
}

/** All events that pass the filter, in name order of products and events; everything without one. */
export function listEvents(filter?: EventFilter): readonly FullEvent[] {
  return index().list(filter);
}
