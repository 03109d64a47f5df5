import { CATEGORIES, OUTCOMES, PRIORITIES, STREAMS } from '../src/closed-sets.ts';
import type { ProductFile } from '../src/types.ts';
import { codeList, markdownTable } from './markdown.ts';
import type { ProductTables } from './tables.ts';

/** The closed sets of values, and those that follow from the product folders. */
export function valueTable(tables: readonly ProductTables[]): string {
  const products = tables.flatMap(({ product }) => productValues(product));
  const formats = tables.flatMap(({ product }) => product.formats.map(({ id }) => id));
  const sets: readonly (readonly [string, readonly string[]])[] = [
    ['cryptrail.product', products],
    ['cryptrail.category', CATEGORIES],
    ['cryptrail.priority', PRIORITIES],
    ['cryptrail.stream', STREAMS],
    ['cryptrail.outcome', OUTCOMES],
    ['cryptrail.source.format', [...new Set(formats)]],
    ['cryptrail.parse.status', ['partial', 'truncated', 'unparsed', 'foreign']],
  ];
  return markdownTable(
    ['attribute', 'values'],
    sets.map(([name, values]) => [`\`${name}\``, codeList(values)]),
  );
}

/** Every value of `cryptrail.product` for records of a product. */
export function productValues({ value, applications = {} }: ProductFile): string[] {
  return [...Object.values(applications).map((application) => application.value), value];
}
