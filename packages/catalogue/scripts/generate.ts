/**
 * Writes what follows from the product folders: the tables the engine runs on, the whole tables as modules, the lists of
 * products, and the generated parts of READMEs and docs. `--check` compares only and exits 1 when a file is out of date.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { outputs } from './outputs.ts';
import { schemas } from './schemas.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');
const stale = [...outputs(root), ...schemas(root)].filter(
  ([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
);

for (const [path, text] of stale) {
  if (check) console.error(`${relative(root, path)} is out of date: run \`npm run generate\``);
  else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
if (check && stale.length > 0) process.exitCode = 1;
else console.log(check ? 'generated files are up to date' : `${stale.length} generated file(s) written`);
