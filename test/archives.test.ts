import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { paxRecord, tarOf, zipOf } from '../packages/agent/test/archives.ts';
import { cryptrail, measuredCryptrail, recordsOf } from './support/cryptrail.ts';

const POISON = '{"code":587,"level":"warning","msg":"Recognized poison record","product":"acra-server"}\n';
const STARTED = '{"code":500,"level":"info","msg":"started","product":"acra-server"}\n';
const MEGABYTE = 1024 * 1024;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cryptrail-archives-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
function file(name: string, content: string | Uint8Array): string {
  writeFileSync(at(name), content);
  return at(name);
}

const BUNDLE = gzipSync(
  tarOf([
    { name: 'host-1/acra.log', content: `\n${POISON}${STARTED}` },
    { name: 'host-1/acra.log.1.gz', content: gzipSync(POISON) },
    { name: 'host-2.zip', content: zipOf([{ name: 'logs/acra.log', content: STARTED }]) },
    { name: 'host-2/empty.log' },
  ]),
);

describe('an archive', () => {
  it('E33 gives each member its own path and positions, and its own counts, which add up', async () => {
    const bundle = file('bundle.bin', BUNDLE);
    const { status, stdout, stderr } = await cryptrail(['convert', bundle, '--summary', at('summary.json')]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const position = ['log.file.path', 'log.file.name', 'log.file.record_offset', 'log.file.record_number'];
    expect(recordsOf(stdout).map(({ attributes }) => position.map((name) => attributes.get(name)))).toEqual([
      [`${bundle}!host-1/acra.log`, 'acra.log', '1', '2'],
      [`${bundle}!host-1/acra.log`, 'acra.log', String(1 + POISON.length), '3'],
      [`${bundle}!host-1/acra.log.1.gz`, 'acra.log.1.gz', '0', '1'],
      [`${bundle}!host-2.zip!logs/acra.log`, 'acra.log', '0', '1'],
    ]);
    const summary = JSON.parse(readFileSync(at('summary.json'), 'utf8'));
    expect(summary).toMatchObject({ records: 4, events: 4, blank: 1, bytes: 1 + 2 * (POISON.length + STARTED.length) });
    expect(summary.inputs.map(({ path, records }: { path: string; records: number }) => [path, records])).toEqual([
      [`${bundle}!host-1/acra.log`, 2],
      [`${bundle}!host-1/acra.log.1.gz`, 1],
      [`${bundle}!host-2.zip!logs/acra.log`, 1],
      [`${bundle}!host-2/empty.log`, 0],
    ]);
  });

  it('E44 can be piped in', async () => {
    const { status, stdout } = await cryptrail(['convert', '-'], BUNDLE);
    expect(status).toBe(0);
    expect(recordsOf(stdout).map(({ attributes }) => attributes.get('log.file.path'))).toEqual([
      '-!host-1/acra.log',
      '-!host-1/acra.log',
      '-!host-1/acra.log.1.gz',
      '-!host-2.zip!logs/acra.log',
    ]);
    for (const packed of [gzipSync(POISON), zstdCompressSync(POISON)]) {
      const records = recordsOf((await cryptrail(['convert', '-'], packed)).stdout);
      expect(records.map(({ attributes }) => attributes.has('log.file.path'))).toEqual([false]);
    }
  });

  it('gives its events up to a cut, one line on standard error and status 1; other inputs are read', async () => {
    const bundle = tarOf([
      { name: 'a.log', content: POISON },
      { name: 'b.log', content: `${STARTED}${POISON}` },
    ]);
    const cut = file('cut.tar', bundle.subarray(0, 1536 + STARTED.length + 20));
    const good = file('good.log', POISON);
    const { status, stdout, stderr } = await cryptrail(['convert', '--product', 'acra', cut, good]);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `cryptrail: ${cut}!b.log: reading broke off: the tar archive ends too early\n`,
    });
    expect(recordsOf(stdout).map(({ eventName }) => eventName !== undefined)).toEqual([true, true, false, true]);
  });

  it('F05 is never written, followed or opened by the names in it', async () => {
    mkdirSync(at('cwd'));
    mkdirSync(at('tmp'));
    const hostile = file(
      'hostile.tar.gz',
      gzipSync(
        tarOf([
          { name: '../../../../../../tmp/cryptrail-evil.log', content: POISON },
          { name: '/etc/cron.d/cryptrail-evil', content: POISON },
          { name: 'to-passwd', type: '2', link: '/etc/passwd' },
          { name: 'to-passwd-hard', type: '1', link: '../../../../../../../etc/passwd' },
          { name: 'pipe', type: '6' },
          { name: 'device', type: '3' },
          { name: '\u001b[2Jname\n.log', content: POISON },
        ]),
      ),
    );
    const { status, stdout, stderr } = await cryptrail(['convert', hostile], '', at('cwd'), { TMPDIR: at('tmp') });
    expect(status).toBe(0);
    expect(stderr).toBe(
      `cryptrail: ${hostile}!to-passwd and 3 more: left out; links, pipes and devices in an archive are not read\n`,
    );
    expect(recordsOf(stdout)).toHaveLength(3);
    expect(stdout).not.toContain('\u001b');
    expect([readdirSync(at('cwd')), readdirSync(at('tmp'))]).toEqual([[], []]);
  });

  it('E23 E32 merged with another one gives each record once, in the order of time', async () => {
    const event = (id: number, time: string) =>
      `{"id":"0c5b1c4e-5f0d-4c86-9f7c-3a1f1f2b7a${id}","created_at":"2024-05-13T${time}","log_type":"audit","action":"access","access_granted":true}\n`;
    const old = event(10, '08:00:00') + event(11, '09:00:00');
    const one = file(
      'one.tar.gz',
      gzipSync(
        tarOf([
          { name: 'a.log', content: event(11, '09:00:00') + event(14, '12:00:00') },
          { name: 'a.log.1.gz', content: gzipSync(old) },
        ]),
      ),
    );
    const two = file('two.zip', zipOf([{ name: 'a.log', content: event(12, '10:00:00') + event(14, '12:00:00') }]));
    const flags = ['--merge', '--product', 'aqtive', '--summary', at('summary.json')];
    const { status, stdout } = await cryptrail(['convert', one, two, ...flags]);
    expect(status).toBe(0);
    const ids = recordsOf(stdout).map(({ attributes }) => attributes.get('log.record.uid')?.slice(-2));
    expect(ids).toEqual(['10', '11', '12', '14']);
    expect(JSON.parse(readFileSync(at('summary.json'), 'utf8'))).toMatchObject({
      records: 6,
      written: 4,
      duplicates: 2,
    });
    const piped = await cryptrail(['convert', '--merge', '-']);
    expect(piped).toMatchObject({ status: 2, stderr: expect.stringContaining('reads its inputs twice') });
  });

  it.each([
    ['--max-members', '0', '--max-members takes a whole number from 1, not "0".'],
    ['--max-ratio', 'much', '--max-ratio takes a whole number from 1, not "much".'],
    ['--max-line', '16MB', '--max-line takes a size such as 64KiB or 16MiB, not "16MB".'],
  ])('misuse of %s %s ends with 2', async (flag, value, line) => {
    expect(await cryptrail(['convert', flag, value, '-'])).toEqual({
      status: 2,
      stdout: '',
      stderr: `cryptrail: ${line}\n`,
    });
  });

  it('is opened as far as the flags say', async () => {
    const bundle = file('bundle.tar.gz', BUNDLE);
    const run = async (...flags: string[]) => {
      const { status, stdout, stderr } = await cryptrail(['convert', bundle, ...flags]);
      return { status, records: recordsOf(stdout).length, said: stderr.replaceAll(bundle, '~') };
    };
    expect(await run('--max-members', '2')).toEqual({
      status: 1,
      records: 3,
      said: 'cryptrail: ~: reading broke off: it has more than 2 members (--max-members); the rest is not read\n',
    });
    expect(await run('--max-depth', '2')).toEqual({
      status: 1,
      records: 2,
      said:
        'cryptrail: ~!host-1/acra.log.1.gz: is packed more than 2 deep (--max-depth), and not opened\n' +
        'cryptrail: ~!host-2.zip: is packed more than 2 deep (--max-depth), and not opened\n',
    });
    expect(await run('--max-line', '50')).toMatchObject({ status: 0, records: 4 });
  });
});

