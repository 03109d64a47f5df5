/** What support staff and operators do with the logs of AQtive Guard's machines: the same questions as `cs logs bundle` answers, and more. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tarOf, zipOf } from '../packages/agent/test/archives.ts';
import { cryptrail, recordsOf, type SentRecord } from './support/cryptrail.ts';

const FIXTURES = resolve('packages/catalogue/products/aqtive/fixtures');

/** A record of this host, day and type. */
function line(hostname: string, day: number, log_type: string, level = 'info'): string {
  const created_at = `2024-05-${day}T12:00:00.000001`;
  return JSON.stringify({ id: `${hostname}-${day}-${log_type}`, created_at, hostname, level, log_type, pid: 1 });
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cryptrail-aqtive-'));
  for (const host of ['web-01', 'worker-01']) {
    mkdirSync(join(folder, host));
    const types = ['audit', 'web', 'analysis', 'application', 'tanium', 'crowdstrike'];
    for (const [name, day] of [
      ['analyzer.log', 13],
      ['analyzer.log.2024-05-12', 12],
    ] as const)
      writeFileSync(join(folder, host, name), types.map((type) => `${line(host, day, type)}\n`).join(''));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function convert(...flags: string[]): Promise<SentRecord[]> {
  const { status, stdout, stderr } = await cryptrail(['convert', '--product', 'aqtive', ...flags, '.'], '', folder);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return recordsOf(stdout);
}

const daysOf = (records: readonly SentRecord[]) =>
  new Set(records.map(({ timeUnixNano }) => new Date(Number(BigInt(timeUnixNano) / 1_000_000n)).getUTCDate()));

describe('logs of several machines', () => {
  it('E25 E34 E37 E41 are read from wherever they lie, all of them when nothing is asked', async () => {
    const records = await convert();
    expect(records).toHaveLength(24);
    expect(new Set(records.map(({ attributes }) => attributes.get('aqtive.log.type'))).size).toBe(6);
    expect(records[0]?.attributes.get('log.file.path')).toContain('web-01');
  });

  it('E35 begin with a day, or an instant of it, in UTC', async () => {
    expect(daysOf(await convert('--from', '2024-05-13'))).toEqual(new Set([13]));
    expect(await convert('--from', '2024-05-13 12:00:01')).toEqual([]);
    expect(await convert('--from', '2024-05-13 12:00:00')).toHaveLength(12);
  });

  it('E38 end with a day, all of it, or an instant', async () => {
    expect(daysOf(await convert('--to', '2024-05-12'))).toEqual(new Set([12]));
    expect(await convert('--to', '2024-05-12 11:59:59')).toEqual([]);
    expect(await convert('--to', '2024-05-13')).toHaveLength(24);
  });

  it('E39 E40 are narrowed to types of log, in any case, those included that the vendor does not offer', async () => {
    const records = await convert('--log-type', 'AUDIT, Tanium');
    expect(new Set(records.map(({ attributes }) => attributes.get('aqtive.log.type')))).toEqual(
      new Set(['audit', 'tanium']),
    );
  });
});

describe('a support bundle', () => {
  const LEVELS = ['debug', 'info', 'warning', 'error'];
  const LINES = ['audit', 'analysis', 'application'].flatMap((type) =>
    LEVELS.map((level, index) => line('web-01', 11 + index, type, level)),
  );
  const TEXT = LINES.map((text) => `${text}\n`).join('');
  const FORMS: readonly (readonly [string, string | Uint8Array])[] = [
    ['text', TEXT],
    ['gzip', gzipSync(TEXT)],
    ['gzip of two parts', Buffer.concat([gzipSync(TEXT.slice(0, 500)), gzipSync(TEXT.slice(500))])],
    ['tar', tarOf([{ name: 'web-01/analyzer.log', content: TEXT }])],
    ['tar.gz', gzipSync(tarOf([{ name: 'web-01/analyzer.log.gz', content: gzipSync(TEXT) }]))],
    ['zip', zipOf([{ name: 'web-01/analyzer.log', content: TEXT }])],
  ];
  const read = async (content: string | Uint8Array, ...flags: string[]) => {
    const { status, stdout } = await cryptrail(['convert', '--product', 'aqtive', ...flags, '-'], content);
    expect(status).toBe(0);
    return recordsOf(stdout).map(({ attributes }) => attributes.get('log.record.uid'));
  };
  const idsOf = (lines: readonly string[]) => lines.map((text) => String(JSON.parse(text).id));

  it.each(FORMS)('E30 is read as %s, whole and in order', async (_, content) => {
    expect(await read(content)).toEqual(idsOf(LINES));
  });

  it.each(FORMS)('E31 is filtered by the questions of the bundle command as %s', async (_, content) => {
    const questions = ['--from', '2024-05-12', '--to', '2024-05-13 23:00:00', '--log-type', 'AUDIT,ANALYSIS'];
    const wanted = LINES.map((text) => JSON.parse(text)).filter(
      ({ created_at, log_type, level }) =>
        created_at > '2024-05-12' && created_at < '2024-05-14' && log_type !== 'application' && level === 'warning',
    );
    expect(wanted).toHaveLength(2);
    expect(await read(content, ...questions, '--level', 'WARNING,ERROR')).toEqual(wanted.map(({ id }) => id));
  });
});

describe('logs for somebody else', () => {
  it('E46 F04 hold no secret, with originals and in every form', async () => {
    const secrets = join(FIXTURES, 'secrets.log');
    expect(readFileSync(secrets, 'utf8')).toContain('SAMPLE-SECRET-');
    for (const form of ['otlp-json', 'ndjson', 'table']) {
      const { stdout, stderr } = await cryptrail(['convert', '--original', '--output', form, secrets]);
      expect(stdout).toContain('REDACTED');
      expect(stdout + stderr).not.toContain('SAMPLE-SECRET-');
    }
  });

  it('F07 keep the original line and where it stood when asked', async () => {
    const path = join(FIXTURES, 'every-event.log');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const { stdout } = await cryptrail(['convert', '--original', path]);
    const records = recordsOf(stdout);
    expect(records).toHaveLength(lines.length);
    let offset = 0;
    for (const [index, record] of records.entries()) {
      const text = lines[index] ?? '';
      expect(record.attributes.get('log.file.record_number')).toBe(String(index + 1));
      expect(record.attributes.get('log.file.record_offset')).toBe(String(offset));
      if (!text.includes('SAMPLE-SECRET-')) expect(record.attributes.get('log.record.original')).toBe(text);
      offset += Buffer.byteLength(text) + 1;
    }
  });
});
