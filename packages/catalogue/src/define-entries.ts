import type { ConfigurationFile } from './configuration.ts';
import type { EventEntry, FieldRule, ProductFile } from './types.ts';

/** The whole tables of a product, prose included. */
export interface ProductEntries<Name extends string = string> {
  readonly id: string;
  readonly product: ProductFile;
  readonly fields: readonly FieldRule[];
  /** In name order. */
  readonly events: ReadonlyMap<Name, EventEntry>;
  /** What the product's own configuration file says of its logs, where that is known. */
  readonly configuration?: ConfigurationFile;
}

/** The tables of a product folder as JSON gives them: their shapes are held by the schemas. */
export interface JsonTables {
  readonly product: object;
  readonly events: object;
  readonly fields: readonly object[];
  readonly configuration?: object;
}

/** Gives the tables of a product folder their types. */
export function defineEntries<Name extends string>(tables: JsonTables): ProductEntries<Name> {
  const product = tables.product as ProductFile;
  return {
    id: product.id,
    product,
    fields: tables.fields as readonly FieldRule[],
    events: new Map(Object.entries(tables.events) as [Name, EventEntry][]),
    ...(tables.configuration ? { configuration: tables.configuration as ConfigurationFile } : {}),
  };
}
