import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { startBackend } from '../faults/files/scripted-backend.ts';
import { findCollector } from './support/run-collector.ts';

const binary = findCollector() ?? '';
const folder = mkdtempSync(join(tmpdir(), 'cryptrail-newcomer-'));
const README = 'packages/collector/README.md';

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The commands of the first section, as they stand there; what they would install is here. */
function steps(): string {
  const block =
    /^## First events$[\s\S]*?^```sh no-run\n([\s\S]*?)^```$/m.exec(readFileSync(README, 'utf8'))?.[1] ?? '';
  return block.replace(/^npm install .*\n/gm, '');
}

/** Both programs by the names that the page uses. */
function path(): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(binary, join(bin, 'otelcol-contrib'));
  const program = `#!/bin/sh\nexec "${process.execPath}" "${resolve('packages/agent/dist/cli.js')}" "$@"\n`;
  writeFileSync(join(bin, 'cryptrail'), program, { mode: 0o755 });
  return [bin, process.env.PATH].join(delimiter);
}

describe.skipIf(binary === '')('the first steps with a Collector', () => {
  const PATH = path();

  /** Runs commands in a shell of their own until something holds; gives what they said. */
  async function runUntil(script: string, env: Readonly<Record<string, string>>, holds: (said: string) => boolean) {
    const cwd = mkdtempSync(join(folder, 'home-'));
    const shell = spawn('bash', ['--norc', '-eu', '-c', script], {
      cwd,
      env: { ...process.env, PATH, ...env },
      detached: true,
    });
    const gone = once(shell, 'exit');
    let said = '';
    for (const stream of [shell.stdout, shell.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    for (let turn = 0; turn < 300 && !holds(said) && shell.exitCode === null; turn += 1) await sleep(200);
    // The shell and the Collector in it are a group of their own.
    if (shell.exitCode === null && shell.pid !== undefined) process.kill(-shell.pid, 'SIGTERM');
    await gone;
    return said;
  }

  it('are one file and two variables, and bring an event', async () => {
    const events: string[] = [];
    const backend = await startBackend(({ eventName }) => void events.push(eventName ?? ''));
    const said = await runUntil(steps(), { CRYPTRAIL_ENDPOINT: backend.url }, () => events.length > 0);
    backend.close();
    expect(events, said).toEqual(['acra.decryptor.recognized_poison_record']);
    expect(new Set(steps().match(/CRYPTRAIL_\w+/g))).toEqual(new Set(['CRYPTRAIL_ACRA_LOG', 'CRYPTRAIL_STATE']));
  });

  it('say what the page says when a variable is forgotten', async () => {
    const forgotten = steps().replace(/ CRYPTRAIL_STATE=\S+/, '');
    expect(await runUntil(forgotten, {}, () => false)).toContain('mkdir : no such file or directory');
  });

  it('say what the page says when there is a log and no backend', async () => {
    const nowhere = { CRYPTRAIL_ENDPOINT: 'http://127.0.0.1:9' };
    const said = await runUntil(steps(), nowhere, (text) => text.includes('Will retry'));
    expect(said).toContain('Started watching file');
    expect(said).toContain('Exporting failed. Will retry');
  });
});
