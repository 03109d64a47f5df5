/**
 * Writes what follows from the schema of the configuration: the JSON Schema for editors, and the list of keys in the docs.
 * `--check` compares only and exits 1 when a file is out of date.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configSchema } from '../src/config-file/json-schema.ts';
import { renderKeys } from '../src/config-file/key-list.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const schema = configSchema();
const files = new Map([
  [`${root}packages/agent/schema/config.schema.json`, `${JSON.stringify(schema, undefined, 2)}\n`],
  [`${root}docs/configuration.md`, renderKeys(schema)],
]);
const check = process.argv.includes('--check');
const stale = [...files].filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text);

for (const [path, text] of stale) {
  if (check) console.error(`${relative(root, path)} is out of date: run \`npm run generate\``);
  else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
if (check && stale.length > 0) process.exitCode = 1;
else console.log(check ? 'generated files are up to date' : `${stale.length} generated file(s) written`);
