import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linesModule } from './lines-module.ts';
import { allEntriesModule, entriesModule, productsModule } from './list-modules.ts';
import { insertBetweenMarks } from './markdown.ts';
import { pages } from './pages.ts';
import { productTable } from './product-table.ts';
import { runningModule } from './running-module.ts';
import { type ProductTables, productIds, readTables } from './tables.ts';

/** Path → text of every file that follows from the product folders: in the package and in the documentation of the repository. */
export function outputs(root: string): Map<string, string> {
  const products = join(root, 'products');
  const ids = productIds(products);
  const tables = ids.map((id) => readTables(id, products));
  const isConfigured = (id: string) => existsSync(join(products, id, 'configuration.json'));
  const readme = join(root, 'README.md');
  return new Map([
    ...tables.map((table) => [join(products, table.id, 'running.generated.ts'), runningModule(table)] as const),
    ...ids.map((id) => [join(products, id, 'entries.generated.ts'), entriesModule(id, isConfigured(id))] as const),
    [join(root, 'src/products.generated.ts'), productsModule(ids)],
    [join(root, 'src/entries.generated.ts'), allEntriesModule(ids)],
    [readme, insertBetweenMarks(readFileSync(readme, 'utf8'), 'products', productTable(tables))],
    ...tables.flatMap((table) => linesOf(table, join(root, '../mapper/products'))),
    ...pages(join(root, '../..'), tables),
  ]);
}

/** In the mapper, which may import both the tables and what reads them. */
function linesOf(tables: ProductTables, mapper: string): [path: string, text: string][] {
  const text = linesModule(tables);
  return text === undefined ? [] : [[join(mapper, tables.id, 'lines.generated.ts'), text]];
}
