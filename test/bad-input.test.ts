import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cryptrail, recordsOf, startCryptrail } from './support/cryptrail.ts';

const GOOD = '{"code":587,"level":"warning","msg":"Recognized poison record","product":"acra-server"}\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cryptrail-bad-'));
  writeFileSync(at('good.log'), GOOD);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);

/** Converts and tells what a user sees: status, messages, number of records. */
async function convert(...words: string[]) {
  const { status, stdout, stderr } = await cryptrail(['convert', ...words]);
  return { status, stderr: stderr.replaceAll(folder, '~'), records: recordsOf(stdout).length };
}

describe('input that cannot be read', () => {
  it('names a missing file, reads the others and ends with 1', async () => {
    expect(await convert(at('none.log'), at('good.log'))).toEqual({
      status: 1,
      stderr: 'cryptrail: ~/none.log: cannot be read: there is no such file or folder\n',
      records: 1,
    });
  });

  it('names binary files and reads the others', async () => {
    writeFileSync(at('picture.png'), Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
    expect(await convert(folder)).toEqual({
      status: 1,
      stderr: 'cryptrail: ~/picture.png: is a picture, not a log in text form\n',
      records: 1,
    });
  });

  it.skipIf(process.platform === 'win32')(
    'waits for no pipe, opens no device and follows no circle of links',
    async () => {
      execFileSync('mkfifo', [at('pipe')]);
      mkdirSync(at('sub'));
      symlinkSync('..', at('sub/up'));
      expect(await convert(folder, '/dev/zero')).toEqual({
        status: 1,
        stderr:
          'cryptrail: ~/pipe and 1 more: left out; links, pipes and devices in a folder are not read\n' +
          'cryptrail: /dev/zero: is a device, not a regular file; use - to read a pipe\n',
        records: 1,
      });
    },
  );

  it.skipIf(process.getuid?.() === 0)('names a folder without permission and reads the others', async () => {
    mkdirSync(at('closed'), { mode: 0o000 });
    const { status, stderr, records } = await convert(folder);
    // What nobody may enter, nobody can clear away.
    chmodSync(at('closed'), 0o700);
    expect({ status, records }).toEqual({ status: 1, records: 1 });
    expect(stderr).toContain('~/closed: cannot be read: permission denied');
  });

  it('takes an empty file, an empty folder and empty input for what they are', async () => {
    writeFileSync(at('good.log'), '');
    expect(await convert(folder)).toEqual({ status: 0, stderr: '', records: 0 });
    expect(await convert('-')).toEqual({ status: 0, stderr: '', records: 0 });
  });

  it('names a file that breaks off while it is read, without its content', async () => {
    // Reading memory of a process fails in the middle: a regular file to all appearance.
    const { status, stderr } = await convert('/proc/self/mem', at('good.log'));
    expect(status).toBe(1);
    expect(stderr).toContain('/proc/self/mem: ');
  });
});

describe('a line of 100 MB', () => {
  it('F05 becomes one truncated record within 256 MB of memory, and the next line is read', async () => {
    const handle = openSync(at('long.log'), 'w');
    writeSync(handle, '{"log_type":"audit","x":"');
    const megabyte = Buffer.alloc(1024 * 1024, 'A');
    for (let count = 0; count < 100; count += 1) writeSync(handle, megabyte);
    writeSync(handle, `"}\n${GOOD}`);
    closeSync(handle);
    const script = `${process.execPath} ${resolve('packages/agent/dist/cli.js')} convert ${at('long.log')} & pid=$!
      peak=0; while kill -0 $pid 2>/dev/null; do
        now=$(awk '/VmHWM/ { print $2 }' /proc/$pid/status 2>/dev/null); [ "\${now:-0}" -gt "$peak" ] && peak=$now; sleep 0.02
      done; wait $pid; status=$?; echo "$peak $status" >&2`;
    const { stdout, stderr } = await shell(script);
    const [peakKibibytes = 0, status] = stderr.trim().split(' ').map(Number);
    const records = recordsOf(stdout);
    expect(status).toBe(0);
    expect(records.map(({ attributes }) => attributes.get('cryptrail.parse.status'))).toEqual(['truncated', undefined]);
    expect(peakKibibytes).toBeGreaterThan(10_000);
    expect(peakKibibytes).toBeLessThan(256 * 1024);
  });
});

describe('misuse', () => {
  it.each([
    [['convrt'], 'Unknown command convrt. Did you mean convert?'],
    [['convert', '--ouput', 'x'], 'Unknown flag --ouput. Did you mean --output?'],
    [['convert', '--output'], '--output needs a value: --output otlp-json|ndjson|table.'],
    [
      ['convert', '--from', '2024-13-45', '-'],
      '--from cannot read "2024-13-45" as a time. Write 2024-05-12 or 2024-05-12T08:30:00Z.',
    ],
    [
      ['convert', '--time-zone', 'Europe/Stokholm', '-'],
      '--time-zone knows no "Europe/Stokholm". Did you mean Europe/Stockholm?',
    ],
    [['list', 'evnts'], 'List what? One of products, events, fields. Did you mean events?'],
    [['list', 'events', '--tag', 'poisen record'], 'No event has the tag "poisen record". Did you mean poison record?'],
    [['start', '--port', 'http'], '--port cannot be "http". It takes a number from 0 (any free port) to 65535.'],
  ])('of %j ends with 2 and one clear line', async (args, line) => {
    expect(await cryptrail(args)).toEqual({ status: 2, stdout: '', stderr: `cryptrail: ${line}\n` });
  });

  it('E40 of a filter word ends with 2 and nothing written', async () => {
    const { status, stdout, stderr } = await cryptrail(['convert', '--log-type', 'adit', at('good.log')]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^cryptrail: --log-type knows no "adit"; it takes .*\. Did you mean audit\?\n$/);
  });
});

describe('the end of the program', () => {
  it('is quiet when the reader of its output has seen enough', async () => {
    const many = at('many.log');
    writeFileSync(many, GOOD.repeat(20_000));
    const program = `${process.execPath} ${resolve('packages/agent/dist/cli.js')}`;
    const { stdout, stderr } = await shell(`${program} convert ${many} --output ndjson | head -n 1`);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('');
  });

  it.skipIf(process.platform !== 'linux')('says so when the output is full', async () => {
    const program = `${process.execPath} ${resolve('packages/agent/dist/cli.js')}`;
    const { status, stderr } = await shell(`${program} convert ${at('good.log')} > /dev/full`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^cryptrail: the output cannot be written: /);
  });

  it('has status 130 after Ctrl-C', async () => {
    const child = startCryptrail(['convert', '-', '--output', 'ndjson']);
    child.stdin.write(GOOD);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
  });
});

async function shell(script: string) {
  const { spawn } = await import('node:child_process');
  const child = spawn('bash', ['--norc', '-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [status] = await once(child, 'close');
  return { status, stdout, stderr };
}
