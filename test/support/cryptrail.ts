import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

/** How a run of the built program ended. */
export interface Run {
  /** Exit status, or the signal that ended it. */
  readonly status: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

const PROGRAM = resolve('packages/agent/dist/cli.js');

/** Starts the built program as a user would: stdin closed unless text is given, no terminal, no colour. */
export function startCryptrail(
  args: readonly string[],
  cwd = process.cwd(),
  environment: Readonly<Record<string, string>> = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [PROGRAM, ...args], { cwd, env: { ...process.env, NO_COLOR: '1', ...environment } });
}

/** Runs the built program to its end. */
export async function cryptrail(
  args: readonly string[],
  input: string | Uint8Array = '',
  cwd?: string,
  environment?: Readonly<Record<string, string>>,
): Promise<Run> {
  const child = startCryptrail(args, cwd, environment);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // The program may end before it has read everything.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { status: signal ?? code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
}

/** What a run cost. */
export interface MeasuredRun extends Run {
  /** Computing time of the program: unlike the clock it does not depend on what else runs. */
  readonly seconds: number;
  /** The most memory that the program held. */
  readonly peakBytes: number;
}

/** The system's own count of a process would begin at the size of its parent. */
const TELL_COST = resolve('test/support/tell-cost.ts');

/** Runs the built program to its end and measures it; on Linux only. */
export async function measuredCryptrail(args: readonly string[]): Promise<MeasuredRun> {
  const run = await cryptrail(args, '', undefined, { NODE_OPTIONS: `--import "${TELL_COST}"` });
  const [stderr = '', cost = ''] = run.stderr.split(/cost (?=\d+ \d+$)/);
  const [kibibytes, micros] = cost.split(' ').map(Number);
  return { ...run, stderr, seconds: (micros ?? Number.NaN) / 1e6, peakBytes: (kibibytes ?? Number.NaN) * 1024 };
}

/** A record of an otlp-json line, as far as tests look at it. */
export interface SentRecord {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly eventName?: string;
  readonly body: { readonly stringValue: string };
  readonly attributes: ReadonlyMap<string, string>;
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** All records of OTLP JSON Lines, in order. Values of attributes are given as text. */
export function recordsOf(lines: string): SentRecord[] {
  const requests = lines
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return requests.flatMap(({ resourceLogs }) =>
    resourceLogs.flatMap(
      ({ scopeLogs }: { scopeLogs: { logRecords: (SentRecord & { attributes: KeyValue[] })[] }[] }) =>
        scopeLogs.flatMap(({ logRecords }) =>
          logRecords.map((record) => ({
            ...record,
            attributes: new Map(record.attributes.map(({ key, value }) => [key, String(Object.values(value)[0])])),
          })),
        ),
    ),
  );
}
