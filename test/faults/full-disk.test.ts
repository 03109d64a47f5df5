import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cryptrail, recordsOf, startCryptrail } from '../support/cryptrail.ts';
import { Ledger } from './files/ledger.ts';
import { lineOf } from './files/numbered-lines.ts';
import { startBackend } from './files/scripted-backend.ts';

let folder: string;
let disk: string;
let agents: ChildProcess[] = [];

const mayMount = canMount();
const LINES = 400;
const PATIENCE = { timeout: 60_000, interval: 50 };

/** Whether file systems can be mounted here: root may, in most containers not. */
function canMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'cryptrail-mount-'));
  try {
    mount(place);
    execFileSync('umount', [place], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true });
  }
}

function mount(place: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' });
}

/** Leaves no room on the disk, to the last byte. */
function fill(): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'ballast'), '');
  for (let left = bavail * bsize; left > 0; left -= bsize)
    try {
      appendFileSync(join(disk, 'ballast'), Buffer.alloc(bsize));
    } catch {
      return;
    }
}

const makeRoom = () => rmSync(join(disk, 'ballast'));
const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${lineOf('acra-json', from + index)}\n`).join('');
const write = (from: number, to: number) => appendFileSync(join(folder, 'acra.log'), lines(from, to));

function configure(rest: string): string {
  const path = join(folder, 'agent.yaml');
  writeFileSync(
    path,
    `sources: [{ type: file, include: ["${folder}/acra.log"], poll_interval: 50ms }]
original: true
telemetry: { listen: off }
${rest}`,
  );
  return path;
}

/** An agent, and what it says. */
function start(config: string) {
  const agent = startCryptrail(['run', '--config', config]);
  agents.push(agent);
  const heard = { said: '' };
  agent.stderr.on('data', (chunk: Buffer) => {
    heard.said += chunk.toString();
  });
  agent.stdout.resume();
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    const ended = once(agent, 'exit');
    agent.kill(signal);
    await ended;
    return agent.exitCode ?? agent.signalCode;
  };
  return { heard, end };
}

describe.skipIf(!mayMount)(`a disk that is full${mayMount ? '' : ' (left out: nothing may be mounted here)'}`, () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cryptrail-disk-'));
    disk = join(folder, 'disk');
    mkdirSync(disk);
    mount(disk);
    agents = [];
  });
  afterEach(async () => {
    for (const agent of agents) agent.kill('SIGKILL');
    await Promise.all(agents.map((agent) => agent.exitCode ?? agent.signalCode ?? once(agent, 'exit')));
    execFileSync('umount', [disk]);
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'fault 15 that of the state: the agent delivers on and says so, loses nothing when %s ends it, and saves again later',
    async (signal) => {
      const ledger = new Ledger(LINES, () => 'acra-json');
      const backend = await startBackend((record) => ledger.take(record));
      try {
        const config = configure(`export: { otlp: { endpoint: "${backend.url}" } }\nstate: disk/state\n`);
        write(1, 100);
        const agent = start(config);
        await expect.poll(() => ledger.arrived, PATIENCE).toBe(100);
        fill();
        write(101, 200);
        await expect.poll(() => ledger.arrived, PATIENCE).toBe(200);
        await expect.poll(() => agent.heard.said, PATIENCE).toMatch(/no space left/);
        await agent.end(signal);
        // Still full: one that starts now may refuse to, or begin where its place was known last.
        const next = start(config);
        write(201, 300);
        await expect
          .poll(() => ledger.arrived + (agents[1]?.exitCode === null ? 0 : LINES), PATIENCE)
          .toBeGreaterThanOrEqual(300);
        makeRoom();
        await next.end('SIGTERM');
        write(301, LINES);
        expect((await cryptrail(['run', '--config', config, '--until-idle'])).status).toBe(0);
        const { lost, altered, unequal, others, duplicates } = ledger.verdict();
        expect({ lost, altered, unequal, others: [...others] }).toEqual({
          lost: [],
          altered: [],
          unequal: 0,
          others: [],
        });
        expect((await cryptrail(['run', '--config', config, '--until-idle'])).status).toBe(0);
        expect(ledger.verdict().duplicates).toBe(duplicates);
      } finally {
        backend.close();
      }
    },
  );

  it('fault 15 that of the output: the agent waits for room, and writes every record once', async () => {
    const config = configure(`export: { file: { path: "${disk}/out.jsonl" } }\nstate: state\n`);
    const written = () => {
      const text = readFileSync(join(disk, 'out.jsonl'), 'utf8');
      return recordsOf(text.slice(0, text.lastIndexOf('\n') + 1));
    };
    write(1, 100);
    const agent = start(config);
    await expect.poll(() => written().length, PATIENCE).toBe(100);
    fill();
    write(101, LINES);
    await expect.poll(() => agent.heard.said, PATIENCE).toMatch(/no space left/);
    makeRoom();
    await expect.poll(() => written().length, PATIENCE).toBe(LINES);
    expect(await agent.end('SIGTERM')).toBe(0);
    expect(written().map(({ attributes }) => attributes.get('log.record.original'))).toEqual(
      lines(1, LINES).split('\n').slice(0, -1),
    );
  });
});
