/**
 * Writes the packs that are checked in, from the product folders of the catalogue. `--check` compares only and exits 1 when a file is out of date.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { products } from '@cryptrail/catalogue';
import { collectorFiles } from '../src/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const packs = join(root, 'packs');
const check = process.argv.includes('--check');
const wanted = new Map([...collectorFiles({ products })].map(([name, text]) => [join(packs, name), text]));
const stale = [...wanted].filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
const left = globSync(join(packs, '**/*.yaml')).filter((path) => !wanted.has(path));

for (const [path, text] of stale) {
  if (check) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
for (const path of left) if (!check) rmSync(path);
const old = [...stale.map(([path]) => path), ...left];
if (check) for (const path of old) console.error(`${relative(root, path)} is out of date: run \`npm run generate\``);
if (check && old.length > 0) process.exitCode = 1;
else console.log(check ? 'packs are up to date' : `${old.length} pack file(s) written`);
