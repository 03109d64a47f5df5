import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cryptrail, recordsOf } from './support/cryptrail.ts';
import { AUDIT_KEY, signedLog } from './support/signed-sources.ts';

let folder: string;
const inFolder = (name: string) => join(folder, name);
const LOG = signedLog('plaintext', 9).map((line) => `${line}\n`);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cryptrail-run-evidence-'));
  writeFileSync(inFolder('audit.key'), AUDIT_KEY);
  await cryptrail(['seal', 'init', '--dir', folder]);
  writeFileSync(
    inFolder('agent.yaml'),
    `sources:
  - { type: file, include: ["${folder}/*.log*"], product: acra, poll_interval: 50ms }
export:
  file: { path: "${folder}/out.jsonl" }
evidence: { acra: { key_file: audit.key }, seal: { key_file: seal.key } }
state: state
original: true
`,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (lines: readonly string[], name = 'audit.log') => appendFileSync(inFolder(name), lines.join(''));
const run = async () => {
  const { status, stderr } = await cryptrail(['run', '--config', inFolder('agent.yaml'), '--until-idle']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
};
const delivered = () => recordsOf(readFileSync(inFolder('out.jsonl'), 'utf8'));
const statuses = () =>
  delivered().map(({ attributes, eventName }) => attributes.get('cryptrail.integrity.status') ?? eventName);

describe('cryptrail run with keys', { timeout: 120_000 }, () => {
  it('C46 C48 F08 follows a chain over restarts and rotations, and finds what was changed in between', async () => {
    write(LOG.slice(0, 3));
    await run();
    write(LOG.slice(3, 5));
    await run();
    renameSync(inFolder('audit.log'), inFolder('audit.log.1'));
    write(LOG.slice(5, 6), 'audit.log.1');
    write(LOG.slice(6, 7));
    await run();
    expect(statuses()).toEqual(Array.from({ length: 7 }, () => 'verified'));
    write([LOG[7]?.replace('Line', 'line') ?? '', LOG[8] ?? '']);
    await run();
    expect(statuses().slice(7)).toEqual(['cryptrail.integrity.chain_broken', 'failed', 'unanchored']);
  });

  it('C31 F07 seals what it reads, over restarts, and proves its export with it', async () => {
    for (const part of [LOG.slice(0, 4), LOG.slice(4, 5), LOG.slice(5)]) {
      write(part);
      await run();
    }
    const seal = ['verify', 'seal', '--json', '--public', inFolder('seal.pub'), inFolder('state/seal.jsonl')];
    for (const against of [
      ['--source', inFolder('audit.log')],
      ['--from-otlp', inFolder('out.jsonl')],
    ]) {
      const { status, stdout } = await cryptrail([...seal, ...against]);
      expect({ status, verdict: JSON.parse(stdout) }).toMatchObject({ status: 0, verdict: { ok: true, closed: true } });
      expect(Object.values(JSON.parse(stdout).streams)).toMatchObject([{ records: 9, verified: 9, unsealed: 0 }]);
    }
    writeFileSync(inFolder('audit.log'), LOG.join('').replace('Line 4', 'Line X'));
    const changed = await cryptrail([...seal, '--source', inFolder('audit.log')]);
    expect(changed.status).toBe(1);
    expect(Object.values(JSON.parse(changed.stdout).streams)).toMatchObject([{ broken: [{ class: 'altered' }] }]);
  });

  it('F07 keeps no key in its state, and what could go on with a chain where only its owner reads', async () => {
    write(LOG.slice(0, 3));
    await run();
    const secrets = [AUDIT_KEY, readFileSync(inFolder('seal.key'))];
    const files = readdirSync(inFolder('state'), { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const { parentPath, name } of files) {
      const content = readFileSync(join(parentPath, name));
      for (const secret of secrets)
        for (const text of [secret, secret.toString('hex').slice(0, 32), secret.toString('base64').slice(0, 24)])
          expect({ name, holds: content.includes(text) }).toEqual({ name, holds: false });
    }
    expect(statSync(inFolder('state')).mode & 0o077).toBe(0);
  });
});
