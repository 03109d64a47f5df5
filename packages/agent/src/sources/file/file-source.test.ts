import { mkdtempSync, rmSync } from 'node:fs';
import {
  appendFile,
  chmod,
  copyFile,
  link,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FileOptions } from '../options.ts';
import { MemoryAgent } from './memory-agent.ts';
import { runFiles } from './run-files.ts';

const TIMING = { settle: 60, finish: 120, close: 60_000, missing: 400, copying: 150, packing: 60 };
const POLL = 15;

let folder = '';
let agent = new MemoryAgent();
let stop = new AbortController();
let running: Promise<void> | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'));
  agent = new MemoryAgent();
});

afterEach(async () => {
  await halt();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);
const options = (...include: string[]): FileOptions => ({ include: include.map(at), pollIntervalMillis: POLL });

/** Lines of a log: each is told from all others. */
function lines(from: number, to: number, mark = 'line'): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const number = from + index;
    return `time="2026-11-22T10:00:${String(number % 60).padStart(2, '0')}Z" level=info msg="${mark} ${number}" code=100 client_id=c${number}`;
  });
}

const text = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');

/** Reads everything that is there, and ends. */
async function readAll(given: FileOptions, more?: { acknowledge?: boolean }): Promise<void> {
  const context = agent.context(new AbortController().signal, { untilIdle: true, ...more });
  await runFiles(given, context, TIMING);
}

function start(given: FileOptions, more?: { acknowledge?: boolean }): void {
  stop = new AbortController();
  running = runFiles(given, agent.context(stop.signal, more), TIMING);
  running.catch(() => {});
}

async function halt(): Promise<void> {
  stop.abort();
  await running?.catch(() => {});
  running = undefined;
}

/** Until all of these lines have arrived. */
async function arrived(expected: readonly string[]): Promise<void> {
  const differs = () => {
    const there = new Set(agent.lines);
    const wanted = new Set(expected);
    return {
      missing: expected.filter((line) => !there.has(line)).slice(0, 3),
      foreign: agent.lines.filter((line) => !wanted.has(line)).slice(0, 3),
    };
  };
  await vi.waitFor(() => expect(differs()).toEqual({ missing: [], foreign: [] }), { timeout: 10_000, interval: 10 });
}

/** No line twice, none missing. */
function expectEach(expected: readonly string[]): void {
  expect([...agent.lines].sort()).toEqual([...expected].sort());
}

/** Where each record begins, and its number in its file. */
const identities = () =>
  agent.records.map(({ attributes }) =>
    ['log.file.path', 'log.file.record_offset', 'log.file.record_number'].map((name) => attributes.get(name)).join(' '),
  );

const losses = () =>
  agent.findings.map(({ event, fields }) => [event, fields.get('loss')?.text, fields.get('lost_bytes')?.text]);

