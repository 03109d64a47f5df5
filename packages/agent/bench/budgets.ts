/** What each form may cost in relation to `JSON.parse` of as many bytes of JSON: generous, to tell of a fall and not of a busy machine. */
import { getHeapStatistics } from 'node:v8';
import { products } from '@cryptrail/catalogue';
import { encodeInput } from '@cryptrail/exporter';
import { createPipeline, type Pipeline } from '@cryptrail/mapper';
import { FORMS, linesOf, vary } from './corpus.ts';
import { median } from './measure.ts';

/** The cost of one form against its budget. */
export interface Budget {
  readonly form: string;
  /** Time of reading, recognising, mapping and encoding, in relation to `JSON.parse` of the same number of bytes. */
  readonly ratio: number;
  readonly budget: number;
  /** Bytes of heap that were given out for a line. */
  readonly allocated: number;
  readonly allocationBudget: number;
}

const COUNT = 20_000;
const ROUNDS = 7;
const CHUNK = 1 << 16;
/** What is parsed for comparison. */
const MEMBER =
  '{"level":"info","msg":"Starting service","product":"acra-server","unixTime":"1726560000.911","version":"0.96.0"}';

/** Measures all forms, taking turns with `JSON.parse`. */
export function measureBudgets(budgets: Readonly<Record<string, { time: number; bytes: number }>>): Budget[] {
  const parse = parseMicrosPerByte();
  return FORMS.map((form) => {
    const distinct = linesOf(form);
    const text = Array.from({ length: COUNT }, (_, at) =>
      vary(distinct[at % distinct.length] ?? '', Math.floor(at / distinct.length)),
    ).join('\n');
    const bytes = Buffer.from(`${text}\n`);
    const pipeline = createPipeline({ products, now: () => 1n });
    const read = () => {
      const input = encodeInput(pipeline.open({ name: 'bench.log' }));
      for (let from = 0; from < bytes.length; from += CHUNK) input.push(bytes.subarray(from, from + CHUNK));
      input.end();
    };
    read();
    const cost = median(Array.from({ length: ROUNDS }, () => time(read))) / bytes.length;
    const { time: budget = Number.POSITIVE_INFINITY, bytes: allocationBudget = Number.POSITIVE_INFINITY } =
      budgets[form.name] ?? {};
    return {
      form: form.name,
      ratio: cost / parse,
      budget,
      allocated: allocatedBy(pipeline, bytes) / COUNT,
      allocationBudget,
    };
  });
}

/** CPU time of `JSON.parse` for one byte, here and now. */
export function parseMicrosPerByte(): number {
  return median(Array.from({ length: ROUNDS }, () => time(() => parseAll(MEMBER, COUNT)))) / (COUNT * MEMBER.length);
}

/** Bytes of heap given out while reading. Pieces during which the collector ran are taken to be like the others. */
function allocatedBy(pipeline: Pipeline, bytes: Uint8Array): number {
  const input = encodeInput(pipeline.open({ name: 'bench.log' }));
  let seen = 0;
  let grown = 0;
  for (let from = 0; from < bytes.length; from += CHUNK) {
    const before = getHeapStatistics().used_heap_size;
    input.push(bytes.subarray(from, from + CHUNK));
    const more = getHeapStatistics().used_heap_size - before;
    if (more < 0) continue;
    grown += more;
    seen += Math.min(CHUNK, bytes.length - from);
  }
  return (grown / seen) * bytes.length;
}

function parseAll(line: string, times: number): void {
  for (let at = 0; at < times; at += 1) JSON.parse(line);
}

/** CPU time in microseconds. */
export function time(run: () => void): number {
  const began = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(began);
  return user + system;
}
