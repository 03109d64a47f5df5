// Runs the conformance scorers that may lie beside the repository and holds what was reached once:
//   node .ci/conformance.mjs PRODUCT [COUNTS-FILE]   prints each group; a group of the floor that is not full is a failure
//   node .ci/conformance.mjs --update                writes the groups that are full now as the new floor
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PRODUCTS = ['acra', 'cesecore', 'aqtive'];
const floorFile = new URL('conformance-floor.json', import.meta.url);
const floor = JSON.parse(readFileSync(floorFile, 'utf8'));
const [first, countsFile] = process.argv.slice(2);

if (first === '--update') update();
else if (PRODUCTS.includes(first)) judge(first);
else misuse();

function misuse() {
  console.error(`Usage: node .ci/conformance.mjs ${PRODUCTS.join('|')} [COUNTS-FILE] | --update`);
  process.exitCode = 2;
}

function judge(product) {
  const result = score(product);
  const listed = floor[product] ?? [];
  const fallen = listed.filter((name) => !isFull(result.groups[name]));
  for (const [name, group] of Object.entries(result.groups)) console.log(line(name, group, listed));
  for (const failure of result.failures.slice(0, 15)) console.log(JSON.stringify(failure));
  for (const name of fallen) console.error(`${product}: group ${name} was full and is not any more`);
  if (countsFile) writeFileSync(countsFile, `${listed.length - fallen.length} ${fallen.length}\n`);
  process.exitCode = fallen.length > 0 ? 1 : 0;
}

function line(name, { passed, total }, listed) {
  const mark = passed === total ? (listed.includes(name) ? 'held' : 'full, not in the floor yet') : '';
  return `  ${name.padEnd(24)} ${`${passed}/${total}`.padStart(15)}  ${mark}`.trimEnd();
}

function update() {
  const full = PRODUCTS.map((product) => {
    const groups = Object.entries(score(product).groups);
    return [product, groups.filter(([, group]) => isFull(group)).map(([name]) => name)];
  });
  writeFileSync(floorFile, `${JSON.stringify(Object.fromEntries(full), undefined, 2)}\n`);
}

function isFull(group) {
  return group !== undefined && group.total > 0 && group.passed === group.total;
}

/** The scorer's own result: one JSON object, with a line of summary after it. */
function score(product) {
  const script = fileURLToPath(new URL(`../../shared/conformance/score_${product}.py`, import.meta.url));
  const { stdout, stderr, error } = spawnSync('python3', [script, '--json'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  const object = stdout.slice(stdout.indexOf('{'), stdout.lastIndexOf('}') + 1);
  if (object === '') throw new Error(`score_${product}.py gave no result: ${stdout.slice(-500)}${stderr.slice(-500)}`);
  return JSON.parse(object);
}
