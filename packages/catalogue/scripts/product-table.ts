import type { ProductTables } from './tables.ts';

const BEGIN = '<!-- products: written by npm run generate -->';
const END = '<!-- /products -->';

/** Puts the table of products between its two marks. Throws when the marks are missing. */
export function insertProductTable(readme: string, tables: readonly ProductTables[]): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the README lacks the marks ${BEGIN} and ${END}`);
  return `${readme.slice(0, begin + BEGIN.length)}\n${productTable(tables)}\n${readme.slice(end)}`;
}

function productTable(tables: readonly ProductTables[]): string {
  const rows = tables.map(({ id, product, events, fields }) => {
    const entries = Object.values(events);
    const codes = new Set(entries.flatMap(({ code }) => code ?? []));
    const retired = entries.filter(({ removed }) => removed).length;
    return `| \`${id}\` | [${product.title}](${product.homepage}) | ${entries.length} | ${codes.size} | ${retired} | ${fields.length} | ${product.revision} |`;
  });
  return [
    '| id | product | events | codes | retired | field rules | read from |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
