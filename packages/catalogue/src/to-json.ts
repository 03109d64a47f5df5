import type { CatalogueEvent } from './event-index.ts';
import type { EventEntry } from './types.ts';

/**
 * The events as JSON text: an array of flat objects, each with `product`, `eventName` and the members of the entry. Ends with a line feed.
 *
 * @example
 * ```ts
 * toJson(listEvents({ product: 'acra', important: true }));
 * ```
 */
export function toJson(events: readonly CatalogueEvent<EventEntry>[]): string {
  const rows = events.map(({ product, name, entry }) => ({ product, eventName: name, ...entry }));
  return `${JSON.stringify(rows, undefined, 2)}\n`;
}
