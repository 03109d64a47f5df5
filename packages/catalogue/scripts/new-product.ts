/**
 * Makes the folder of another product: `npm run new-product -- <id> ["<title>"]`. It holds a made-up product that works, to be
 * replaced piece by piece; everything outside the folder is generated.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PRODUCTS } from './tables.ts';

const TEMPLATE = fileURLToPath(new URL('template/', import.meta.url));
const GENERATE = fileURLToPath(new URL('generate.ts', import.meta.url));

const [id = '', title = id] = process.argv.slice(2);
const problem = problemWith(id);
if (problem) {
  console.error(`${problem}\nUsage: npm run new-product -- <id> ["<title>"]`);
  process.exitCode = 2;
} else {
  const folder = join(PRODUCTS, id);
  cpSync(TEMPLATE, folder, { recursive: true });
  for (const file of filesOf(folder)) fillIn(file);
  process.exitCode = spawnSync(process.execPath, [GENERATE], { stdio: 'inherit' }).status ?? 1;
  console.log(nextSteps(folder));
}

function problemWith(name: string): string | undefined {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
    return `An id is lower-case words joined by hyphens, for example key-vault; this is ${JSON.stringify(name)}.`;
  }
  return existsSync(join(PRODUCTS, name)) ? `There is a product ${name} already.` : undefined;
}

function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function fillIn(file: string): void {
  const words = {
    id,
    title,
    namespace: id.replaceAll('-', '_'),
    constant: id.replace(/-([a-z0-9])/g, (_, first: string) => first.toUpperCase()),
  };
  let text = readFileSync(file, 'utf8');
  for (const [name, word] of Object.entries(words)) text = text.replaceAll(`__${name}__`, word);
  writeFileSync(file, text);
}

function nextSteps(folder: string): string {
  return `
${folder}
1. Fill product.json, events.json and fields.json; put true lines into fixtures/<case>.log and say in SOURCES.md where they are from.
2. npm run generate
3. UPDATE_FIXTURES=1 npx vitest run packages/mapper/test/fixtures.test.ts, then read the expected records as your review.
4. npm run check`;
}
