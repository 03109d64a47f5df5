/**
 * CPU time a record of the ways from a file to an OTLP backend, all in one run and taking turns, as ratios: figures of one machine say nothing of
 * another. What the ways send is compared before anything is measured.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalRecords } from './canonical.ts';
import { type Contender, collectorMicros, direct, type Job, limit, sdkMode, stock } from './contenders.ts';
import { FORMS, type Form, linesOf, writeCorpus } from './corpus.ts';
import { median, type Usage } from './measure.ts';
import { Sink } from './sink.ts';

export interface Options {
  /** Lines of each file that is measured. */
  readonly lines: number;
  /** Rounds of which the median counts. */
  readonly rounds: number;
  readonly forms: readonly Form[];
  /** Binary of an OpenTelemetry Collector, which is measured as well. */
  readonly collector?: string | undefined;
}

/** What one way used, in the middle of the rounds. */
export interface Cost {
  readonly microsPerLine: number;
  readonly peakMegabytes: number;
  readonly wireBytesPerLine: number;
  readonly wallMillis: number;
}

/** The figures of one form with one compression. */
export interface Row {
  readonly form: string;
  readonly compression: 'none' | 'gzip';
  readonly must: number;
  readonly lines: number;
  readonly costs: ReadonlyMap<string, Cost>;
  /** CPU time of reading and splitting, of copying and of hashing the file, in microseconds a line. Without compression only. */
  readonly limits: ReadonlyMap<string, number>;
  /** CPU time of a Collector with our pack, in microseconds a line, its start left out; absent where none was at hand. */
  readonly collectorMicrosPerLine?: number;
}

const COMPRESSIONS = ['none', 'gzip'] as const;
const CONTENDERS: readonly Contender[] = [stock, sdkMode, direct];
const LIMITS = ['read', 'copy', 'hash'] as const;
/** With gzip a ratio of this is wanted, whatever the form. */
const MUST_WITH_GZIP = 3;

/** Holds what the ways send against each other, form by form, and measures nothing. Gives the number of records. @throws when they differ. */
export async function compareAll(): Promise<number> {
  return onStand(async (stand) => {
    let records = 0;
    for (const form of FORMS) records += await compareOutputs(form, linesOf(form), stand);
    return records;
  });
}

/** A folder for inputs, and a backend. */
interface Stand {
  readonly folder: string;
  readonly endpoint: string;
  readonly sink: Sink;
}

/** Sets the stand up, and takes it down whatever happens. */
async function onStand<Result>(work: (stand: Stand) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'cryptrail-bench-'));
  const sink = new Sink();
  try {
    return await work({ folder, endpoint: await sink.listen(), sink });
  } finally {
    sink.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measures. @throws when the ways do not send the same. */
export async function measureThroughput(
  { lines, rounds, forms, collector }: Options,
  tell: (text: string) => void,
): Promise<Row[]> {
  return onStand(async (stand) => {
    const { folder, endpoint, sink } = stand;
    const rows: Row[] = [];
    for (const form of forms) {
      const distinct = linesOf(form);
      await compareOutputs(form, distinct, stand);
      const file = join(folder, `${form.name}.log`);
      writeCorpus(file, distinct, lines);
      for (const compression of COMPRESSIONS) {
        tell(`${form.name}, compression ${compression}, ${lines} lines, ${rounds} rounds …`);
        const job: Job = { file, endpoint, compression, summary: join(folder, 'summary.json') };
        rows.push(await measureRow(form, job, { lines, rounds, sink, collector }));
      }
      rmSync(file);
    }
    return rows;
  });
}

/** How a slow backend is borne: wall time of the stock path in relation to ours. */
export interface SlowBackend {
  readonly delayMillis: number;
  readonly lines: number;
  readonly ratio: number;
}

/** Measures against a backend that takes its time for each answer. Nothing may be lost, so the stock path waits whenever its queue is full. */
export async function measureSlowBackend(delayMillis: number, lines: number, rounds: number): Promise<SlowBackend> {
  return onStand(async ({ folder, endpoint, sink }) => {
    sink.delay = delayMillis;
    const [form] = FORMS;
    if (!form) throw new Error('there is no form to measure');
    const file = join(folder, `${form.name}.log`);
    writeCorpus(file, linesOf(form), lines);
    const job: Job = { file, endpoint, compression: 'none', summary: join(folder, 'summary.json') };
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const base = await stock.run(job);
      const own = await direct.run(job);
      ratios.push(base.wallMillis / own.wallMillis);
    }
    return { delayMillis, lines, ratio: median(ratios) };
  });
}

/** A bench whose ways do different things says nothing. */
async function compareOutputs(
  form: Form,
  distinct: readonly string[],
  { folder, endpoint, sink }: Stand,
): Promise<number> {
  const file = join(folder, `${form.name}.compare.log`);
  writeCorpus(file, distinct, distinct.length * 3);
  const job: Job = { file, endpoint, compression: 'none', summary: join(folder, 'summary.json') };
  const sent = new Map<string, string[]>();
  for (const contender of CONTENDERS) {
    const { bodies } = await sink.during(true, () => contender.run(job));
    sent.set(contender.name, canonicalRecords(bodies));
  }
  const lines = sent.get(stock.name)?.length;
  if (lines !== distinct.length * 3)
    throw new Error(`${form.name}: the stock path sent ${lines} of ${distinct.length * 3} records`);
  const one = sent.get(sdkMode.name) ?? [];
  const other = sent.get(direct.name) ?? [];
  const at = one.findIndex((record, index) => record !== other[index]);
  if (at === -1 && one.length === other.length && one.length > 0) return one.length;
  throw new Error(
    `${form.name}: ${sdkMode.name} sent ${one.length} records and ${direct.name} ${other.length}; the first that differs:\n  ${one[at]}\n  ${other[at]}`,
  );
}

async function measureRow(
  form: Form,
  job: Job,
  { lines, rounds, sink, collector }: Omit<Options, 'forms'> & Pick<Stand, 'sink'>,
): Promise<Row> {
  const usages = new Map<string, (Usage & { wireBytes: number })[]>(
    CONTENDERS.map((contender) => [contender.name, []]),
  );
  const collected: number[] = [];
  const limits = new Map<string, number[]>(LIMITS.map((what) => [what, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of CONTENDERS) {
      const { result, wireBytes } = await sink.during(false, () => contender.run(job));
      usages.get(contender.name)?.push({ ...result, wireBytes });
    }
    const { pack } = form;
    if (collector !== undefined && pack !== undefined)
      collected.push(await collectorMicros(collector, { ...form, pack }, job, lines));
    if (job.compression !== 'none') continue;
    for (const what of LIMITS) limits.get(what)?.push((await limit(what)(job.file)).cpuMicros / lines);
  }
  const costs = new Map(
    [...usages].map(([contender, all]): [string, Cost] => [
      contender,
      {
        microsPerLine: median(all.map(({ cpuMicros }) => cpuMicros)) / lines,
        peakMegabytes: median(all.map(({ peakKilobytes }) => peakKilobytes)) / 1024,
        wireBytesPerLine: median(all.map(({ wireBytes }) => wireBytes)) / lines,
        wallMillis: median(all.map(({ wallMillis }) => wallMillis)),
      },
    ]),
  );
  return {
    form: form.name,
    compression: job.compression,
    must: job.compression === 'gzip' && form.must > 0 ? MUST_WITH_GZIP : form.must,
    lines,
    costs,
    limits: new Map([...limits].map(([what, all]) => [what, median(all)])),
    ...(collected.length === 0 ? {} : { collectorMicrosPerLine: median(collected) }),
  };
}
