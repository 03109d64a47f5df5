import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Where the records go while a configuration is measured. */
export type Target = 'nop' | 'otlp';

/** What is measured. */
export interface MeasureOptions {
  readonly binary: string;
  /** Configuration files, merged in order. */
  readonly configs: readonly string[];
  /** The pipeline whose exporter is replaced. */
  readonly pipeline: string;
  /** Environment variable that names the input. */
  readonly variable: string;
  readonly lines: readonly string[];
  /** Lines that are read; the given ones are repeated. */
  readonly count: number;
  readonly target: Target;
  /** A file of `count` lines to read in place of repeated ones. */
  readonly file?: string;
  /** How requests are compressed. Default `none`. */
  readonly compression?: 'none' | 'gzip';
}

/** CPU time of the Collector in the user's and the system's mode. */
export interface Measured {
  /** Microseconds a line. */
  readonly perLine: number;
  /** Seconds until one line is through. */
  readonly start: number;
}

/** Measures two runs, of one line and of many; the difference is the price of the lines. */
export async function measure(options: MeasureOptions): Promise<Measured> {
  const { file: _, ...one } = options;
  const start = await cpuSeconds({ ...one, count: 1 });
  const whole = await cpuSeconds(options);
  return { perLine: ((whole - start) * 1e6) / (options.count - 1), start };
}

/** CPU seconds of one run, from the start until nothing is left to do. */
export async function cpuSeconds(options: MeasureOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'cryptrail-measure-'));
  const sink = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
  }).listen(0, '127.0.0.1');
  try {
    await once(sink, 'listening');
    const input = options.file ?? join(folder, 'in.log');
    if (options.file === undefined) {
      const text = Array.from({ length: options.count }, (_, index) => options.lines[index % options.lines.length]);
      writeFileSync(input, `${text.join('\n')}\n`);
    }
    const override = join(folder, 'measure.yaml');
    writeFileSync(override, exporterYaml(options, (sink.address() as AddressInfo).port));
    const args = [...options.configs, override].flatMap((file) => ['--config', file]);
    const child = spawn(options.binary, args, {
      env: {
        ...process.env,
        GOMAXPROCS: '2',
        CRYPTRAIL_STATE: join(folder, 'state'),
        [options.variable]: input,
      },
      stdio: 'ignore',
    });
    const { pid } = child;
    const ended = once(child, 'exit');
    const used = pid === undefined ? 0 : await idle(pid);
    child.kill('SIGTERM');
    await ended;
    return used;
  } finally {
    sink.close();
    sink.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  }
}

function exporterYaml({ pipeline, target, compression = 'none' }: MeasureOptions, port: number): string {
  const exporter =
    target === 'nop'
      ? '  nop/measure: {}'
      : `  otlp_http/measure: { endpoint: "http://127.0.0.1:${port}", compression: ${compression}, sending_queue: { sizer: items, queue_size: 100000, block_on_overflow: true, batch: { min_size: 8192, flush_timeout: 200ms } } }`;
  return [
    'exporters:',
    exporter,
    'service:',
    '  telemetry: { logs: { level: warn }, metrics: { level: none } }',
    `  pipelines: { ${pipeline}: { exporters: [${target === 'nop' ? 'nop/measure' : 'otlp_http/measure'}] } }`,
    '',
  ].join('\n');
}

const TICKS = 100;

/** CPU seconds of a process when it has come to rest: less than 2 % of a core for a second. */
async function idle(pid: number): Promise<number> {
  let before = 0;
  let still = 0;
  for (let turn = 0; turn < 3000; turn += 1) {
    await wait(200);
    const ticks = ticksOf(pid);
    still = ticks > 0 && ticks - before <= 1 ? still + 1 : 0;
    before = ticks;
    if (still >= 6) return ticks / TICKS;
  }
  return before / TICKS;
}

function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
