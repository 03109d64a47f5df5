import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cryptrail } from './support/cryptrail.ts';

/** Commands whose example names a file or a backend that only its reader has. */
const NEEDS_OWN_FILES = new Set(['verify', 'run', 'replay', 'doctor']);

const page = readFileSync('docs/cli.md', 'utf8');
const commands = [...(await cryptrail(['--help'])).stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(
  ([, name = '']) => name,
);

it('knows the commands of the program', () => {
  expect(commands).toContain('convert');
});

describe.each(commands)('docs/cli.md and cryptrail %s --help', (command) => {
  it('name the same flags', async () => {
    const { stdout } = await cryptrail([command, '--help']);
    const flags = [...stdout.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => `--${name}`);
    expect(flags.filter((flag) => !page.includes(flag))).toEqual([]);
    expect(page).toContain(`\`cryptrail ${command}`);
  });

  it.skipIf(NEEDS_OWN_FILES.has(command))('the examples of the help work when they are pasted', async () => {
    const { stdout } = await cryptrail([command, '--help']);
    const examples = [...(/^Examples?:\n((?: {2}.*\n)+)/m.exec(stdout)?.[1] ?? '').matchAll(/^ {2}(.*)$/gm)];
    expect(examples.length).toBeGreaterThan(0);
    const path = [resolve('node_modules/.bin'), process.env.PATH].join(delimiter);
    const folder = mkdtempSync(join(tmpdir(), 'cryptrail-examples-'));
    for (const [, line = ''] of examples) {
      const options = { cwd: folder, env: { ...process.env, PATH: path, NO_COLOR: '1' }, encoding: 'utf8' } as const;
      const { status, stderr } = spawnSync('bash', ['--norc', '-eu', '-o', 'pipefail', '-c', line], options);
      expect({ line, status, stderr }).toEqual({ line, status: 0, stderr: '' });
    }
    rmSync(folder, { recursive: true });
  });
});
