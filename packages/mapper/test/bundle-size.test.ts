import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** What a service carries that bundles the mapper for the lines of one product, in bytes. */
async function bundledBytes(product: string, formats: readonly string[]): Promise<number> {
  const names = ['createLines', ...formats].join(', ');
  const program = `
    import { ${product} } from '@cryptrail/catalogue/products/${product}';
    import { ${names} } from '@cryptrail/mapper/lines';
    export const lines = createLines({ products: [${product}], formats: [${formats.join(', ')}] });`;
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: import.meta.dirname },
    conditions: ['cryptrail-source'],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles.reduce((sum, { contents }) => sum + contents.length, 0);
}

// Some five per cent above what it is. Tables grow with the products; what grows otherwise should be worth it to everybody who loads it.
it.each([
  { product: 'aqtive', formats: [], most: 61_500 },
  { product: 'acra', formats: ['cef', 'logfmt'], most: 89_000 },
  { product: 'cesecore', formats: ['messages'], most: 92_000 },
])('costs a service that maps lines of $product no more than $most bytes', async ({ product, formats, most }) => {
  expect(await bundledBytes(product, formats)).toBeLessThan(most);
});

it('costs nothing for formats that are not named', async () => {
  const [alone, withCef] = await Promise.all([bundledBytes('acra', []), bundledBytes('acra', ['cef'])]);
  expect(withCef - alone).toBeGreaterThan(1000);
});
