import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventTables } from './event-tables.ts';
import { mappingTables } from './mapping-tables.ts';
import { insertBetweenMarks, markdownTable } from './markdown.ts';
import type { ProductTables } from './tables.ts';
import { valueTable } from './value-table.ts';

/** Path → text of the pages of the repository in which parts follow from the product folders. */
export function pages(repository: string, tables: readonly ProductTables[]): Map<string, string> {
  const readme = join(repository, 'README.md');
  const semantics = join(repository, 'docs/semantics.md');
  return new Map([
    [readme, insertBetweenMarks(readFileSync(readme, 'utf8'), 'products', productList(tables))],
    [semantics, withTables(readFileSync(semantics, 'utf8'), tables)],
    ...tables.map((table) => productPage(repository, table)),
  ]);
}

function withTables(page: string, tables: readonly ProductTables[]): string {
  return insertBetweenMarks(insertBetweenMarks(page, 'values', valueTable(tables)), 'mapping', mappingTables(tables));
}

function productList(tables: readonly ProductTables[]): string {
  const own = tables.filter(({ product }) => product.kind !== 'internal');
  const rows = own.map(({ id, product, events }) => {
    const entries = Object.values(events);
    const codes = new Set(entries.flatMap(({ code }) => code ?? []));
    return [`[${product.title}](docs/products/${id}.md)`, product.vendor, String(entries.length), String(codes.size)];
  });
  return markdownTable(['product', 'vendor', 'events', 'codes'], rows);
}

/** The page of a product: written whole when it is new, later only between the marks. */
function productPage(repository: string, table: ProductTables): [path: string, text: string] {
  const path = join(repository, `docs/products/${table.id}.md`);
  const page = existsSync(path) ? readFileSync(path, 'utf8') : newPage(table);
  return [path, insertBetweenMarks(page, 'events', eventTables(table))];
}

function newPage({ id, product }: ProductTables): string {
  return `# ${product.title}

How to switch the log on, which versions were seen and what is known to be missing:
[notes](../../packages/catalogue/products/${id}/notes.md). How a record is mapped: [semantics](../semantics.md).

## Events

<!-- events: written by npm run generate -->
<!-- /events -->
`;
}
