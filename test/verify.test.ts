import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cryptrail, recordsOf, type SentRecord } from './support/cryptrail.ts';
import { AUDIT_KEY, logLine, protect, protectedRows, ROW_KEY, signedLog, toCsv } from './support/signed-sources.ts';

let folder: string;
const inFolder = (name: string) => join(folder, name);
const file = (name: string, content: string | Uint8Array) => {
  const path = inFolder(name);
  writeFileSync(path, content);
  return path;
};
const log = (name: string, lines: readonly string[]) => file(name, `${lines.join('\n')}\n`);
const LOG = signedLog('plaintext', 6);
const ROWS = protectedRows(8);
const OTHER_KEY = Buffer.alloc(32, 9);

let key: string;
let keys: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cryptrail-verify-'));
  key = file('audit, now.key', `${AUDIT_KEY.toString('hex')}\n`);
  file('400.hex', ROW_KEY.toString('hex'));
  keys = file('keys.json', '{"400": {"type": "hmac", "file": "400.hex"}}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const verifyLog = (...args: string[]) => cryptrail(['verify', 'acra', '--key-file', key, ...args]);
const verifyRows = (...args: string[]) => cryptrail(['verify', 'cesecore', '--keys', keys, ...args]);
/** Where the record stood in its file. */
const place = ({ attributes }: SentRecord) => Number(attributes.get('log.file.record_number'));
const inPlace = <T>(items: readonly T[], at: number, change: (item: T) => T) =>
  items.map((item, index) => (index === at ? change(item) : item));

describe('cryptrail verify acra', () => {
  it.each(['plaintext', 'cef', 'json'] as const)('C45 passes a valid chain of %s with status 0', async (format) => {
    const { status, stdout, stderr } = await verifyLog('--json', log(`${format}.log`, signedLog(format, 5)));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, records: 5, verified: 5, warnings: [], notes: [] });
  });

  it('C45 prints the verdict in the promised shape', async () => {
    const path = log(
      'shape.log',
      inPlace(LOG, 3, (line) => line.replace('Line 3', 'Line X')),
    );
    const { status, stdout } = await verifyLog('--json', path);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      error: { class: 'integrity_mismatch', file: path, line: 4, message: expect.any(String) },
      warnings: [],
      records: 4,
      verified: 3,
      chains: [{ file: path, firstLine: 1, lastFile: path, lastLine: 3, closed: false, key: 0 }],
      notes: [{ class: 'chain_not_closed', file: path, line: 3, message: expect.any(String) }],
    });
  });

  const swap = (lines: readonly string[]) => [...lines.slice(0, 2), lines[3], lines[2], ...lines.slice(4)];
  it.each<[string, (lines: readonly string[]) => readonly (string | undefined)[], string]>([
    ['altered', (lines) => inPlace(lines, 2, (line) => line.replace('Line', 'line')), 'integrity_mismatch'],
    ['deleted', (lines) => lines.filter((_, index) => index !== 2), 'integrity_mismatch'],
    ['moved', swap, 'integrity_mismatch'],
    ['repeated', (lines) => [...lines.slice(0, 3), ...lines.slice(2)], 'integrity_mismatch'],
    ['cut off before the next start', (lines) => [...lines.slice(0, 4), ...lines], 'missing_end_of_chain'],
  ])('C31 C46 finds a line that was %s', async (what, change, kind) => {
    const { status, stdout } = await verifyLog('--json', log(`${what}.log`, change(LOG).map(String)));
    expect({ status, kind: JSON.parse(stdout).error.class }).toEqual({ status: 1, kind });
  });

  it('C46 warns of a tail that was cut off', async () => {
    const { status, stdout } = await verifyLog(log('tail.log', LOG.slice(0, 4)));
    expect(status).toBe(0);
    expect(stdout).toContain('the last chain has no end mark');
  });

  it('C46 follows a chain over rotated files, some of them compressed', async () => {
    const first = file('audit.log.1.gz', gzipSync(`${LOG.slice(0, 3).join('\n')}\n`));
    const second = log('audit.log', LOG.slice(3));
    const { status, stdout } = await verifyLog('--json', first, second);
    const open = status === 0;
    // Without readers of archives a compressed file is a fault that is named, never a verdict on bytes that are no lines.
    if (open) expect(JSON.parse(stdout)).toMatchObject({ ok: true, verified: 6 });
    else expect(status).toBe(1);
  });

  it('C46 goes on with the next rotated file where the last good run ended', async () => {
    const state = inFolder('chain.state');
    const [one, two] = [log('part.1', LOG.slice(0, 3)), log('part.2', LOG.slice(3))];
    const lost = log('part.2-lost', LOG.slice(4));
    expect((await verifyLog('--state', state, one)).status).toBe(0);
    expect(statSync(state).mode & 0o777).toBe(0o600);
    expect(readFileSync(state, 'utf8')).not.toContain(AUDIT_KEY.toString('hex'));
    expect((await verifyLog(two)).status).toBe(1);
    expect((await verifyLog('--state', state, lost)).status).toBe(1);
    const { status, stdout } = await verifyLog('--json', '--state', state, two);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verified: 3, chains: [{ file: one, lastFile: two, closed: true }] });
    writeFileSync(state, '{"version":1}');
    expect((await verifyLog('--state', state, two)).stderr).toMatch(/state file .* is damaged/);
  });

  it('C46 checks each chain with the key that fits, and reads keys from files with commas and from the environment', async () => {
    const path = log('rotated-key.log', [...signedLog('plaintext', 3, OTHER_KEY), ...LOG]);
    expect((await verifyLog('--json', path)).status).toBe(1);
    const args = ['verify', 'acra', '--json', '--key-file', key, '--key-env', 'OLD_KEY', path];
    const { status, stdout } = await cryptrail(args, '', undefined, { OLD_KEY: OTHER_KEY.toString('base64') });
    expect(status).toBe(0);
    expect(JSON.parse(stdout).chains.map((chain: { key: number }) => chain.key)).toEqual([1, 0]);
  });

  it('C48 passes a chain put together again from exported records, and finds what was changed in the export', async () => {
    const signed = log('exported.log', LOG);
    const { stdout } = await cryptrail(['convert', '--original', '--output', 'otlp-json', signed]);
    const exported = recordsOf(stdout)
      .toReversed()
      .sort((a, b) => place(a) - place(b))
      .map(({ attributes }) => String(attributes.get('log.record.original')));
    expect(exported).toEqual(LOG);
    const whole = await verifyLog('--json', log('again.log', exported));
    expect({ status: whole.status, verdict: JSON.parse(whole.stdout) }).toMatchObject({
      status: 0,
      verdict: { ok: true, verified: LOG.length },
    });
    const changed = inPlace(exported, 2, (line) => line.replace('Line', 'line'));
    expect((await verifyLog('--json', log('changed.log', changed))).status).toBe(1);
  });

  it('reads a log that nobody may write, and leaves it as it was', async () => {
    const path = log('read-only.log', LOG);
    chmodSync(path, 0o444);
    const before = statSync(path);
    expect((await verifyLog(path)).status).toBe(0);
    const { mtimeMs, mode, size } = statSync(path);
    expect({ mtimeMs, mode, size }).toEqual({ mtimeMs: before.mtimeMs, mode: before.mode, size: before.size });
  });

  it('calls a missing file an error, or a warning when that is allowed', async () => {
    const gone = inFolder('gone.log');
    const path = log('there.log', LOG);
    expect(JSON.parse((await verifyLog('--json', gone, path)).stdout).error).toMatchObject({
      class: 'file_missing',
      file: gone,
      line: null,
    });
    const allowed = await verifyLog('--json', '--missing-ok', gone, path);
    expect(allowed.status).toBe(0);
    expect(JSON.parse(allowed.stdout).warnings).toEqual([{ class: 'file_missing', file: gone, line: null }]);
  });

  it.each([
    [['verify']],
    [['verify', 'akra', 'x.log']],
    [['verify', 'acra']],
    [['verify', 'acra', 'x.log']],
    [['verify', 'acra', '--format', 'xml', 'x.log']],
    [['verify', 'acra', '--key', AUDIT_KEY.toString('hex'), 'x.log']],
    [['verify', 'acra', '--key-env', 'NO_SUCH_VARIABLE', 'x.log']],
    [['verify', 'cesecore']],
  ])('calls %j misuse, with one line', async (args) => {
    const { status, stdout, stderr } = await cryptrail(args);
    expect({ status, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ status: 2, stdout: '', lines: 1 });
  });

  it('says in words that a key file cannot be read', async () => {
    const { status, stdout, stderr } = await cryptrail(['verify', 'acra', '--key-file', folder, log('a.log', LOG)]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^cryptrail: the key file .* cannot be read: [a-z ]+\n$/i);
  });
});

