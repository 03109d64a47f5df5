import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** What a service carries that bundles the mapper for the lines of one product, in bytes. */
async function bundledBytes(product: string, formats: readonly string[]): Promise<number> {
  const names = ['createLines', ...formats].join(', ');
  const program = `
    import { ${names} } from '@cryptrail/mapper/lines/${product}';
    export const lines = createLines({ formats: [${formats.join(', ')}] });`;
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

/** What a service may cost that maps its own lines, tables included. */
const MOST_BYTES = 80_000;

it.each([
  { product: 'aqtive', formats: [] },
  { product: 'acra', formats: ['cef', 'logfmt'] },
  { product: 'cesecore', formats: ['messages'] },
])('costs a service that maps lines of $product less than 80 kB', async ({ product, formats }) => {
  expect(await bundledBytes(product, formats)).toBeLessThan(MOST_BYTES);
});

it('costs nothing for formats that are not named', async () => {
  const [alone, withCef] = await Promise.all([bundledBytes('acra', []), bundledBytes('acra', ['cef'])]);
  expect(withCef - alone).toBeGreaterThan(1000);
});
