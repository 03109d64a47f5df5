import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Ledger, type Verdict } from './ledger.ts';
import type { Kind } from './numbered-lines.ts';
import { startBackend } from './scripted-backend.ts';
import type { Writing } from './write-lines.ts';

/** What is done to the agent while it reads. */
export interface Trial {
  /** Lines that are written, over all logs. */
  readonly lines: number;
  /** Lines a second and log. */
  readonly rate: number;
  /** Size at which logs are rotated. */
  readonly maxBytes: number;
  readonly kills: number;
  readonly refusedShare: number;
  readonly latencyMillis: number;
  readonly outageMillis: number;
  /** Told what goes on, for runs of many minutes. */
  readonly onProgress?: (message: string) => void;
}

/** What came of a trial. */
export interface Outcome extends Verdict {
  readonly seconds: number;
  /** Status of the last run, which ended by itself. */
  readonly status: number | null;
  /** The last lines that the agent said. */
  readonly said: string;
  readonly requests: { readonly accepted: number; readonly refused: number; readonly broken: number };
}

const LOGS: readonly {
  readonly name: string;
  readonly kind: Kind;
  readonly rotation: 'rename' | 'truncate';
  readonly packs: boolean;
}[] = [
  { name: 'acra.log', kind: 'acra-json', rotation: 'rename', packs: true },
  { name: 'server.log', kind: 'ejbca', rotation: 'truncate', packs: false },
  { name: 'other.log', kind: 'acra-text', rotation: 'truncate', packs: true },
];

const PROGRAM = resolve('packages/agent/dist/cli.js');

/**
 * Writes numbered lines into logs that rotate, kills the agent while it reads them and plays a bad backend; then lets everything heal, and says what
 * has arrived.
 */
export async function tryAgent(trial: Trial): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'oracle-'));
  const begun = performance.now();
  const share = Math.ceil(trial.lines / LOGS.length);
  const kindOf = (id: number): Kind => LOGS[Math.floor((id - 1) / share)]?.kind ?? 'acra-json';
  const ledger = new Ledger(trial.lines, kindOf);
  const backend = await startBackend((record) => ledger.take(record));
  backend.behaviour.latencyMillis = trial.latencyMillis;
  backend.behaviour.refusedShare = trial.refusedShare;
  const config = join(folder, 'cryptrail.yaml');
  writeFileSync(config, configuration(folder, backend.url));
  const writers = LOGS.map(({ name, ...log }, index) =>
    startWriter({
      ...log,
      path: join(folder, name),
      from: index * share + 1,
      to: Math.min(trial.lines, (index + 1) * share),
      rate: trial.rate,
      maxBytes: trial.maxBytes,
    }),
  );
  let writing = writers.length;
  for (const writer of writers) writer.once('exit', () => (writing -= 1));
  const outage = playOutage(trial, backend.behaviour);
  let said = '';
  const hear = (text: string) => {
    said = (said + text).slice(-20_000);
  };
  try {
    for (let kills = 0; kills < trial.kills; kills += 1) {
      const agent = startAgent(config, [], hear);
      const ended = once(agent, 'exit');
      await Promise.race([sleep(300 + Math.random() * killAfter(trial)), ended]);
      if (agent.exitCode !== null) throw new Error(`the agent ended by itself: ${said}`);
      agent.kill('SIGKILL');
      await ended;
      trial.onProgress?.(
        `kill ${kills + 1}: ${ledger.arrived} of ${trial.lines} lines have arrived; ${writing} logs are still written`,
      );
    }
    const agent = startAgent(config, [], hear);
    while (writing > 0) {
      await sleep(500);
      if (agent.exitCode !== null) throw new Error(`the agent ended by itself: ${said}`);
    }
    trial.onProgress?.(`all is written; ${ledger.arrived} of ${trial.lines} lines have arrived`);
    agent.kill('SIGKILL');
    await once(agent, 'exit');
    await outage;
    backend.behaviour.refusedShare = 0;
    const last = startAgent(config, ['--until-idle'], hear);
    const [status] = (await once(last, 'exit')) as [number | null];
    return {
      ...ledger.verdict(),
      seconds: (performance.now() - begun) / 1000,
      status,
      said,
      requests: backend.counts,
    };
  } finally {
    for (const writer of writers) writer.kill('SIGKILL');
    backend.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Kills are spread over the time of writing. */
function killAfter({ lines, rate, kills }: Trial): number {
  return Math.max(200, ((lines / LOGS.length / rate) * 2000) / Math.max(1, kills) - 600);
}

async function playOutage({ outageMillis, lines, rate }: Trial, behaviour: { isDown: boolean }): Promise<void> {
  if (outageMillis === 0) return;
  await sleep((lines / LOGS.length / rate) * 300);
  behaviour.isDown = true;
  await sleep(outageMillis);
  behaviour.isDown = false;
}

function configuration(folder: string, url: string): string {
  return `sources:
  - { type: file, include: ["${folder}/*.log*"], poll_interval: 100ms }
export:
  otlp: { endpoint: "${url}", compression: gzip }
state: ${folder}/state
original: true
telemetry: { listen: off }
`;
}

function startWriter(writing: Writing): ChildProcess {
  const script = fileURLToPath(new URL('./write-lines.ts', import.meta.url));
  return spawn(process.execPath, [script, JSON.stringify(writing)], { stdio: ['ignore', 'inherit', 'inherit'] });
}

function startAgent(config: string, more: readonly string[], hear: (text: string) => void): ChildProcess {
  const agent = spawn(process.execPath, [PROGRAM, 'run', '--config', config, ...more], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  agent.stderr?.setEncoding('utf8').on('data', hear);
  return agent;
}
