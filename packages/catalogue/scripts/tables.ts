/** Reads the product folders. Shared by the scripts and by the tests that walk every table. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EventEntry, FieldRule, ProductFile } from '../src/types.ts';

const TABLES = ['product', 'events', 'fields'] as const;

export const PRODUCTS = fileURLToPath(new URL('../products/', import.meta.url));

/** The hand-written tables of one product folder. */
export interface ProductTables {
  readonly id: string;
  readonly product: ProductFile;
  readonly events: Readonly<Record<string, EventEntry>>;
  readonly fields: readonly FieldRule[];
}

/** Ids of all product folders, sorted. A folder is a product as soon as it has its three tables. */
export function productIds(root: string = PRODUCTS): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter(
      (entry) => entry.isDirectory() && TABLES.every((name) => existsSync(join(root, entry.name, `${name}.json`))),
    )
    .map((entry) => entry.name)
    .sort();
}

/** The three tables of a folder as written. */
export function readTables(id: string, root: string = PRODUCTS): ProductTables {
  const table = (name: (typeof TABLES)[number]) => JSON.parse(readFileSync(join(root, id, `${name}.json`), 'utf8'));
  return { id, product: table('product'), events: table('events'), fields: table('fields') };
}
