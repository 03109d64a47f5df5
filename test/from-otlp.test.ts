import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cryptrail } from './support/cryptrail.ts';
import { AUDIT_KEY, protectedRows, ROW_KEY, signedLog, signLines, toCsv } from './support/signed-sources.ts';

let folder: string;
let key: string;
let keys: string;
const inFolder = (name: string) => join(folder, name);
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(inFolder(name), content);
  return inFolder(name);
};
const log = (name: string, lines: readonly string[]) => file(name, `${lines.join('\n')}\n`);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cryptrail-export-'));
  key = file('audit.key', AUDIT_KEY);
  file('400.hex', ROW_KEY.toString('hex'));
  keys = file('keys.json', '{"400": {"type": "hmac", "file": "400.hex"}}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const chainOf = async (...args: string[]) => {
  const { status, stdout, stderr } = await cryptrail(['verify', 'acra', '--json', '--key-file', key, ...args]);
  return { status, stderr, verdict: stdout === '' ? undefined : JSON.parse(stdout) };
};
const tableOf = async (...args: string[]) => {
  const { status, stdout, stderr } = await cryptrail(['verify', 'cesecore', '--json', '--keys', keys, ...args]);
  return { status, stderr, verdict: stdout === '' ? undefined : JSON.parse(stdout) };
};
const exported = async (name: string, ...files: string[]) =>
  file(name, (await cryptrail(['convert', '--original', '--output', 'otlp-json', ...files])).stdout);
const changed = (lines: readonly string[], at: number, change: (line: string) => string) =>
  lines.map((line, index) => (index === at ? change(line) : line));
/** Every record in a request of its own, in another order: as a backend may give them. */
const shuffled = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .flatMap((line) => JSON.parse(line).resourceLogs)
    .flatMap(({ resource, scopeLogs }) =>
      scopeLogs.flatMap(({ logRecords }: { logRecords: object[] }) =>
        logRecords.map((record) =>
          JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] }),
        ),
      ),
    )
    .toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));

describe('cryptrail verify --from-otlp, chains', { timeout: 60_000 }, () => {
  it.each(['plaintext', 'cef', 'json'] as const)(
    'C48 F07 gives the verdict of the source from exported records of %s, whole or not',
    async (format) => {
      const lines = ['something else', ...signedLog(format, 4), '', ...signedLog(format, 3)];
      const text = format === 'json' ? lines.slice(1) : lines;
      for (const [name, some] of Object.entries({
        whole: text,
        altered: changed(text, 3, (line) => line.replace('Line', 'line')),
        removed: text.filter((_, at) => at !== 2),
        unsigned: changed(text, 3, (line) => line.replace(/ integrity=\w+|"integrity":"\w+",/, '')),
        cut: text.slice(0, -1),
      })) {
        const source = log(`${format}-${name}.log`, some);
        const again = await exported(`${format}-${name}.jsonl`, source);
        expect(await chainOf('--from-otlp', again)).toEqual(await chainOf(source));
      }
    },
  );

  it('C46 C48 puts rotated files and records in order again, takes what came twice once, and reads packed exports', async () => {
    const lines = signedLog('plaintext', 6);
    const [older, newer] = [log('audit.log.1', lines.slice(0, 3)), log('audit.log', lines.slice(3))];
    const text = (await cryptrail(['convert', '--original', '--output', 'otlp-json', older, newer])).stdout;
    const records = shuffled(text);
    const twice = file('twice.jsonl.gz', gzipSync([...records, ...records.slice(2)].join('\n')));
    expect(await chainOf('--from-otlp', twice)).toEqual(await chainOf(older, newer));
    // An agent reads the new file under the name that the old one had.
    const followed = file('followed.jsonl', records.join('\n').replaceAll('audit.log.1', 'audit.log'));
    const { status, verdict } = await chainOf('--from-otlp', followed);
    expect({ status, verdict }).toMatchObject({ status: 0, verdict: { ok: true, verified: 6 } });
    const missing = file('missing.jsonl', records.filter((record) => !record.includes('Line 4')).join('\n'));
    expect((await chainOf('--from-otlp', missing)).verdict).toMatchObject({
      error: { class: 'integrity_mismatch', line: 3 },
    });
  });

  it('C48 says of a redacted line, and of all behind it in its chain, that it cannot be checked, not that it is broken', async () => {
    const line = (text: string) => `time="2024-09-17T08:00:00Z" level=info msg="${text}"`;
    const end = 'time="2024-09-17T08:00:09Z" level=info msg="End of current audit log chain" chain=end';
    const first = signLines([line('one'), line('opened with password=hunter22'), line('three'), end]);
    const second = signLines([line('four'), end]);
    const source = log('secret.log', [...first, ...second]);
    const again = await exported('secret.jsonl', source);
    const { status, verdict } = await chainOf('--from-otlp', again);
    expect({ status, verdict }).toMatchObject({
      status: 1,
      verdict: { ok: true, error: null, verified: 3, not_verifiable: [{ line: 2 }, { line: 3 }, { line: 4 }] },
    });
    const page = await cryptrail(['verify', 'acra', '--key-file', key, '--from-otlp', again]);
    expect(page.stdout).toContain('Could not be checked');
    expect(page.stdout + JSON.stringify(verdict)).not.toContain('hunter22');
    const broken = log('secret-broken.log', [
      ...first,
      ...changed(second, 1, (text) => text.replace('08:00:09', '08:00:08')),
    ]);
    expect((await chainOf('--from-otlp', await exported('secret-broken.jsonl', broken))).verdict.error).toMatchObject({
      class: 'integrity_mismatch',
      line: 6,
    });
  });

  it('says in words when records were exported without their text, or when there are none', async () => {
    const source = log('plain.log', signedLog('plaintext', 3));
    const without = file('without.jsonl', (await cryptrail(['convert', '--output', 'otlp-json', source])).stdout);
    const run = await chainOf('--from-otlp', without);
    expect({ status: run.status, verdict: run.verdict }).toEqual({ status: 1, verdict: undefined });
    expect(run.stderr).toContain('without log.record.original');
    expect((await chainOf('--from-otlp', source)).stderr).toContain('no OTLP JSON');
  });
});