describe('a file source that reads to the end', { timeout: 60_000 }, () => {
  it('reads all that globs stand for, and goes on behind it the next time', async () => {
    await writeFile(at('a.log'), text(lines(1, 3)));
    await mkdir(at('below'));
    await writeFile(at('below/b.log'), text(lines(1, 2, 'below')));
    await writeFile(at('c.txt'), 'not this\n');
    await readAll(options('**/*.log'));
    expectEach([...lines(1, 3), ...lines(1, 2, 'below')]);
    await appendFile(at('a.log'), text(lines(4, 5)));
    await readAll(options('**/*.log'));
    expectEach([...lines(1, 5), ...lines(1, 2, 'below')]);
    const places = identities().filter((place) => place.includes('/a.log'));
    const lengths = lines(1, 5).map((line) => line.length + 1);
    expect(places).toEqual(
      lengths.map(
        (_, index) => `${at('a.log')} ${lengths.slice(0, index).reduce((sum, length) => sum + length, 0)} ${index + 1}`,
      ),
    );
  });

  it('delivers a line that has not ended when it ends itself, and later only what came behind it', async () => {
    await writeFile(at('a.log'), `${text(lines(1, 1))}the beginning`);
    await readAll(options('a.log'));
    expectEach([...lines(1, 1), 'the beginning']);
    await appendFile(at('a.log'), ' and the end\n');
    await readAll(options('a.log'));
    expectEach([...lines(1, 1), 'the beginning', ' and the end']);
  });

  it('reads equal short files each, the same again under another name too while the first is there', async () => {
    for (const name of ['a.log', 'b.log', 'c.log']) await writeFile(at(name), text(lines(1, 1)));
    await readAll(options('*.log'));
    expectEach([...lines(1, 1), ...lines(1, 1), ...lines(1, 1)]);
    await readAll(options('*.log'));
    expect(agent.records.length).toBe(3);
  });

  it('E12 finds the unread rest of a file that was renamed while nobody looked, in and outside of the globs', async () => {
    await writeFile(at('a.log'), text(lines(1, 3)));
    await readAll(options('a.log'));
    await appendFile(at('a.log'), text(lines(4, 6)));
    await rename(at('a.log'), at('a.log.1'));
    await writeFile(at('a.log'), text(lines(7, 8)));
    await readAll(options('a.log'));
    expectEach(lines(1, 8));
    expect(agent.findings).toEqual([]);
  });

  it('reads the files that came and went between, when several rotations passed while nobody looked', async () => {
    await writeFile(at('a.log.4'), text(lines(900, 901, 'older')));
    await sleep(20);
    await writeFile(at('a.log'), text(lines(1, 3)));
    await sleep(20);
    await readAll(options('a.log'));
    await rename(at('a.log'), at('a.log.3'));
    await sleep(20);
    await writeFile(at('a.log.2'), text(lines(4, 5)));
    await writeFile(at('a.log.1.gz'), gzipSync(text(lines(6, 7))));
    await writeFile(at('a.log'), text(lines(8, 9)));
    await readAll(options('a.log'));
    expectEach(lines(1, 9));
    expect(agent.findings).toEqual([]);
  });

  it('finds the unread rest of a file that was renamed and packed while nobody looked', async () => {
    for (const [pack, ending] of [
      [gzipSync, 'gz'],
      [zstdCompressSync, 'zst'],
    ] as const) {
      const name = `${ending}.log`;
      await writeFile(at(name), text(lines(1, 20, ending)));
      await readAll(options(`${name}*`));
      await writeFile(at(`${name}.1.${ending}`), pack(text(lines(1, 25, ending))));
      await writeFile(at(name), text(lines(26, 27, ending)));
      await readAll(options(`${name}*`));
    }
    expectEach([...lines(1, 27, 'gz'), ...lines(1, 27, 'zst')]);
    expect(agent.findings).toEqual([]);
  });

  it('does not repeat a file that was read and then packed', async () => {
    await writeFile(at('a.log'), text(lines(1, 3)));
    await readAll(options('a.log*'));
    await writeFile(at('a.log.1.gz'), gzipSync(await readFile(at('a.log'))));
    await readAll(options('a.log*'));
    await rm(at('a.log'));
    await readAll(options('a.log*'));
    await rename(at('a.log.1.gz'), at('a.log.2.gz'));
    await readAll(options('a.log*'));
    expectEach(lines(1, 3));
    expect(agent.findings).toEqual([]);
  });

  it('finds the unread rest in the copy of a file that was copied and emptied while nobody looked', async () => {
    await writeFile(at('a.log'), text(lines(1, 3)));
    await readAll(options('a.log'));
    await appendFile(at('a.log'), text(lines(4, 6)));
    await copyFile(at('a.log'), at('a.log.1'));
    await truncate(at('a.log'));
    await appendFile(at('a.log'), text(lines(7, 8)));
    await readAll(options('a.log'));
    expectEach(lines(1, 8));
    expect(agent.findings).toEqual([]);
    await readAll(options('a.log*'));
    expectEach(lines(1, 8));
  });

  it('sees that a file was emptied though it is longer than before and begins alike', async () => {
    const banner = `${'#'.repeat(1200)}\n`;
    await writeFile(at('a.log'), banner + text(lines(1, 3)));
    await readAll(options('a.log'));
    await copyFile(at('a.log'), at('a.log.1'));
    await truncate(at('a.log'));
    await appendFile(at('a.log'), banner + text(lines(4, 20)));
    await readAll(options('a.log'));
    expectEach([banner.trim(), ...lines(1, 3), banner.trim(), ...lines(4, 20)]);
    expect(agent.findings).toEqual([]);
  });

  it('E15 reports what was lost when a file was rotated away while nobody looked, and reads on', async () => {
    await writeFile(at('a.log'), text(lines(1, 3)));
    await readAll(options('a.log'));
    await rm(at('a.log'));
    await writeFile(at('a.log'), text(lines(7, 8)));
    await readAll(options('a.log'));
    expectEach([...lines(1, 3), ...lines(7, 8)]);
    expect(losses()).toEqual([['cryptrail.source.data_lost', 'replaced', undefined]]);
    await readAll(options('a.log'));
    expect(losses().length).toBe(1);
  });

  it('reports what was lost when a file was emptied while nobody looked, and reads on', async () => {
    await writeFile(at('a.log'), text(lines(1, 3)));
    await readAll(options('a.log'));
    await truncate(at('a.log'));
    await appendFile(at('a.log'), text(lines(7, 8)));
    await readAll(options('a.log'));
    expectEach([...lines(1, 3), ...lines(7, 8)]);
    expect(losses()).toEqual([['cryptrail.source.data_lost', 'emptied', undefined]]);
  });

  it('reads another file that got the number of a removed one from its beginning', async () => {
    await writeFile(at('a.log'), text(lines(1, 3)));
    await readAll(options('*.log'));
    await rm(at('a.log'));
    // File systems give the number out again at once; whether or not, the result must be the same.
    await writeFile(at('b.log'), text(lines(1, 9, 'other')));
    await readAll(options('*.log'));
    expectEach([...lines(1, 3), ...lines(1, 9, 'other')]);
    expect(losses().length).toBe(1);
  });

  it('reads archives and packed files whole, and once', async () => {
    await writeFile(at('old.log.gz'), gzipSync(text(lines(1, 3))));
    await readAll(options('*'));
    await readAll(options('*'));
    expectEach(lines(1, 3));
    expect(identities()[1]?.startsWith(`${at('old.log.gz')} `)).toBe(true);
  });

  it('reads one file once, whatever names it has', async () => {
    await writeFile(at('a.log'), text(lines(1, 3)));
    await link(at('a.log'), at('b.log'));
    await symlink(at('a.log'), at('c.log'));
    await readAll(options('*.log', 'a.log', 'c.log'));
    expectEach(lines(1, 3));
  });

  it('follows a link to a file that no glob stands for', async () => {
    await mkdir(at('pods'));
    await writeFile(at('pods/0.log'), text(lines(1, 3)));
    await symlink(at('pods/0.log'), at('a.log'));
    await readAll(options('*.log'));
    expectEach(lines(1, 3));
  });

  it('begins at the end of files that were there before the first start, when told so, and only then', async () => {
    await writeFile(at('a.log'), text(lines(1, 3)));
    await readAll({ ...options('*.log'), startAt: 'end' });
    await appendFile(at('a.log'), text(lines(4, 4)));
    await writeFile(at('b.log'), text(lines(1, 2, 'new')));
    await readAll({ ...options('*.log'), startAt: 'end' });
    expectEach([...lines(4, 4), ...lines(1, 2, 'new')]);
    expect(agent.records.map(({ attributes }) => attributes.get('log.file.record_number'))).toEqual(
      expect.arrayContaining([4, 1, 2]),
    );
  });

  it('takes tables up at the row where it stopped', async () => {
    const row = (number: number) => `${number},CA_EDITING,SUCCESS,135955050360${number},x\n`;
    await writeFile(at('a.csv'), `pk,eventType,eventStatus,timeStamp,additionalDetails\n${row(1)}${row(2)}`);
    await readAll(options('*.csv'));
    await appendFile(at('a.csv'), row(3));
    await readAll(options('*.csv'));
    expect(agent.records.map(({ attributes }) => attributes.get('log.file.record_number'))).toEqual([1, 2, 3]);
  });

  it('passes folders, pipes and binary files over with a remark', async () => {
    await mkdir(at('a.log'));
    await writeFile(at('b.log'), Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(600)]));
    await writeFile(at('c.log'), text(lines(1, 1)));
    await readAll(options('*.log', 'a.log'));
    expectEach(lines(1, 1));
    expect(agent.notes.join('\n')).toMatch(/a folder/);
    expect(agent.notes.join('\n')).toMatch(/a program/);
  });

  it('repeats records with equal places, and loses none, when it is killed at any moment', async () => {
    const all = lines(1, 12_000);
    await writeFile(at('a.log'), text(all));
    for (let kills = 0; kills < 4; kills += 1) {
      start(options('a.log'), { acknowledge: false });
      await vi.waitFor(() => expect(agent.held.length).toBeGreaterThan(2), { timeout: 20_000 });
      agent.settle(2);
      await halt();
      agent.kill();
    }
    await readAll(options('a.log'));
    expect(new Set(agent.lines)).toEqual(new Set(all));
    expect(new Set(identities()).size).toBe(12_000);
  });
});

