/** `@cryptrail/catalogue/entries`: the whole tables, prose included, and look-ups over them. Costs more to load than the main entry. */
export type {
  ConfigurationFile,
  ConfigurationKey,
  ConfigurationOutput,
  ConfigurationValue,
} from './configuration.ts';
export type { ProductEntries } from './define-entries.ts';
export { entries } from './entries.generated.ts';
export type { CatalogueEvent, CodeMatch, EventFilter } from './event-index.ts';
export {
  type FullEvent,
  findByCode,
  findByConstant,
  findByGroup,
  findByTag,
  findEvent,
  listEvents,
} from './find-entries.ts';
export { toCsv } from './to-csv.ts';
export { toJson } from './to-json.ts';
export type { CrossMaps, EventEntry, FieldRule, ProductFile } from './types.ts';
