import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/cli.ts'],
  format: 'esm',
  target: 'node22',
  dts: false,
  sourcemap: true,
  // `node:sqlite` has no name without the prefix.
  removeNodeProtocol: false,
  clean: true,
});
