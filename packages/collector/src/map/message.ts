import type { Product } from '@cryptrail/catalogue';
import { pathOf } from '../ottl/condition.ts';

/** Where the message of a record stands. The formats of a product that can tell events by their message name the same field. */
export function messagePath(product: Product): string {
  const [first] = product.formats.flatMap(({ message }) => message ?? []);
  return first ? pathOf(first.field, first.in) : 'log.body';
}