describe('cryptrail verify cesecore', () => {
  it('D10 verifies exported rows and prints the verdict in the promised shape', async () => {
    const { status, stdout, stderr } = await verifyRows('--json', '--rows', file('rows, all.csv', toCsv(ROWS)));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      rows: 8,
      protection: { ok: 8, bad: 0, unprotected: 0, unknown_key: 0, algorithm_mismatch: 0, malformed: 0 },
      bad_rows: [],
      nodes: { 'node-1': { rows: 8, min: 0, max: 7, gaps: [], duplicates: [], clock_steps: [], resets: [] } },
      log_only: [],
      table_only: [],
      findings: [],
      official: [],
    });
  });

  it('D13 D14 D16 names a changed row, a gap and a twin, with status 1', async () => {
    const changed = inPlace(ROWS, 2, (row) => ({ ...row, eventStatus: 'FAILURE' })).filter((_, index) => index !== 5);
    const twin = protect({ ...protectedRows(1)[0], pk: 'twin', sequenceNumber: '6' } as (typeof ROWS)[number]);
    const { status, stdout } = await verifyRows('--json', '--rows', file('bad.csv', toCsv([...changed, twin])));
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      bad_rows: [{ pk: 'node-100000002', node: 'node-1', sequence: 2, verdict: 'bad' }],
      nodes: { 'node-1': { gaps: [{ from: 5, to: 5 }], duplicates: [{ sequence: 6 }] } },
      official: [
        { node: 'node-1', first: 1, second: 2, kind: 'unverifiable' },
        { node: 'node-1', first: 4, second: 6, kind: 'missing' },
        { node: 'node-1', first: 6, second: 6, kind: 'missing' },
      ],
    });
  });

  it('D15 merges overlapping pages of two nodes in one run', async () => {
    const others = protectedRows(4, 'node-2', 100);
    const pages = [file('p,1.csv', toCsv(ROWS.slice(0, 5))), file('p2.csv', toCsv([...ROWS.slice(3), ...others]))];
    const { status, stdout } = await verifyRows('--json', ...pages.flatMap((page) => ['--rows', page]));
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rows: 12, nodes: { 'node-1': { rows: 8 }, 'node-2': { min: 100 } } });
  });

  it('F08 compares the log with the table, in both directions', async () => {
    const lines = file('server,1.log', ROWS.map((row) => `${logLine(row)}\n`).join(''));
    const whole = await verifyRows('--json', '--rows', file('whole.csv', toCsv(ROWS)), '--log', lines);
    expect({ status: whole.status, verdict: JSON.parse(whole.stdout) }).toMatchObject({
      status: 0,
      verdict: { log_only: [], table_only: [], findings: [] },
    });
    const less = file('less.csv', toCsv(ROWS.filter((_, index) => index !== 4)));
    expect(JSON.parse((await verifyRows('--json', '--rows', less, '--log', lines)).stdout).log_only).toEqual([
      { node: 'node-1', time: '2023-11-14T22:13:24.000Z', event: 'CERT_CREATION' },
    ]);
    const [first] = ROWS;
    const forged = first && protect({ ...first, pk: 'forged', sequenceNumber: '8', searchDetail1: 'X' });
    const more = file('more.csv', toCsv([...ROWS, ...(forged ? [forged] : [])]));
    expect(JSON.parse((await verifyRows('--json', '--rows', more, '--log', lines)).stdout).table_only).toEqual([
      { node: 'node-1', sequence: 8, pk: 'forged' },
    ]);
  });

  it('D16 remembers the highest number and finds a lost tail in the next run', async () => {
    const state = inFolder('state, 1.json');
    const whole = file('day-1.csv', toCsv(ROWS));
    expect((await verifyRows('--state', state, '--rows', whole)).status).toBe(0);
    expect(statSync(state).mode & 0o777).toBe(0o600);
    const cut = file('day-2.csv', toCsv(ROWS.slice(0, 6)));
    for (let run = 0; run < 2; run += 1) {
      const { status, stdout } = await verifyRows('--json', '--state', state, '--rows', cut);
      expect(status).toBe(1);
      expect(JSON.parse(stdout).findings).toMatchObject([{ class: 'lost_tail', node: 'node-1', sequence: 7 }]);
    }
  });

  it('D72 D75 tells gaps in the time of an outage from others, unless the device leaves none', async () => {
    const less = file('outage.csv', toCsv(ROWS.filter((_, index) => index !== 4)));
    const outage = '2023-11-14 22:13:24,000 ERROR [org.hibernate.SqlExceptionHelper] (t) Connection refused';
    const lines = ROWS.map(logLine);
    const quiet = log('quiet.log', lines);
    const noisy = log('noisy.log', [...lines.slice(0, 4), outage, ...lines.slice(4)]);
    const classes = async (...args: string[]) => {
      const { status, stdout } = await verifyRows('--json', '--rows', less, ...args);
      return [status, ...JSON.parse(stdout).findings.map((finding: { class: string }) => finding.class)];
    };
    expect(await classes()).toEqual([1, 'gap_open']);
    expect(await classes('--log', quiet)).toEqual([1, 'gap_unexplained']);
    expect(await classes('--log', noisy)).toEqual([1, 'gap_explained']);
    expect(await classes('--log', noisy, '--device', 'sequential')).toEqual([1, 'gap_suspicious']);
  });

  it('does not pass over a row that it cannot read', async () => {
    const lines = toCsv(ROWS).replace(/,5,CORE,/, ',five,CORE,');
    const { status, stdout } = await verifyRows('--json', '--rows', file('unread.csv', lines));
    expect(status).toBe(1);
    expect(JSON.parse(stdout).findings).toMatchObject([{ class: 'unreadable_row' }, { class: 'gap_open' }]);
  });
});

