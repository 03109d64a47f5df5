import type { Conversion, FormatRule } from '../src/types.ts';
import { GENERATED } from './generated-head.ts';
import { constantOf } from './list-modules.ts';
import type { ProductTables } from './tables.ts';

/** Decoders of lines → format of the mapper. JSON is read wherever it is printed; rows are no lines. */
const FORMATS: Readonly<Partial<Record<FormatRule['decoder'], string>>> = {
  cef: 'cef',
  logfmt: 'logfmt',
  terminal: 'terminal',
  labelled: 'messages',
  delimited: 'messages',
  listing: 'messages',
  pattern: 'messages',
};

/**
 * `products/<id>/lines.generated.ts` of the mapper: reads lines of a product, and imports what its tables name and nothing else. Undefined for a product
 * that prints no lines.
 */
export function linesModule({ id, product, fields }: ProductTables): string | undefined {
  const decoders = product.formats.map(({ decoder }) => decoder);
  const formats = sorted(decoders.flatMap((decoder) => FORMATS[decoder] ?? []));
  const hasJson = decoders.includes('json');
  if (formats.length === 0 && !hasJson) return undefined;
  const conversions = sorted(fields.flatMap(({ convert }) => convert ?? []));
  const masksSql = (product.redaction.sqlMessages ?? []).length > 0;
  const constant = constantOf(id);
  const parts = [
    `products: [${constant}]`,
    `conversions: { ${conversions.map((name) => `${name}: ${functionOf(name)}`).join(', ')} }`,
    ...(hasJson ? ['locateMembers'] : []),
    ...(masksSql ? ['maskSql'] : []),
  ];
  return [
    `${GENERATED}import { ${constant} } from '@cryptrail/catalogue/products/${id}';`,
    ...(hasJson ? ["import { createJsonDecoder, locateMembers } from '../../src/decode/json.ts';"] : []),
    "import { createLinesOf, type Lines, type LinesParts, type ProductLinesOptions } from '../../src/lines-of.ts';",
    ...(conversions.length > 0
      ? [`import { ${conversions.map(functionOf).sort().join(', ')} } from '../../src/map/conversions.ts';`]
      : []),
    ...(masksSql ? ["import { maskSql } from '../../src/redact/sql.ts';"] : []),
    '',
    ...(formats.length > 0 ? [`export { ${formats.join(', ')} } from '../../src/line-parts.ts';`] : []),
    "export type { LineFormat } from '../../src/line-parts.ts';",
    "export type { Lines, ProductLinesOptions } from '../../src/lines-of.ts';",
    '',
    `const parts: LinesParts = {\n${parts.map((part) => `  ${part},\n`).join('')}};`,
    '',
    `/** Finds the records of ${product.title} among lines that are in the program already.${hasJson ? ' JSON is read without being named.' : ''} */`,
    'export function createLines(options: ProductLinesOptions = {}): Lines {',
    `  return createLinesOf(${hasJson ? '{ ...parts, decodeJson: createJsonDecoder() }' : 'parts'}, options);`,
    '}',
    '',
  ].join('\n');
}

/** `host_port` is converted by `convertHostPort`. */
function functionOf(conversion: Conversion): string {
  return `convert${conversion.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`;
}

function sorted<Word extends string>(words: readonly Word[]): Word[] {
  return [...new Set(words)].sort();
}
