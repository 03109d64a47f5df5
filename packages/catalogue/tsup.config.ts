import { globSync } from 'node:fs';
import { defineConfig } from 'tsup';

/** Products whose tables are complete, e.g. 'products/acra'. */
const folders = globSync('products/*/running.generated.ts').map((file) => file.replace('/running.generated.ts', ''));

export default defineConfig({
  // dist/products/acra/index.js is what the engine needs of Acra; dist/entries/acra.js has the prose too.
  entry: {
    index: 'src/index.ts',
    entries: 'src/entries.ts',
    words: 'src/words.ts',
    ...Object.fromEntries(folders.map((folder) => [`${folder}/index`, `${folder}/index.ts`])),
    ...Object.fromEntries(
      folders.map((folder) => [folder.replace('products/', 'entries/'), `${folder}/entries.generated.ts`]),
    ),
  },
  format: 'esm',
  target: 'es2024',
  dts: true,
  sourcemap: true,
  clean: true,
});
