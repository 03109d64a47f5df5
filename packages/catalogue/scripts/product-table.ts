import { markdownTable } from './markdown.ts';
import type { ProductTables } from './tables.ts';

/** The products with their counts, for the README of the package. */
export function productTable(tables: readonly ProductTables[]): string {
  const rows = tables.map(({ id, product, events, fields }) => {
    const entries = Object.values(events);
    const codes = new Set(entries.flatMap(({ code }) => code ?? []));
    const retired = entries.filter(({ removed }) => removed).length;
    return [
      `\`${id}\``,
      `[${product.title}](${linkOf(product)})`,
      ...[entries.length, codes.size, retired, fields.length].map(String),
      product.revision,
    ];
  });
  return markdownTable(['id', 'product', 'events', 'codes', 'retired', 'field rules', 'read from'], rows);
}

/** As seen from the package: the page of what is raised here is in this repository. */
function linkOf({ kind, homepage }: ProductTables['product']): string {
  return kind === 'internal' ? `../../${homepage}` : homepage;
}
