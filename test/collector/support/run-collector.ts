import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const BUILDER = fileURLToPath(new URL('../../../scripts/build-collector.mjs', import.meta.url));

/** The Collector binary that the build script made or OTELCOL names; undefined where there is none. */
export function findCollector(): string | undefined {
  const { status, stdout } = spawnSync(process.execPath, [BUILDER, '--print'], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** One `ExportLogsServiceRequest` as the file exporter writes it. */
export interface ExportedLogs {
  readonly resourceLogs: readonly {
    readonly resource?: { readonly attributes?: readonly KeyValue[] };
    readonly scopeLogs: readonly { readonly logRecords?: readonly ExportedRecord[] }[];
  }[];
}

export interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export interface ExportedRecord {
  readonly timeUnixNano?: string;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly eventName?: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly attributes?: readonly KeyValue[];
}

export interface RunOptions {
  readonly binary: string;
  /** Configuration files, merged in order. */
  readonly configs: readonly string[];
  /** Pipelines whose records are wanted. */
  readonly pipelines: readonly string[];
  /** Folder for output and state. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Records that are expected; the Collector is stopped when they are there, or when nothing more comes for a while. */
  readonly expected?: number;
}

/** Runs a configuration with its exporters replaced by a file, until all that is there has been read. */
export async function runCollector({
  binary,
  configs,
  pipelines,
  folder,
  env,
  expected,
}: RunOptions): Promise<{ logs: ExportedLogs[]; stderr: string }> {
  const output = join(folder, 'out.jsonl');
  const override = join(folder, 'override.yaml');
  writeFileSync(override, overrideYaml(output, pipelines));
  const args = [...configs, override].flatMap((file) => ['--config', file]);
  const child = spawn(binary, args, {
    env: { ...process.env, GOMAXPROCS: '2', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk);
  });
  await settled(child, output, expected);
  await stop(child);
  const text = existsSync(output) ? readFileSync(output, 'utf8') : '';
  return { logs: text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)])), stderr };
}

/** The records of an output, in order. */
export function fromOutput(logs: readonly ExportedLogs[]): ExportedRecord[] {
  return logs.flatMap(({ resourceLogs }) =>
    resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords = [] }) => logRecords)),
  );
}

function overrideYaml(output: string, pipelines: readonly string[]): string {
  return [
    'exporters:',
    `  file/test: { path: ${output}, flush_interval: 100ms }`,
    'service:',
    '  telemetry: { logs: { level: warn }, metrics: { level: none } }',
    '  pipelines:',
    ...pipelines.map((name) => `    ${name}: { exporters: [file/test] }`),
    '',
  ].join('\n');
}

/** Waits until the output has what is expected and stands still, or stands still for long. */
async function settled(child: ChildProcess, output: string, expected: number | undefined): Promise<void> {
  let size = -1;
  let still = 0;
  for (let turn = 0; turn < 600 && child.exitCode === null; turn += 1) {
    await wait(200);
    const now = existsSync(output) ? statSync(output).size : 0;
    still = now === size ? still + 1 : 0;
    size = now;
    const isThere = expected !== undefined && size > 0 && still >= 2 && countRecords(output) >= expected;
    if (isThere || still >= (size > 0 ? 40 : 250)) return;
  }
}

function countRecords(output: string): number {
  return readFileSync(output, 'utf8').split('"observedTimeUnixNano"').length - 1;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([ended, wait(10_000)]);
  if (child.exitCode === null) child.kill('SIGKILL');
}