describe.skipIf(process.platform !== 'linux')('a hostile archive costs less than five seconds and 256 MB', () => {
  /** The record status of a run, with what it cost. */
  async function costly(content: Uint8Array) {
    const { status, stdout, stderr, seconds, peakBytes } = await measuredCryptrail([
      'convert',
      '--product',
      'acra',
      file('hostile', content),
    ]);
    expect(seconds).toBeLessThan(5);
    expect(peakBytes).toBeGreaterThan(10 * MEGABYTE);
    expect(peakBytes).toBeLessThan(256 * MEGABYTE);
    return { status, stderr: stderr.replaceAll(at('hostile'), '~'), records: recordsOf(stdout) };
  }
  const statuses = (records: ReturnType<typeof recordsOf>) =>
    records.map(({ attributes }) => attributes.get('cryptrail.parse.status'));

  it('F05 when one line of 200 MB is packed to a thousandth', async () => {
    const { status, records } = await costly(gzipSync(`{"x":"${'A'.repeat(200 * MEGABYTE)}`));
    expect({ status, statuses: statuses(records) }).toEqual({ status: 0, statuses: ['truncated'] });
  });

  it('F05 when it is a bomb in a bomb', async () => {
    const zeros = gzipSync(Buffer.alloc(400 * MEGABYTE));
    const { status, stderr } = await costly(gzipSync(zeros));
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        'cryptrail: ~: reading broke off: it expands to more than 250 times its size (--max-ratio); the rest is not read\n',
    });
  });

  it('F05 when Zstandard makes gigabytes of nothing', async () => {
    const frame = zstdCompressSync(Buffer.alloc(100 * MEGABYTE, 'A'));
    const { status, stderr } = await costly(Buffer.concat(Array.from({ length: 30 }, () => frame)));
    expect(status).toBe(1);
    expect(stderr).toContain('--max-ratio');
  });

  it('F05 when it holds a hundred thousand entries', async () => {
    const entry = tarOf([{ name: 'a.log' }], false);
    const { status, stderr } = await costly(
      gzipSync(Buffer.concat(Array.from({ length: 100_000 }, () => entry)), { level: 1 }),
    );
    expect(status).toBe(1);
    expect(stderr).toContain('it has more than 10000 members');
  });

  it('F05 when a header claims gigabytes', async () => {
    const huge = Buffer.concat([
      tarOf([{ name: 'h', type: 'x', size: 2 ** 32 }], false),
      Buffer.alloc(200 * MEGABYTE, 'A'),
    ]);
    const { status, stderr } = await costly(gzipSync(huge, { level: 1 }));
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('~: reading broke off') });
    const long = tarOf([
      { name: 'h', type: 'x', content: paxRecord('path', 'x'.repeat(60_000)) },
      { name: 'a', content: POISON.repeat(2000) },
    ]);
    expect((await costly(gzipSync(long))).records).toHaveLength(2000);
  });
});
