import { globSync } from 'node:fs';
import { defineConfig } from 'tsup';

/** Lines of one product, e.g. 'products/acra/lines.generated.ts'. */
const products = globSync('products/*/lines.generated.ts');

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    lines: 'src/lines.ts',
    ...Object.fromEntries(products.map((file) => [file.replace(/^products\/(.*)\/.*$/, 'lines/$1'), file])),
  },
  format: 'esm',
  target: 'es2024',
  dts: true,
  sourcemap: true,
  clean: true,
});
