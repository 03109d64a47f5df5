import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cryptrail } from './support/cryptrail.ts';
import { protectedRows, toCsv } from './support/signed-sources.ts';

let folder: string;
const inFolder = (name: string) => join(folder, name);
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(inFolder(name), content);
  return inFolder(name);
};
const ACRA = Array.from(
  { length: 1200 },
  (_, at) => `time="2024-09-17T08:00:00Z" level=info msg="Query ${at}" code=100`,
);
const AQTIVE = Array.from({ length: 20 }, (_, at) =>
  JSON.stringify({
    id: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    created_at: '2024-05-11T08:56:35.110260Z',
    level: 'info',
    log_type: 'audit',
    action: 'login_attempt',
    access_granted: true,
    user_name: `user-${at}`,
  }),
);
const text = (lines: readonly string[]) => `${lines.join('\n')}\n`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cryptrail-seal-'));
  expect((await cryptrail(['seal', 'init', '--dir', folder])).status).toBe(0);
  file('acra.log', text(ACRA));
  file('aqtive.log', text(AQTIVE));
  file('digest.key', Buffer.alloc(32, 5));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const seal = async (name: string, files: readonly string[], ...flags: string[]) => {
  const args = ['--seal', inFolder(name), '--seal-key', inFolder('seal.key'), '--output', 'otlp-json', ...flags];
  const { status, stdout, stderr } = await cryptrail(['convert', ...args, ...files.map(inFolder)]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
};
const verify = async (name: string, ...flags: string[]) => {
  const args = ['verify', 'seal', '--json', '--public', inFolder('seal.pub'), inFolder(name), ...flags];
  const { status, stdout, stderr } = await cryptrail(args);
  return { status, stderr, verdict: stdout === '' ? undefined : JSON.parse(stdout) };
};

describe('cryptrail seal', { timeout: 60_000 }, () => {
  it('makes a key pair whose private half only the owner can read, and never replaces one', async () => {
    expect(statSync(inFolder('seal.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(inFolder('seal.pub'), 'utf8')).toContain('BEGIN PUBLIC KEY');
    const before = readFileSync(inFolder('seal.key'));
    const again = await cryptrail(['seal', 'init', '--dir', folder]);
    expect({ status: again.status, stdout: again.stdout }).toEqual({ status: 2, stdout: '' });
    expect(readFileSync(inFolder('seal.key'))).toEqual(before);
    const named = await cryptrail(['seal', 'init', '--key-file', inFolder('other.pem')]);
    expect(named.stdout).toContain(`${inFolder('other.pub')}: verifies`);
  });

  it('C31 F07 proves sources, packed and moved too, and names the segment that was changed', async () => {
    await seal('two.seal', ['acra.log', 'aqtive.log']);
    const whole = await verify('two.seal', '--source', inFolder('acra.log'), '--source', inFolder('aqtive.log'));
    expect(whole).toMatchObject({ status: 0, stderr: '', verdict: { ok: true, closed: true, key_given: true } });
    const streams = Object.values(whole.verdict.streams);
    expect(streams).toMatchObject([
      { segments: 2, records: 1200, verified: 1200 },
      { segments: 1, records: 20, verified: 20 },
    ]);
    file('packed.gz', gzipSync(text(ACRA)));
    writeFileSync(inFolder('moved'), '');
    const packed = await verify('two.seal', '--source', file('acra.log.copy', text(ACRA)));
    expect(packed.verdict.not_sealed).toEqual([inFolder('acra.log.copy')]);
    await seal('one.seal', ['acra.log']);
    expect(await verify('one.seal', '--source', inFolder('packed.gz'))).toMatchObject({ status: 0 });
    for (const [lines, kind] of [
      [ACRA.with(1100, ACRA[1100]?.replace('Query', 'query') ?? ''), 'altered'],
      [ACRA.toSpliced(500, 3), 'missing'],
      [ACRA.toSpliced(500, 0, 'put in'), 'inserted'],
      [ACRA.slice(0, 1190), 'missing'],
    ] as const) {
      const { status, verdict } = await verify('one.seal', '--source', file('changed.log', text(lines)));
      expect(status).toBe(1);
      const { broken } = Object.values<{ broken: object[] }>(verdict.streams)[0] ?? { broken: [] };
      expect(broken).toMatchObject([{ class: kind }]);
    }
    const page = await cryptrail(['verify', 'seal', inFolder('one.seal'), '--source', inFolder('changed.log')]);
    expect(page.stdout).toMatch(
      /NOT WHOLE: .*records 1001 to 1200 \(segment 1\): missing; 200 were sealed, 190 are there/,
    );
    expect(page.stdout).toContain('anybody could have made a whole new seal');
  });

  it('C48 F07 proves what came back out of a backend, by the text or by keyed digests', async () => {
    const rows = file('rows.csv', toCsv(protectedRows(30)));
    const mixed = file('mixed.log', `${text(AQTIVE)}Traceback: something \n${ACRA[0]}\n`);
    const names = [rows, mixed].map((path) => path.slice(folder.length + 1));
    const kept = file('kept.jsonl', await seal('kept.seal', names, '--original'));
    const whole = await verify('kept.seal', '--from-otlp', kept);
    expect(whole).toMatchObject({ status: 0, verdict: { ok: true } });
    expect(Object.values(whole.verdict.streams)).toMatchObject([{ verified: 30 }, { verified: 22 }]);
    const altered = file('altered.jsonl', readFileSync(kept, 'utf8').replace('user-7\\"', 'user-8\\"'));
    expect((await verify('kept.seal', '--from-otlp', altered)).status).toBe(1);

    const digests = ['--digest-key-file', inFolder('digest.key')];
    const short = file('short.jsonl', await seal('short.seal', names, ...digests));
    expect(await verify('short.seal', '--from-otlp', short)).toMatchObject({ status: 0, verdict: { ok: true } });
    const lost = file(
      'lost.jsonl',
      readFileSync(short, 'utf8').replace(/"cryptrail\.evidence\.digest","value":\{"stringValue":"\w/, '$&0'),
    );
    expect((await verify('short.seal', '--from-otlp', lost)).status).toBe(1);
    const bare = file('bare.jsonl', await seal('bare.seal', names));
    const unknown = await verify('bare.seal', '--from-otlp', bare);
    expect(unknown).toMatchObject({ status: 1, verdict: { ok: true } });
    expect(Object.values(unknown.verdict.streams)).toMatchObject([{ not_verifiable: [0] }, { not_verifiable: [0] }]);
  });

  it('C31 shows a seal that was cut short or replaced', async () => {
    await seal('long.seal', ['acra.log']);
    const { head } = (await verify('long.seal')).verdict;
    const lines = readFileSync(inFolder('long.seal'), 'utf8').trimEnd().split('\n');
    file('cut.seal', text(lines.slice(0, -1)));
    expect(await verify('cut.seal')).toMatchObject({ status: 0, verdict: { closed: false } });
    expect(await verify('cut.seal', '--head', head)).toMatchObject({
      status: 1,
      verdict: { error: { class: 'head_not_found' } },
    });
    expect(await verify('long.seal', '--head', head)).toMatchObject({ status: 0 });
    await cryptrail(['seal', 'init', '--key-file', inFolder('thief.key')]);
    const forged = ['--seal', inFolder('forged.seal'), '--seal-key', inFolder('thief.key'), inFolder('acra.log')];
    await cryptrail(['convert', ...forged]);
    expect(await verify('forged.seal')).toMatchObject({
      status: 1,
      verdict: { error: { class: 'other_key', line: 1 } },
    });
  });

  it('seals merged files each in its own order, and refuses what it cannot do with one line', async () => {
    await seal('merged.seal', ['acra.log', 'aqtive.log'], '--merge');
    const sources = ['--source', inFolder('acra.log'), '--source', inFolder('aqtive.log')];
    expect(await verify('merged.seal', ...sources)).toMatchObject({ status: 0, verdict: { ok: true } });
    for (const [args, status] of [
      [['convert', '--seal', inFolder('x.seal'), inFolder('acra.log')], 2],
      [['convert', '--seal-key', inFolder('seal.key'), inFolder('acra.log')], 2],
      [['convert', '--seal', inFolder('merged.seal'), '--seal-key', inFolder('seal.key'), inFolder('acra.log')], 2],
      [['convert', '--seal', inFolder('x.seal'), '--seal-key', inFolder('acra.log'), inFolder('acra.log')], 1],
      [['verify', 'seal'], 2],
      [['verify', 'seal', inFolder('merged.seal'), '--head', 'abc'], 2],
      [['verify', 'seal', inFolder('no.seal')], 1],
      [['verify', 'seal', '--public', inFolder('acra.log'), inFolder('merged.seal')], 1],
      [['seal'], 2],
      [['seal', 'inti'], 2],
    ] as const) {
      const run = await cryptrail(args);
      expect({ args, status: run.status, lines: run.stderr.trimEnd().split('\n').length }).toEqual({
        args,
        status,
        lines: 1,
      });
      expect(run.stdout).toBe('');
    }
  });
});
