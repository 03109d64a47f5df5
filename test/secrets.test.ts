import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cryptrail } from './support/cryptrail.ts';
import { AUDIT_KEY, protectedRows, ROW_KEY, signedLog, signLines, toCsv } from './support/signed-sources.ts';

const DIGEST_KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => 7 * index + 11));
const PASSWORD = 'Pl4nted-Passw0rd';
const PIN = 'Pl4nted-PIN-31337';
let folder: string;
const inFolder = (name: string) => join(folder, name);
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(inFolder(name), content);
  return inFolder(name);
};
/** What may be in no output, in the spellings of a key, and the files that hold it by right. */
let secrets: readonly (string | Buffer)[];
let inputs: ReadonlySet<string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cryptrail-secrets-'));
  await cryptrail(['seal', 'init', '--dir', folder]);
  file('audit.key', AUDIT_KEY);
  file('digest.key', DIGEST_KEY.toString('base64'));
  file('400.hex', ROW_KEY.toString('hex'));
  file('keys.json', '{"400": {"type": "hmac", "file": "400.hex"}}');
  file('half.key', AUDIT_KEY.toString('hex').slice(0, 60));
  const line = (text: string) => `time="2024-09-17T08:00:00Z" level=info msg="${text}"`;
  file(
    'audit.log',
    `${[...signLines([line(`open with password=${PASSWORD}`), line(`pin=${PIN}`), `${line('End of current audit log chain')} chain=end`]), ...signedLog('plaintext', 4)].join('\n')}\n`,
  );
  file('broken.log', `${signedLog('plaintext', 5).join('\n').replace('Line 2', `Line password=${PASSWORD}`)}\n`);
  const rows = protectedRows(6).map((row, at) => (at === 2 ? { ...row, searchDetail2: `pin=${PIN}` } : row));
  file('rows.csv', toCsv(rows.filter((_, at) => at !== 4)));
  const agent = (
    key: string,
  ) => `sources: [{ type: file, include: ["${inFolder('audit.log')}", "${inFolder('rows.csv')}"], poll_interval: 50ms }]
export: { file: { path: "${inFolder('run.jsonl')}" } }
evidence: { acra: { key_file: ${key} }, cesecore: { keys: keys.json }, digest: { key_file: digest.key }, seal: { key_file: seal.key } }
original: true
state: state
`;
  file('agent.yaml', agent('audit.key'));
  file('wrong.yaml', agent('half.key'));
  const seal = readFileSync(inFolder('seal.key'), 'utf8').split('\n')[1] ?? '';
  const spelled = (key: Buffer) => [key, key.toString('hex').slice(0, 24), key.toString('base64').slice(0, 20)];
  secrets = [...spelled(AUDIT_KEY), ...spelled(ROW_KEY), ...spelled(DIGEST_KEY), seal.slice(20), PASSWORD, PIN];
  inputs = new Set(readdirSync(folder));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function expectNone(where: string, content: Buffer): void {
  const lower = Buffer.from(content.toString('latin1').toLowerCase(), 'latin1');
  const held = secrets.filter((secret) =>
    typeof secret === 'string' ? lower.includes(secret.toLowerCase()) : content.includes(secret),
  );
  expect({ where, held: held.map(String) }).toEqual({ where, held: [] });
}

it('F07 prints, writes and keeps no key, PIN or password, whatever goes right or wrong', {
  timeout: 120_000,
}, async () => {
  const evidence = ['--acra-key-file', inFolder('audit.key'), '--cesecore-keys', inFolder('keys.json')];
  const digest = ['--digest-key-file', inFolder('digest.key')];
  const sources = ['audit.log', 'broken.log', 'rows.csv'].map(inFolder);
  const sealing = ['--seal', inFolder('a.seal'), '--seal-key', inFolder('seal.key')];
  const exported = ['--original', '--out-file', inFolder('a.jsonl')];
  const chain = ['--key-file', inFolder('audit.key')];
  const [audit = '', broken = '', rows = ''] = sources;
  const acra = ['verify', 'acra', ...chain];
  const state = ['--state', inFolder('state')];
  const runs = [
    [
      'convert',
      ...evidence,
      ...digest,
      ...sealing,
      ...exported,
      '--audit-names',
      '--summary',
      inFolder('sum.json'),
      ...sources,
    ],
    ['convert', '--output', 'table', '--original', ...evidence, ...sources],
    ['convert', '--output', 'ndjson', ...evidence, ...digest, ...sources],
    [...acra, audit],
    [...acra, '--json', broken],
    [...acra, '--state', inFolder('chain.state'), audit],
    ['verify', 'acra', '--key-file', inFolder('half.key'), audit],
    ['verify', 'cesecore', '--keys', inFolder('keys.json'), '--rows', rows],
    ['verify', 'cesecore', '--json', '--keys', inFolder('keys.json'), '--rows', rows, '--log', audit],
    ['verify', '--json', ...chain, '--keys', inFolder('keys.json'), '--from-otlp', inFolder('a.jsonl')],
    ['verify', ...chain, '--keys', inFolder('keys.json'), '--from-otlp', inFolder('a.jsonl')],
    ['verify', 'seal', inFolder('a.seal'), '--from-otlp', inFolder('a.jsonl')],
    ['verify', 'seal', inFolder('a.seal'), '--public', inFolder('seal.key'), '--source', broken],
    ['verify', 'seal', inFolder('a.seal'), '--public', inFolder('audit.key')],
    ['convert', '--seal', inFolder('b.seal'), '--seal-key', inFolder('audit.key'), audit],
    ['run', '--until-idle', '--config', inFolder('agent.yaml')],
    ['run', '--until-idle', '--config', inFolder('wrong.yaml')],
    ['state', 'show', '--json', ...state],
    ['state', 'show', ...state],
    ['doctor', '--file', audit, '--endpoint', 'http://127.0.0.1:9', ...state],
  ];
  for (const args of runs) {
    const { stdout, stderr } = await cryptrail(args);
    expectNone(args.join(' '), Buffer.from(stdout + stderr));
  }
  const written = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const own = written.filter(({ parentPath, name }) => parentPath !== folder || !inputs.has(name));
  expect(own.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['run.jsonl', 'a.jsonl', 'a.seal', 'chain.state', 'seal.jsonl', 'sum.json']),
  );
  for (const { parentPath, name } of own) expectNone(name, readFileSync(join(parentPath, name)));
});