describe('cryptrail verify, whatever it prints', () => {
  it('F07 never prints a key', async () => {
    const bad = log(
      'with-bad.log',
      inPlace(LOG, 2, (line) => line.replace('Line', 'line')),
    );
    const badRows = file('with-bad.csv', toCsv(inPlace(ROWS, 2, (row) => ({ ...row, module: 'X' }))));
    const halfKey = file('half.key', AUDIT_KEY.toString('hex').slice(0, 60));
    const halfKeys = file('half.json', JSON.stringify({ 400: { type: 'hmac', file: 'half.hex' } }));
    file('half.hex', `${ROW_KEY.toString('hex')}zz`);
    const environment = { AUDIT: AUDIT_KEY.toString('base64'), HALF: AUDIT_KEY.toString('base64').slice(0, 40) };
    const runs = [
      ['verify', 'acra', '--key-file', key, bad],
      ['verify', 'acra', '--json', '--key-file', key, bad],
      ['verify', 'acra', '--key-env', 'AUDIT', bad],
      ['verify', 'acra', '--key-env', 'HALF', bad],
      ['verify', 'acra', '--key-file', halfKey, bad],
      ['verify', 'cesecore', '--keys', keys, '--rows', badRows],
      ['verify', 'cesecore', '--json', '--keys', keys, '--rows', badRows],
      ['verify', 'cesecore', '--keys', halfKeys, '--rows', badRows],
    ];
    const right = /1:1:400:([0-9a-f]{64})/.exec(
      protect({ ...ROWS[2], module: 'X' } as (typeof ROWS)[number]).rowProtection,
    )?.[1];
    for (const args of runs) {
      const { status, stdout, stderr } = await cryptrail(args, '', undefined, environment);
      expect({ args, status }).toEqual({ args, status: 1 });
      const printed = (stdout + stderr).toLowerCase();
      for (const secret of [AUDIT_KEY, ROW_KEY]) {
        expect(printed).not.toContain(secret.toString('hex').slice(0, 16));
        expect(printed).not.toContain(secret.toString('base64').slice(0, 12).toLowerCase());
      }
      // Nor the value that would make a changed row right.
      expect(printed).not.toContain(String(right));
    }
  });

  it('needs no key in the list of processes: no flag takes one', () => {
    const help = spawnSync(process.execPath, ['packages/agent/dist/cli.js', 'verify', '--help'], { encoding: 'utf8' });
    expect(help.stdout).toContain('--key-file FILE');
    expect(help.stdout).not.toMatch(/--key[ =]/);
    expect(readFileSync(key, 'utf8')).toHaveLength(65);
  });
});

