import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
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
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cryptrail, recordsOf, startCryptrail } from './support/cryptrail.ts';
import { protectedRows, toCsv } from './support/signed-sources.ts';

const POISON =
  '{"code":587,"level":"warning","msg":"Recognized poison record","product":"acra-server","unixTime":"1726560001.250"}';
const DENIED =
  '{"code":560,"level":"error","msg":"Denied query by denyall","product":"acra-server","unixTime":"1726560002.000"}';
const LOGIN =
  '{"id":"0c5b1c4e-5f0d-4c86-9f7c-3a1f1f2b7a10","created_at":"2024-05-13T08:31:07.250","hostname":"aqg-1","level":"info","log_type":"audit","pid":7,"action":"login_attempt","user_name":"mira","access_granted":false,"client_ip":"192.0.2.7"}';
const BROKEN = '{"id":"0c5b1c4e-5f0d-4c86-9f7c-3a1f1f2b7a11","log_type":"audit","action":"log';
const SAMPLES = 'packages/agent/samples';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cryptrail-convert-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
function file(name: string, ...lines: string[]): string {
  writeFileSync(at(name), lines.map((line) => `${line}\n`).join(''));
  return at(name);
}

describe('cryptrail convert', () => {
  it('F06 writes one record for each line with content, in order, with its position', async () => {
    const log = file('mixed.log', POISON, '', 'a line of nobody', DENIED);
    const { status, stdout, stderr } = await cryptrail(['convert', log]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const records = recordsOf(stdout);
    expect(records.map(({ eventName }) => eventName)).toEqual([
      'acra.decryptor.recognized_poison_record',
      undefined,
      expect.stringMatching(/^acra\./),
    ]);
    expect(records[0]?.timeUnixNano).toBe('1726560001250000000');
    expect(records.map(({ attributes }) => attributes.get('log.file.record_number'))).toEqual(['1', '3', '4']);
    expect(records[1]?.attributes.get('log.file.record_offset')).toBe(String(POISON.length + 2));
    expect(records[1]?.attributes.get('cryptrail.parse.status')).toBe('foreign');
    expect(new Set(records.map(({ attributes }) => attributes.get('log.file.path')))).toEqual(new Set([log]));
  });

  it('takes --json and --output json for the form that programs read, as every command does', async () => {
    const log = file('a.log', POISON);
    const plain = recordsOf((await cryptrail(['convert', log, '--output', 'otlp-json'])).stdout);
    for (const flags of [['--json'], ['--output', 'json'], ['--json', '--output', 'otlp-json']])
      expect(recordsOf((await cryptrail(['convert', log, ...flags])).stdout).map(({ eventName }) => eventName)).toEqual(
        plain.map(({ eventName }) => eventName),
      );
    const both = await cryptrail(['convert', log, '--json', '--output', 'table']);
    expect([both.status, both.stderr]).toEqual([2, expect.stringMatching(/--json and --output table exclude/)]);
    for (const command of [
      ['list', 'products'],
      ['explain', '587'],
      ['coverage', log],
    ]) {
      const asked = await cryptrail([...command, '--output', 'json']);
      expect([asked.status, typeof JSON.parse(asked.stdout)]).toEqual([0, 'object']);
    }
  });

  it('keeps the rows of pages that overlap, each in its place, and leaves the copies out when asked', async () => {
    const rows = protectedRows(6);
    const pages = [rows.slice(0, 4), rows.slice(2)].map((page, index) => {
      writeFileSync(at(`page-${index}.csv`), toCsv(page));
      return at(`page-${index}.csv`);
    });
    const all = await cryptrail(['convert', ...pages]);
    expect(recordsOf(all.stdout)).toHaveLength(8);
    const summary = at('summary.json');
    const distinct = await cryptrail(['convert', '--distinct', '--summary', summary, ...pages]);
    const numbers = recordsOf(distinct.stdout).map(({ attributes }) => attributes.get('cesecore.sequence_number'));
    expect(numbers).toEqual(rows.map(({ sequenceNumber }) => String(sequenceNumber)));
    expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({ records: 8, written: 6, duplicates: 2 });
  });

  it('reads a folder in name order and names files that came from it', async () => {
    mkdirSync(at('sub'));
    file('b.log', DENIED);
    file('sub/a.log', LOGIN);
    file('a.log', POISON);
    const { stdout } = await cryptrail(['convert', folder]);
    expect(recordsOf(stdout).map(({ attributes }) => attributes.get('log.file.path'))).toEqual(
      ['a.log', 'b.log', 'sub/a.log'].map(at),
    );
  });

  it('E44 reads standard input, where records have no file', async () => {
    const { status, stdout } = await cryptrail(['convert', '-'], `${POISON}\n${LOGIN}`);
    expect(status).toBe(0);
    const records = recordsOf(stdout);
    expect(records).toHaveLength(2);
    expect(records.some(({ attributes }) => attributes.has('log.file.path'))).toBe(false);
  });

  it('keeps the program going while its input does, and shows what was read at once', async () => {
    const child = startCryptrail(['convert', '-', '--output', 'ndjson']);
    child.stdin.write(`${POISON}\n`);
    const first = await new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk))));
    expect(JSON.parse(first)).toMatchObject({ event: 'acra.decryptor.recognized_poison_record', severity: 'warning' });
    child.stdin.end();
  });

  it('follows growing files until Ctrl-C, and ends with 130', async () => {
    const log = file('a.log', POISON);
    const child = startCryptrail(['convert', '--follow', log, '--output', 'ndjson', '--summary', at('summary.json')]);
    const lines: string[] = [];
    const seen = (count: number) =>
      new Promise<void>((resolve) => {
        const look = (chunk: Buffer | string) => {
          lines.push(...String(chunk).split('\n').filter(Boolean));
          if (lines.length < count) return;
          child.stdout.off('data', look);
          resolve();
        };
        child.stdout.on('data', look);
      });
    await seen(1);
    appendFileSync(log, `${DENIED}\n`);
    await seen(2);
    renameSync(log, at('a.log.1'));
    file('a.log', LOGIN);
    await seen(3);
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(lines.map((line) => JSON.parse(line)['log.file.record_number'])).toEqual([1, 2, 1]);
    expect(JSON.parse(readFileSync(at('summary.json'), 'utf8'))).toMatchObject({ records: 3, written: 3, problems: 0 });
    expect(await cryptrail(['convert', '--follow', '-'])).toMatchObject({ status: 2 });
    expect(await cryptrail(['convert', '--follow', '--merge', log])).toMatchObject({ status: 2 });
  });

  it('writes flat objects and tables of the same records', async () => {
    const flat = await cryptrail(['convert', '--output', 'ndjson', SAMPLES]);
    const rows = flat.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const otlp = await cryptrail(['convert', '--output', 'otlp-json', SAMPLES]);
    const records = recordsOf(otlp.stdout);
    expect(rows.length).toBeGreaterThan(300);
    expect(rows.map((row) => row.event)).toEqual(records.map((record) => record.eventName));
    expect(rows.map((row) => row.body)).toEqual(records.map((record) => record.body.stringValue));
    const table = await cryptrail(['convert', '--output', 'table', SAMPLES]);
    expect(table.stdout.split('\n')[0]).toMatch(/^TIME\s+SEVERITY\s+EVENT/);
    expect(table.stdout.trimEnd().split('\n')).toHaveLength(rows.length + 1);
  });

  it('D82 merges the exports of three nodes by time, then by node, then by number', async () => {
    // Rows of all nodes with the number n are of the same time.
    const nodes = ['node-1', 'node-2', 'node-3'];
    for (const [node, from] of [...nodes.entries()].map(([place, name]) => [name, place * 2] as const))
      writeFileSync(at(`${node}.csv`), toCsv(protectedRows(4, node, from)));
    const { status, stdout } = await cryptrail(['convert', '--merge', ...nodes.map((node) => at(`${node}.csv`))]);
    expect(status).toBe(0);
    const order = recordsOf(stdout).map(
      ({ attributes }) => `${attributes.get('cesecore.sequence_number')} ${attributes.get('cesecore.node.id')}`,
    );
    const wanted = ['0 1', '1 1', '2 1', '2 2', '3 1', '3 2', '4 2', '4 3', '5 2', '5 3', '6 3', '7 3'];
    expect(order).toEqual(wanted.map((text) => text.replace(' ', ' node-')));
  });

  it('E43 writes to a file, and refuses to replace one by accident', async () => {
    const log = file('in.log', POISON);
    const { stdout } = await cryptrail(['convert', log]);
    const out = at('out.jsonl');
    expect(await cryptrail(['convert', log, '--out-file', out])).toMatchObject({ status: 0, stdout: '' });
    expect(recordsOf(readFileSync(out, 'utf8')).map(({ body }) => body)).toEqual(
      recordsOf(stdout).map(({ body }) => body),
    );
    const again = await cryptrail(['convert', log, '--out-file', out]);
    expect(again).toMatchObject({
      status: 2,
      stderr: `cryptrail: --out-file ${out} exists already. Use --force to replace it.\n`,
    });
    expect(await cryptrail(['convert', log, '--out-file', out, '--force'])).toMatchObject({ status: 0 });
  });

  it('E45 compresses the file with --compress, which needs a file', async () => {
    const log = file('in.log', POISON);
    expect(await cryptrail(['convert', log, '--out-file', at('out.gz'), '--compress'])).toMatchObject({ status: 0 });
    expect(recordsOf(gunzipSync(readFileSync(at('out.gz'))).toString())).toHaveLength(1);
    expect(await cryptrail(['convert', log, '--compress'])).toMatchObject({ status: 2 });
  });

  it('never writes into what it reads, nor reads what it writes', async () => {
    const log = file('in.log', POISON);
    const forced = await cryptrail(['convert', log, '--out-file', log, '--force']);
    expect(forced).toMatchObject({ status: 2 });
    expect(readFileSync(log, 'utf8')).toBe(`${POISON}\n`);
    const own = await cryptrail(['convert', folder, '--out-file', at('out.jsonl')]);
    expect(own.stderr).toContain('left out, because this run writes it');
    expect(recordsOf(readFileSync(at('out.jsonl'), 'utf8'))).toHaveLength(1);
  });

  it('F06 keeps raw unreadable lines apart for their owner alone', async () => {
    const log = file('in.log', LOGIN, BROKEN);
    const { stdout } = await cryptrail(['convert', '--product', 'aqtive', log, '--rejects', at('rejects')]);
    expect(readFileSync(at('rejects'), 'utf8')).toBe(`${BROKEN}\n`);
    expect(statSync(at('rejects')).mode & 0o777).toBe(0o600);
    expect(stdout).not.toContain('"log\\"');
  });

  it('F06 counts everything in the summary, and the counts add up', async () => {
    const log = file('in.log', LOGIN, '', 'somebody else', BROKEN, LOGIN.replace('login_attempt', 'access'));
    const filters = ['--event', 'aqtive.audit.login_attempt', '--summary', at('summary.json')];
    const { stdout } = await cryptrail(['convert', '--product', 'aqtive', log, ...filters]);
    expect(recordsOf(stdout)).toHaveLength(1);
    const summary = JSON.parse(readFileSync(at('summary.json'), 'utf8'));
    expect(summary).toMatchObject({
      records: 4,
      events: 2,
      foreign: 1,
      unparsed: 1,
      blank: 1,
      filtered: 3,
      written: 1,
    });
    expect(summary).toMatchObject({ bytes: statSync(log).size, inputs: [{ path: log, records: 4 }] });
  });

  it.each([
    ['--event', 'acra.*', 2],
    ['--code', '560', 1],
    ['--outcome', 'failure', 2],
    ['--level', 'Warning,INFO', 2],
    ['--log-type', 'AUDIT', 1],
    ['--from', '2024-09-17', 2],
    ['--to', '2024-09-16', 1],
    ['--to', '2024-09-17T08:00:01.250Z', 2],
  ])('E39 E42 filters with %s %s', async (flag, value, count) => {
    const { stdout, status } = await cryptrail(['convert', flag, value, file('in.log', POISON, DENIED, LOGIN)]);
    expect({ status, count: recordsOf(stdout).length }).toEqual({ status: 0, count });
  });

  it('A22 keeps important events only, and all filters must hold', async () => {
    const log = file('in.log', POISON, POISON.replace('587', '514'), 'nobody');
    const names = async (...flags: string[]) =>
      recordsOf((await cryptrail(['convert', log, ...flags])).stdout).map(({ eventName }) => eventName);
    expect(await names('--important')).toEqual(['acra.decryptor.recognized_poison_record']);
    expect(await names('--important', '--level', 'error')).toEqual([]);
  });

  it('drops foreign lines when told so, and counts them', async () => {
    const log = file('in.log', 'nobody', POISON);
    const { stdout } = await cryptrail(['convert', log, '--foreign', 'drop', '--summary', at('s.json')]);
    expect(recordsOf(stdout)).toHaveLength(1);
    expect(JSON.parse(readFileSync(at('s.json'), 'utf8'))).toMatchObject({ foreign: 1, dropped: 1, filtered: 0 });
  });

  it('adds the raw line and raises the severity when asked', async () => {
    const log = file('in.log', POISON);
    const { stdout } = await cryptrail(['convert', log, '--original', '--severity', 'catalogue']);
    const [record] = recordsOf(stdout);
    expect(record?.severityNumber).toBe(20);
    expect(record?.attributes.get('log.record.original')).toBe(POISON);
  });

  it('F05 sends no control character of a log to a terminal, in any form', async () => {
    const log = file(
      'in.log',
      'level=error msg=\u001b[2J\u009b31m\u202egnp.exe',
      POISON.replace('Recognized', '\\u001b[31m'),
    );
    for (const form of ['otlp-json', 'ndjson', 'table']) {
      const { stdout } = await cryptrail(['convert', log, '--output', form]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must not be there
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
  });

  it('leaves nothing behind when it is misused', async () => {
    const log = file('in.log', POISON);
    await cryptrail(['convert', log, '--out-file', at('out'), '--level', 'loud']);
    expect(readdirSync(folder)).toEqual(['in.log']);
    const old = file('rejects');
    expect(await cryptrail(['convert', log, '--out-file', at('out'), '--rejects', old])).toMatchObject({ status: 2 });
    expect(await cryptrail(['convert', log, '--out-file', at('x'), '--rejects', at('x')])).toMatchObject({ status: 2 });
    expect(readdirSync(folder).sort()).toEqual(['in.log', 'rejects']);
  });
});