describe('cryptrail verify --from-otlp, rows', { timeout: 60_000 }, () => {
  const ROWS = protectedRows(8);

  it('D10 D16 F07 gives the verdict of the table from exported rows, whole or not', async () => {
    const bad = ROWS.map((row, at) => (at === 2 ? { ...row, module: 'X' } : row)).filter((_, at) => at !== 5);
    for (const [name, rows] of Object.entries({ whole: ROWS, bad })) {
      const source = file(`${name}.csv`, toCsv(rows));
      const again = await exported(`${name}-rows.jsonl`, source);
      expect(await tableOf('--from-otlp', again)).toEqual(await tableOf('--rows', source));
    }
  });

  it('F07 counts the number of a redacted row, whose protection cannot be checked', async () => {
    const rows = ROWS.map((row, at) => (at === 3 ? { ...row, searchDetail2: 'password=hunter22' } : row));
    const again = await exported('redacted-rows.jsonl', file('redacted.csv', toCsv(rows)));
    const { status, verdict } = await tableOf('--from-otlp', again);
    expect({ status, verdict }).toMatchObject({
      status: 1,
      verdict: { ok: true, rows: 8, protection: { ok: 7, bad: 0 }, not_verifiable: [{ node: 'node-1', sequence: 3 }] },
    });
  });

  it('F08 verifies both products of one export with the keys that are given', async () => {
    const both = await exported('both.jsonl', log('both.log', signedLog('json', 3)), file('both.csv', toCsv(ROWS)));
    const run = await cryptrail(['verify', '--json', '--key-file', key, '--keys', keys, '--from-otlp', both]);
    expect(run.status).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: true, acra: { verified: 3 }, cesecore: { rows: 8 } });
    const one = await cryptrail(['verify', '--json', '--key-file', key, '--from-otlp', both]);
    expect(JSON.parse(one.stdout)).toMatchObject({ acra: { verified: 3 }, cesecore: null });
    expect((await cryptrail(['verify', '--from-otlp', both])).status).toBe(2);
  });

  it.each([
    ['a log', 'just\nsome text\n'],
    ['nothing', ''],
    ['a header alone', toCsv([])],
  ])('gives no verdict on %s where rows were to be', async (_, content) => {
    const { status, stderr, verdict } = await tableOf('--rows', file('no-rows.csv', content));
    expect({ status, verdict }).toEqual({ status: 1, verdict: undefined });
    expect(stderr).toContain('no row of AuditRecordData: found');
  });
});
