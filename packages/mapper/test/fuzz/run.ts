import { createPipeline, type LogRecord, type Reader } from '@cryptrail/mapper';
import { productIds, readProduct } from '../product-tables.ts';
import { createRandom, mutate, type Random } from './mutate.ts';
import type { FuzzFormat } from './seeds.ts';

/** Something that may never happen, with the input on which it did. */
export interface FuzzFinding {
  readonly kind: 'crash' | 'hang' | 'count' | 'swallowed' | 'leak' | 'chunks';
  readonly detail: string;
  readonly input: Buffer;
}

/** What a run gave. */
export interface FuzzResult {
  readonly mutated: number;
  readonly records: number;
  readonly events: number;
  readonly slowestMillis: number;
  readonly findings: readonly FuzzFinding[];
}

/** Options of {@link runFuzz}. */
export interface FuzzOptions {
  readonly runs: number;
  readonly seed: number;
  /** Longest time one batch may take. */
  readonly batchMillis?: number;
  readonly maxFindings?: number;
}

/** Few in forms in which one broken record can take the rest with it. */
const batchSize = (lines: boolean) => (lines ? 50 : 6);
const SECRET = 'Pl4nt3dS3cr3tV4lu3';
/** Ways in which a secret stands in a text, whole, wherever they are put. */
const PHRASES = [
  ` password=${SECRET} `,
  ` https://operator:${SECRET}@db.example/x `,
  ` pin: ${SECRET} `,
  ` Authorization: Bearer ${SECRET} `,
  ` access_token=${SECRET} `,
].map((text) => Buffer.from(text));
const SENTINEL =
  '{"code":587,"level":"warning","msg":"the line behind","product":"acra-server","unixTime":"1726560001.250"}';

const pipeline = createPipeline({ products: productIds().map(readProduct), original: true, now: () => 1n });

/** Reads batches of mutated records of one format and looks for what may never happen. */
export function runFuzz(
  format: FuzzFormat,
  { runs, seed, batchMillis = 5000, maxFindings = 20 }: FuzzOptions,
): FuzzResult {
  const random = createRandom(seed);
  const seeds = format.records.map((text) => Buffer.from(text));
  const findings: FuzzFinding[] = [];
  let [mutated, records, events, slowestMillis] = [0, 0, 0, 0];
  while (mutated < runs && findings.length < maxFindings) {
    const planted = random.below(4) === 0;
    const input = batchOf(format, seeds, planted, random);
    mutated += batchSize(format.lines);
    const start = performance.now();
    try {
      const read = readAll(input, random);
      const took = performance.now() - start;
      slowestMillis = Math.max(slowestMillis, took);
      records += read.records.length;
      events += read.counts.events;
      findings.push(...check(format, read, planted).map((finding) => ({ ...finding, input })));
      if (took > batchMillis) findings.push({ kind: 'hang', detail: `${Math.round(took)} ms`, input });
      if (random.below(20) === 0 && !sameWhole(input, read))
        findings.push({ kind: 'chunks', detail: 'other records when read in one piece', input });
    } catch (error) {
      findings.push({ kind: 'crash', detail: String(error instanceof Error ? error.stack : error), input });
    }
  }
  return { mutated, records, events, slowestMillis, findings };
}

function batchOf(
  { head = '', tail = '', lines }: FuzzFormat,
  seeds: readonly Buffer[],
  planted: boolean,
  random: Random,
): Buffer {
  // The first line of lines tells that they are lines, whatever the others become.
  const parts: Buffer[] = lines ? [Buffer.from(`${SENTINEL}\n`)] : [];
  parts.push(random.below(20) === 0 ? mutate(Buffer.from(head), random, seeds) : Buffer.from(head));
  for (let left = batchSize(lines); left > 0; left -= 1) {
    let record = mutate(random.pick(seeds), random, seeds);
    if (planted && random.below(4) === 0) {
      const at = random.below(record.length + 1);
      record = Buffer.concat([record.subarray(0, at), random.pick(PHRASES), record.subarray(at)]);
    }
    parts.push(record, Buffer.from('\n'));
  }
  parts.push(Buffer.from(tail));
  if (lines) parts.push(Buffer.from(`${SENTINEL}\n`));
  return Buffer.concat(parts);
}

interface Read {
  readonly records: readonly LogRecord[];
  readonly counts: Reader['counts'];
  readonly bytes: number;
}

/** In pieces of any size, or in one. */
function readAll(input: Buffer, random?: Random): Read {
  const reader = pipeline.open({ name: 'x', path: 'x' });
  const records: LogRecord[] = [];
  for (let at = 0; at < input.length; ) {
    const length = random && random.below(2) === 0 ? 1 + random.below(4000) : input.length;
    records.push(...reader.push(input.subarray(at, at + length)));
    at += length;
  }
  records.push(...reader.end());
  return { records, counts: reader.counts, bytes: input.length };
}

function check(
  { lines }: FuzzFormat,
  { records, counts, bytes }: Read,
  planted: boolean,
): Omit<FuzzFinding, 'input'>[] {
  const findings: Omit<FuzzFinding, 'input'>[] = [];
  const { events, foreign, unparsed } = counts;
  if (counts.records !== records.length || counts.records !== events + foreign + unparsed || counts.bytes !== bytes)
    findings.push({ kind: 'count', detail: `${JSON.stringify(counts)} for ${records.length} records, ${bytes} bytes` });
  if (
    lines &&
    records.filter(({ body, eventName }) => body === 'the line behind' && eventName !== undefined).length < 2
  )
    findings.push({ kind: 'swallowed', detail: 'the whole line at the end is missing' });
  if (planted)
    findings.push(...records.filter(leaks).map((record) => ({ kind: 'leak' as const, detail: contextOf(record) })));
  return findings;
}

/** The place of the secret in what leaves with the record. */
function contextOf(record: LogRecord): string {
  const text = show(record);
  const at = text.toLowerCase().indexOf(SECRET.toLowerCase());
  return text.slice(Math.max(0, at - 160), at + 60);
}

/** In SQL only literals are replaced; a broken query may hold anything in other places. */
function leaks(record: LogRecord): boolean {
  if (record.attributes.has('acra.query.masked_by') || record.body.includes(' query: ')) return false;
  return show(record).toLowerCase().includes(SECRET.toLowerCase());
}

/** Every text that leaves with a record. */
function show({ attributes, resource, ...rest }: LogRecord): string {
  return JSON.stringify([rest, [...attributes], [...resource.attributes]], (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

function sameWhole(input: Buffer, { records }: Read): boolean {
  const whole = readAll(input).records;
  return (
    whole.length === records.length && whole.every((record, index) => show(record) === show(records[index] ?? record))
  );
}
