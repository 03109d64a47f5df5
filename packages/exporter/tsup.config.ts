import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/otlp/index.ts', 'src/delivery/index.ts'],
  format: 'esm',
  target: 'es2024',
  dts: true,
  sourcemap: true,
  clean: true,
  // node:sqlite has no name without the prefix.
  removeNodeProtocol: false,
});
