// Holds the two ways of the plans, straight to bytes and to objects, against records as objects made one by one, byte by byte, over every file of a folder:
//   node --conditions=cryptrail-source .ci/compare-direct.mjs [FOLDER]   default ../shared/samples
// or over records that are made: fixtures as they are, with other digits, and mutated, N of each format of the fuzzer:
//   node --conditions=cryptrail-source .ci/compare-direct.mjs --made N [--seed S] [--format NAME,…]
// Each file is read three times over in small pieces, so that what was learnt from its first records is used for the others.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { products } from '../packages/catalogue/src/index.ts';
import { encodeInput } from '../packages/exporter/src/otlp/encode-input.ts';
import { encodeLogs } from '../packages/exporter/src/otlp/encode-logs.ts';
import { joinedRecords } from '../packages/exporter/test/joined-records.ts';
import { createPipeline } from '../packages/mapper/src/index.ts';
import { createRandom, mutate } from '../packages/mapper/test/fuzz/mutate.ts';
import { FUZZ_FORMATS } from '../packages/mapper/test/fuzz/seeds.ts';

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
/** Whoever asks what is recognised has each record recognised: no plan stands in for that. */
const ONE_BY_ONE = { onRecognition() {} };
/** Records of a made input: enough for plans to be made and used. */
const BATCH = 2000;
/** Of ten records so many are mutated, and so many as they stand; the others have other digits. */
const MUTATED = 2;
const UNCHANGED = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { made: { type: 'string' }, seed: { type: 'string', default: '1' }, format: { type: 'string' } },
});
let records = 0;
let differences = 0;

/** Lines of all formats, one among the other: a log that many write into. */
const MIXED = { records: Object.values(FUZZ_FORMATS).flatMap(({ lines, records: some }) => (lines ? some : [])) };

if (values.made) {
  for (const name of values.format?.split(',') ?? [...Object.keys(FUZZ_FORMATS), 'mixed']) {
    const before = records;
    const format = name === 'mixed' ? MIXED : FUZZ_FORMATS[name];
    compareMade(name, format, Number(values.made), createRandom(Number(values.seed)));
    console.log(`${name}: ${records - before} records`);
  }
} else {
  const [folder = '../shared/samples'] = positionals;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) compare(join(entry.parentPath, entry.name));
  }
}
console.log(`${records} records compared, ${differences} readings differ`);
process.exitCode = records > 0 && differences === 0 ? 0 : 1;

/** One pipeline for all, as in a program that runs for long: what it learnt of one input is used for the next. */
function compareMade(name, { records: seeds, head = '', tail = '' }, wanted, random) {
  const bytes = seeds.map((text) => Buffer.from(text));
  const [ordinary, planned, direct] = [ONE_BY_ONE, {}, {}].map((options) =>
    createPipeline({ products, now: () => 1n, ...options }),
  );
  for (let made = 0; made < wanted; ) {
    const parts = [head];
    for (let left = Math.min(BATCH, wanted - made); left > 0; left -= 1, made += 1)
      parts.push(oneOf(bytes, random), '\n');
    const input = Buffer.concat([...parts, tail].map((part) => Buffer.from(part)));
    const objects = readBy(ordinary.open({ name: 'a', path: name }), input, (reader) => reader);
    const byPlan = readBy(planned.open({ name: 'a', path: name }), input, (reader) => reader);
    const encoded = readBy(direct.open({ name: 'a', path: name }), input, encodeInput);
    records += objects.results.length;
    if (isSame(objects, byPlan, encodeLogs(byPlan.results)) && isSame(objects, encoded, encoded.results)) continue;
    differences += 1;
    writeFileSync(`direct-difference-${differences}.log`, input);
    console.error(`${name} differs: see direct-difference-${differences}.log`);
  }
}

function oneOf(seeds, random) {
  const record = random.pick(seeds);
  const way = random.below(10);
  if (way < MUTATED) return mutate(record, random, seeds);
  if (way < MUTATED + UNCHANGED) return record;
  const copy = Buffer.from(record);
  for (let at = 0; at < copy.length; at += 1)
    if (copy[at] >= 0x30 && copy[at] <= 0x39 && random.below(8) === 0) copy[at] = 0x30 + random.below(10);
  return copy;
}

function compare(path) {
  const once = readFileSync(path);
  const bytes = once.length > MANY_BYTES ? once : Buffer.concat(Array(TIMES).fill(once));
  for (const options of OPTIONS) {
    const objects = read(bytes, path, { ...options, ...ONE_BY_ONE }, (reader) => reader);
    const byPlan = read(bytes, path, options, (reader) => reader);
    const encoded = read(bytes, path, options, encodeInput);
    records += objects.results.length;
    if (isSame(objects, byPlan, encodeLogs(byPlan.results)) && isSame(objects, encoded, encoded.results)) continue;
    differences += 1;
    console.error(`${path} differs with ${JSON.stringify(options)}`);
  }
}

function isSame(objects, others, encoded) {
  return (
    JSON.stringify(objects.counts) === JSON.stringify(others.counts) &&
    JSON.stringify(objects.resume) === JSON.stringify(others.resume) &&
    joinedRecords(encodeLogs(objects.results)) === joinedRecords(encoded)
  );
}

function read(bytes, path, options, open) {
  return readBy(createPipeline({ products, now: () => 1n, ...options }).open({ name: 'a', path }), bytes, open);
}

function readBy(reader, bytes, open) {
  const input = open(reader);
  const results = [];
  for (let from = 0; from < bytes.length; from += PIECE)
    results.push(...input.push(bytes.subarray(from, from + PIECE)));
  results.push(...input.end());
  return { results, counts: reader.counts, resume: reader.resume };
}