describe('cryptrail convert with keys', () => {
  const statuses = (stdout: string) =>
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map((record) => record['cryptrail.integrity.status'] ?? record.event);

  it('C48 F07 gives each record its status, and findings of their own', async () => {
    const path = log(
      'convert.log',
      inPlace(LOG, 2, (line) => line.replace('Line', 'line')),
    );
    const args = ['convert', '--output', 'ndjson', '--acra-key-file', key, path];
    const summary = inFolder('summary.json');
    const { status, stdout, stderr } = await cryptrail([...args, '--summary', summary]);
    expect(status).toBe(0);
    expect(statuses(stdout)).toEqual([
      'verified',
      'verified',
      'cryptrail.integrity.chain_broken',
      'failed',
      'unanchored',
      'unanchored',
      'unanchored',
    ]);
    expect(stderr).toContain('1 findings');
    const counts = JSON.parse(readFileSync(summary, 'utf8'));
    expect(counts).toMatchObject({ records: 6, findings: 1, written: 7 });
  });

  it('D16 tells of rows that are missing, once all are read', async () => {
    const rows = file('convert.csv', toCsv(ROWS.filter((_, index) => index !== 3)));
    const { stdout } = await cryptrail(['convert', '--output', 'ndjson', '--cesecore-keys', keys, rows]);
    expect(statuses(stdout)).toEqual([
      ...Array.from({ length: 7 }, () => 'verified'),
      'cryptrail.integrity.sequence_gap',
    ]);
  });

  it('says nothing of integrity without keys, and refuses to merge with them', async () => {
    const path = log('plain.log', LOG);
    expect((await cryptrail(['convert', '--output', 'ndjson', path])).stdout).not.toContain('cryptrail.integrity');
    expect((await cryptrail(['convert', '--merge', '--acra-key-file', key, path])).status).toBe(2);
    expect((await cryptrail(['convert', '--product', 'cryptrail', path])).status).toBe(2);
  });
});
