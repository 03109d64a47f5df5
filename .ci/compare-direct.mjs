// Holds the direct mode against records as objects, byte by byte, over every file of a folder:
//   node --conditions=cryptrail-source .ci/compare-direct.mjs [FOLDER]   default ../shared/samples
// Each file is read three times over in small pieces, so that what was learnt from its first records is used for the others.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { products } from '../packages/catalogue/src/index.ts';
import { encodeInput } from '../packages/exporter/src/otlp/encode-input.ts';
import { encodeLogs } from '../packages/exporter/src/otlp/encode-logs.ts';
import { createPipeline } from '../packages/mapper/src/index.ts';

const PIECE = 3000;
const TIMES = 3;
const MANY_BYTES = 2_000_000;
const OPTIONS = [
  {},
  { severity: 'catalogue', attack: true, blobs: true, timeZone: 'Europe/Stockholm' },
  { product: 'acra' },
  { product: 'aqtive' },
  { product: 'cesecore', application: 'ejbca' },
  { limits: { maxLineBytes: 300, maxValueLength: 40, maxDetails: 3 } },
];
const [folder = '../shared/samples'] = process.argv.slice(2);
let records = 0;
let differences = 0;

for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (entry.isFile()) compare(join(entry.parentPath, entry.name));
}
console.log(`${records} records compared, ${differences} readings differ`);
process.exitCode = records > 0 && differences === 0 ? 0 : 1;

function compare(path) {
  const once = readFileSync(path);
  const bytes = once.length > MANY_BYTES ? once : Buffer.concat(Array(TIMES).fill(once));
  for (const options of OPTIONS) {
    const objects = read(bytes, path, options, (reader) => reader);
    const encoded = read(bytes, path, options, encodeInput);
    records += objects.results.length;
    const same =
      JSON.stringify(objects.counts) === JSON.stringify(encoded.counts) &&
      JSON.stringify(objects.resume) === JSON.stringify(encoded.resume) &&
      textOf(encodeLogs(objects.results)) === textOf(encoded.results);
    if (same) continue;
    differences += 1;
    console.error(`${path} differs with ${JSON.stringify(options)}`);
  }
}

function read(bytes, path, options, open) {
  const reader = createPipeline({ products, now: () => 1n, ...options }).open({ name: 'a', path });
  const input = open(reader);
  const results = [];
  for (let from = 0; from < bytes.length; from += PIECE)
    results.push(...input.push(bytes.subarray(from, from + PIECE)));
  results.push(...input.end());
  return { results, counts: reader.counts, resume: reader.resume };
}

/** The records in order, each run of one resource behind it. Where groups begin does not count. */
function textOf(groups) {
  let text = '';
  let last;
  for (const { resource, scope, records: run } of groups) {
    const head = `${Buffer.from(resource).toString('latin1')}\n${Buffer.from(scope).toString('latin1')}\n`;
    if (head !== last) text += head;
    last = head;
    text += Buffer.from(run).toString('latin1');
  }
  return text;
}