describe('a file source that stays', { timeout: 60_000 }, () => {
  it('E12 reads what is added, across renaming rotations, and waits for the end of a line', async () => {
    start(options('a.log'));
    await writeFile(at('a.log'), text(lines(1, 2)));
    await arrived(lines(1, 2));
    const [half = ''] = lines(3, 3);
    await appendFile(at('a.log'), half.slice(0, 30));
    await sleep(300);
    expectEach(lines(1, 2));
    await appendFile(at('a.log'), `${half.slice(30)}\n`);
    await arrived(lines(1, 3));
    await rename(at('a.log'), at('a.log.1'));
    await appendFile(at('a.log.1'), text(lines(4, 4)));
    await writeFile(at('a.log'), text(lines(5, 6)));
    await arrived(lines(1, 6));
    await appendFile(at('a.log.1'), text(lines(7, 7)));
    await arrived(lines(1, 7));
    expectEach(lines(1, 7));
    expect(agent.findings).toEqual([]);
  });

  it('gives out the unfinished last line of a file that has lost its name', async () => {
    start(options('a.log'));
    await writeFile(at('a.log'), `${text(lines(1, 1))}cut`);
    await arrived(lines(1, 1));
    await rename(at('a.log'), at('a.log.1'));
    await writeFile(at('a.log'), text(lines(2, 2)));
    await arrived([...lines(1, 2), 'cut']);
  });

  it('reads copied and emptied files through, in and outside of the globs', async () => {
    for (const glob of ['out.log', 'in.log*']) {
      const name = glob.replace('*', '');
      start(options(glob));
      let expected = lines(1, 1, 'first');
      agent.records.length = 0;
      await writeFile(at(name), text(expected));
      await arrived(expected);
      for (let round = 0; round < 4; round += 1) {
        const more = lines(round * 50 + 1, round * 50 + 50, name);
        expected = [...expected, ...more];
        await appendFile(at(name), text(more.slice(0, 30)));
        await sleep(round * 7);
        await appendFile(at(name), text(more.slice(30)));
        await copyFile(at(name), at(`${name}.${round}`));
        await truncate(at(name));
        await arrived(expected);
      }
      expectEach(expected);
      expect(agent.findings).toEqual([]);
      await halt();
    }
  });

  it('reports what is lost when a file is emptied before it was read', async () => {
    start(options('a.log'));
    await writeFile(at('a.log'), text(lines(1, 5)));
    await arrived(lines(1, 5));
    let makeRoom = () => {};
    agent.room = new Promise((resolve) => {
      makeRoom = resolve;
    });
    await appendFile(at('a.log'), text(lines(6, 6)));
    await arrived(lines(1, 6));
    const seven = text(lines(7, 7, 'a longer line'));
    await appendFile(at('a.log'), seven);
    await vi.waitFor(() => expect(agent.lagBytes).toBe(seven.length), { timeout: 10_000, interval: 5 });
    await writeFile(at('a.log'), text(lines(8, 8)));
    makeRoom();
    await arrived([...lines(1, 6), ...lines(8, 8)]);
    await vi.waitFor(
      () => expect(losses()).toEqual([['cryptrail.source.data_lost', 'emptied', String(seven.length)]]),
      {
        timeout: 10_000,
      },
    );
  });

  it('makes no report of a file that was emptied when all of it was read long ago', async () => {
    start(options('a.log'));
    await writeFile(at('a.log'), text(lines(1, 5)));
    await arrived(lines(1, 5));
    await sleep(300);
    await writeFile(at('a.log'), text(lines(6, 6)));
    await arrived(lines(1, 6));
    await sleep(600);
    expect(agent.findings).toEqual([]);
  });

  it('E16 reads a removed file to its end when it has it open, and goes on', async () => {
    start(options('a.log'));
    await writeFile(at('a.log'), text(lines(1, 5)));
    await arrived(lines(1, 5));
    await unlink(at('a.log'));
    await writeFile(at('a.log'), text(lines(6, 6)));
    await arrived(lines(1, 6));
    await sleep(700);
    expect(agent.findings).toEqual([]);
  });

  it('does not repeat a rotated file that is packed while it runs', async () => {
    start(options('a.log*'));
    await writeFile(at('a.log'), text(lines(1, 5)));
    await arrived(lines(1, 5));
    await rename(at('a.log'), at('a.log.1'));
    await writeFile(at('a.log'), text(lines(6, 6)));
    await arrived(lines(1, 6));
    await writeFile(at('a.log.1.gz'), gzipSync(await readFile(at('a.log.1'))));
    await unlink(at('a.log.1'));
    await sleep(800);
    expectEach(lines(1, 6));
    await rename(at('a.log.1.gz'), at('a.log.2.gz'));
    await sleep(300);
    expectEach(lines(1, 6));
    expect(agent.findings).toEqual([]);
  });

  it('waits for a packed file that is still being written', async () => {
    const packed = gzipSync(text(lines(1, 400)));
    start(options('*.gz'));
    await writeFile(at('a.gz'), packed.subarray(0, 300));
    await sleep(100);
    await appendFile(at('a.gz'), packed.subarray(300));
    await arrived(lines(1, 400));
    expectEach(lines(1, 400));
  });

  it('tells that a file is packed when it was met before anything stood in it, and does not repeat it after a restart', async () => {
    await writeFile(at('a.gz'), '');
    start(options('*.gz'));
    await vi.waitFor(() => expect(agent.positions.size).toBe(2), { timeout: 10_000 });
    await appendFile(at('a.gz'), gzipSync(text(lines(1, 400))));
    await arrived(lines(1, 400));
    await halt();
    await writeFile(at('b.gz'), gzipSync(text(lines(401, 402))));
    start(options('*.gz'));
    await arrived(lines(1, 402));
    expectEach(lines(1, 402));
    expect(agent.findings).toEqual([]);
  });

  it('goes on when a link is switched to another file', async () => {
    await writeFile(at('1.txt'), text(lines(1, 3)));
    await writeFile(at('2.txt'), text(lines(4, 6)));
    await symlink(at('1.txt'), at('a.log'));
    start(options('a.log'));
    await arrived(lines(1, 3));
    await symlink(at('2.txt'), at('b.log'));
    await rename(at('b.log'), at('a.log'));
    await arrived(lines(1, 6));
    await sleep(600);
    expect(agent.findings).toEqual([]);
    expectEach(lines(1, 6));
  });

  it.skipIf(process.getuid?.() === 0)('waits for a file that may not be read, and says so once', async () => {
    await writeFile(at('a.log'), text(lines(1, 3)));
    await chmod(at('a.log'), 0);
    start(options('a.log'));
    await sleep(200);
    await chmod(at('a.log'), 0o600);
    await arrived(lines(1, 3));
    expect(agent.notes.filter((note) => note.includes('permission denied')).length).toBe(1);
  });

  it('waits for a path that cannot be looked at, and says so once', async () => {
    await symlink(at('a.log'), at('a.log'));
    start(options('a.log'));
    await sleep(200);
    await unlink(at('a.log'));
    await writeFile(at('a.log'), text(lines(1, 3)));
    await arrived(lines(1, 3));
    expect(agent.notes.filter((note) => note.includes('a circle of links')).length).toBe(1);
  });

  it('reads what was written, copied and emptied between two looks, when no glob stands for the copy', async () => {
    start({ ...options('a.log'), pollIntervalMillis: 300 });
    await writeFile(at('a.log'), text(lines(1, 1)));
    await arrived(lines(1, 1));
    await sleep(1000);
    for (let round = 0; round < 2; round += 1) {
      await appendFile(at('a.log'), text(lines(round * 10 + 2, round * 10 + 11)));
      await copyFile(at('a.log'), at(`a.log.${round}`));
      await truncate(at('a.log'));
    }
    await arrived(lines(1, 21));
    await copyFile(at('a.log'), at('a.log-2026'));
    await sleep(1000);
    expectEach(lines(1, 21));
    expect(agent.findings).toEqual([]);
  });

  it('reads behind the hole that a writer leaves who goes on at his old place in an emptied file', async () => {
    const writer = await open(at('a.log'), 'w');
    start(options('a.log'));
    const first = text(lines(1, 20_000));
    await writer.write(first);
    await arrived(lines(1, 20_000));
    await truncate(at('a.log'));
    await writer.write(text(lines(20_001, 20_002)));
    await writer.close();
    await arrived(lines(1, 20_002));
    expectEach(lines(1, 20_002));
    expect(identities().at(-2)).toBe(`${at('a.log')} ${first.length} 1`);
  });

  it('reads packed files and rotations whose times lie in the future, because a clock was set back', async () => {
    const later = new Date(Date.now() + 3_600_000);
    start(options('a.log*'));
    await writeFile(at('a.log.1.gz'), gzipSync(text(lines(1, 3))));
    await utimes(at('a.log.1.gz'), later, later);
    await writeFile(at('a.log'), text(lines(4, 5)));
    await utimes(at('a.log'), later, later);
    await arrived(lines(1, 5));
    await appendFile(at('a.log'), text(lines(6, 6)));
    await rename(at('a.log'), at('a.log.2'));
    await writeFile(at('a.log'), text(lines(7, 7)));
    await arrived(lines(1, 7));
    expectEach(lines(1, 7));
  });

  it('holds no more files open than it may, and reads all of them', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `f${index}.log`);
    for (const name of names) await writeFile(at(name), text(lines(1, 3, name)));
    start({ ...options('*.log'), maxOpenFiles: 4 });
    await arrived(names.flatMap((name) => lines(1, 3, name)));
    for (const name of names) await appendFile(at(name), text(lines(4, 5, name)));
    const expected = names.flatMap((name) => lines(1, 5, name));
    await arrived(expected);
    expectEach(expected);
    const open = (await Promise.all((await readdirFd()).map((fd) => target(fd)))).filter((path) =>
      path.startsWith(folder),
    );
    expect(open.length).toBeLessThanOrEqual(4);
  });

  it('gives out a record that may have more lines when nothing follows', async () => {
    const line =
      '2026-10-24 20:53:26,511 INFO  [org.cesecore.audit.impl.log4j.Log4jDevice] (default task-1) 2026-10-24 22:53:26+02:00;CA_EDITING;SUCCESS;CA;CORE;;;;';
    start(options('a.log'));
    await writeFile(at('a.log'), `${line}\n`);
    await arrived([line]);
    await appendFile(at('a.log'), `${line}\n\tat a.B.c(B.java:1)\n`);
    await arrived([line, `${line}\n\tat a.B.c(B.java:1)`]);
  });
});

async function readdirFd(): Promise<string[]> {
  const { readdir } = await import('node:fs/promises');
  return readdir('/proc/self/fd').catch(() => []);
}

async function target(descriptor: string): Promise<string> {
  const { readlink } = await import('node:fs/promises');
  return readlink(`/proc/self/fd/${descriptor}`).catch(() => '');
}
