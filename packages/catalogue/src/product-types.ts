import type { ProductsById } from './products.generated.ts';
import type { Product } from './types.ts';

/** Event names of one product type. */
export type NameOf<P> = P extends Product<infer Name, string> ? Name : never;

/** Id of a product in this package, e.g. `'acra'`. */
export type ProductId = keyof ProductsById;

/** Name of an event in the catalogue: of one product, or of any. */
export type EventName<Id extends ProductId = ProductId> = { [Each in Id]: NameOf<ProductsById[Each]> }[Id];

/** Code as the vendor prints it, e.g. `Code<'acra'>` is `'100' | '101' | …`. */
export type Code<Id extends ProductId = ProductId> = {
  [Each in Id]: ProductsById[Each] extends Product<string, infer Printed> ? Printed : never;
}[Id];
