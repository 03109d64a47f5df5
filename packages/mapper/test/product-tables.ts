import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineProduct, type Product } from '@cryptrail/catalogue';

/** The product folders, as URL. */
export const PRODUCTS = new URL('../../catalogue/products/', import.meta.url);

/** Ids of the product folders, sorted. */
export function productIds(): string[] {
  return readdirSync(fileURLToPath(PRODUCTS), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/product.json`, PRODUCTS)))
    .map((entry) => entry.name)
    .sort();
}

/** A product made from its hand-written tables, so that a change in them shows without generating anything. */
export function readProduct(id: string): Product {
  const table = (name: string) => JSON.parse(readFileSync(new URL(`${id}/${name}.json`, PRODUCTS), 'utf8'));
  return defineProduct({ product: table('product'), fields: table('fields'), events: table('events') });
}
