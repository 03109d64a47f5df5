/** Runs a program and tells what it used. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export interface Usage {
  /** CPU time of all threads, user and system, in microseconds. */
  readonly cpuMicros: number;
  readonly wallMillis: number;
  readonly peakKilobytes: number;
  readonly output: string;
}

const REPORT = join(import.meta.dirname, 'report-usage.mjs');

/** Runs a script with this Node.js on the built packages. @throws when it fails. */
export async function measure(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Usage> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', REPORT, script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...env },
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const [output, errors, usage, status] = await Promise.all([
    text(child.stdout as Readable),
    text(child.stderr as Readable),
    text(child.stdio[3] as Readable),
    ended,
  ]);
  if (status !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${status}: ${errors}`);
  const { cpuMicros, peakKilobytes } = JSON.parse(usage);
  return { cpuMicros, peakKilobytes, wallMillis: performance.now() - began, output };
}

/** The middle of some figures. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
