import { globSync } from 'node:fs';
import { defineConfig } from 'tsup';

const entries = [
  'src/index.ts',
  ...globSync('products/*/running.generated.ts').map((file) => file.replace('running.generated', 'index')),
];

export default defineConfig({
  // 'src/index.ts' becomes dist/index.js, 'products/acra/index.ts' becomes dist/products/acra/index.js.
  entry: Object.fromEntries(entries.map((file) => [file.replace(/^src\/|\.ts$/g, ''), file])),
  format: 'esm',
  target: 'es2024',
  dts: true,
  sourcemap: true,
  clean: true,
});
