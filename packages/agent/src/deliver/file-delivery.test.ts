import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { DeliveryCondition, Settlement } from '@cryptrail/exporter';
import { encodeLogs } from '@cryptrail/exporter/otlp';
import { describe, expect, it } from 'vitest';
import { bodiesOf, numbered, temporaryFolder } from '../../test/delivered-records.ts';
import { createFileDelivery, type FileDeliveryOptions } from './file-delivery.ts';

function openAt(path: string, more: Partial<FileDeliveryOptions> = {}) {
  const warned: string[] = [];
  const heard: DeliveryCondition[] = [];
  const delivery = createFileDelivery({
    path,
    lingerMillis: 1,
    warn: (message) => warned.push(message),
    onCondition: (condition) => heard.push(condition),
    ...more,
  });
  const write = (count: number, from = 0) =>
    new Promise<Settlement>((onSettled) => void delivery.push(encodeLogs(numbered(count, from)), { onSettled }));
  return { delivery, write, warned, heard };
}

function writtenTo(path: string): string[] {
  const bytes = readFileSync(path);
  const text = path.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString();
  return text.split('\n').filter(Boolean).flatMap(bodiesOf);
}

const names = (count: number, from = 0) => numbered(count, from).map(({ body }) => body);

describe('createFileDelivery', () => {
  it.each(['out/records.jsonl', 'out/records.jsonl.gz'])(
    'F02 appends records to %s in order, over several runs',
    async (name) => {
      const path = join(temporaryFolder(), name);
      const first = openAt(path);
      expect(await first.write(3)).toEqual({ accepted: 3, deadLettered: 0 });
      expect(writtenTo(path)).toEqual(names(3));
      expect(await first.write(2, 3)).toEqual({ accepted: 2, deadLettered: 0 });
      expect(await first.delivery.end()).toEqual({ delivered: 5, refused: 0 });
      const second = openAt(path);
      await second.write(1, 5);
      await second.delivery.end();
      expect(writtenTo(path)).toEqual(names(6));
      expect(statSync(path).mode & 0o007).toBe(0);
    },
  );

  it('begins a new file when the time in its name changes', async () => {
    const folder = temporaryFolder();
    let now = Date.UTC(2026, 0, 31, 23, 59);
    const { write, delivery } = openAt(join(folder, '%Y-%m-%d.jsonl'), { now: () => now });
    await write(1);
    now += 60_000;
    await write(1, 1);
    await delivery.end();
    expect(writtenTo(join(folder, '2026-01-31.jsonl'))).toEqual(names(1));
    expect(writtenTo(join(folder, '2026-02-01.jsonl'))).toEqual(names(1, 1));
  });

  it.each(['a.jsonl', 'a.jsonl.gz'])(
    'cuts off what a crash left at the end of %s, wherever it struck',
    async (name) => {
      const path = join(temporaryFolder(), name);
      const before = openAt(path);
      await before.write(2);
      const whole = statSync(path).size;
      await before.write(2, 2);
      await before.delivery.end();
      const all = readFileSync(path);
      for (let length = whole; length < all.length; length += 7) {
        writeFileSync(path, all.subarray(0, length));
        const { write, delivery, warned } = openAt(path);
        await write(1, 9);
        await delivery.end();
        expect(writtenTo(path)).toEqual([...names(2), ...names(1, 9)]);
        expect(warned).toHaveLength(length === whole ? 0 : 1);
      }
      truncateSync(path, whole);
      appendFileSync(path, Buffer.alloc(100));
      const zeros = openAt(path);
      await zeros.write(1, 9);
      await zeros.delivery.end();
      expect(writtenTo(path)).toEqual([...names(2), ...names(1, 9)]);
    },
  );

  it.each([
    ['notes.jsonl', Buffer.from('somebody else wrote this')],
    ['notes.jsonl.gz', gzipSync('somebody else wrote this')],
  ])('touches no %s that somebody else wrote, and says so', async (name, content) => {
    const path = join(temporaryFolder(), name);
    writeFileSync(path, content);
    const { delivery } = openAt(path);
    delivery.push(encodeLogs(numbered(1)));
    expect(await delivery.end({ withinMillis: 50 })).toEqual({ delivered: 0, refused: 0, unsettled: 1 });
    expect(delivery.condition()).toMatchObject({ reason: expect.stringContaining('not written by cryptrail') });
    expect(readFileSync(path)).toEqual(content);
  });

  it('goes on in a new file when the old one is taken away', async () => {
    const path = join(temporaryFolder(), 'a.jsonl');
    const { write, delivery } = openAt(path);
    await write(1);
    renameSync(path, `${path}.1`);
    await write(1, 1);
    await delivery.end();
    expect(writtenTo(`${path}.1`)).toEqual(names(1));
    expect(writtenTo(path)).toEqual(names(1, 1));
  });

  it('C30 waits for a place that cannot be written, and has lost nothing when it can', async () => {
    const folder = join(temporaryFolder(), 'out');
    writeFileSync(folder, 'in the way');
    const { write, delivery, heard } = openAt(join(folder, 'a.jsonl'));
    const written = write(3);
    await expect.poll(() => delivery.condition().status).toBe('waiting');
    rmSync(folder);
    mkdirSync(folder);
    expect(await written).toEqual({ accepted: 3, deadLettered: 0 });
    expect(heard.map(({ status }) => status)).toEqual(['waiting', 'delivering']);
    await delivery.end();
  });

  it.skipIf(process.platform !== 'linux')('C30 says that the disk is full, and settles nothing', async () => {
    const { delivery } = openAt('/dev/full');
    const settlements: Settlement[] = [];
    delivery.push(encodeLogs(numbered(2)), { onSettled: (settlement) => settlements.push(settlement) });
    expect(await delivery.end({ withinMillis: 100 })).toEqual({ delivered: 0, refused: 0, unsettled: 2 });
    expect(delivery.condition()).toMatchObject({ reason: expect.stringContaining('no space left') });
    expect(settlements).toEqual([]);
  });

  it('asks to wait when much is held, and writes lines that others can read', async () => {
    const path = join(temporaryFolder(), 'a.jsonl');
    const { delivery } = openAt(path);
    const records = numbered(30).map((record) => ({ ...record, body: `${record.body} ${'x'.repeat(200_000)}` }));
    const room = delivery.push(records);
    expect(room).toBeInstanceOf(Promise);
    await room;
    await delivery.end();
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(1024 * 1024);
    expect(lines.flatMap(bodiesOf)).toEqual(records.map(({ body }) => body));
  });

  it('says which parts a path may have', () => {
    expect(() => createFileDelivery({ path: 'out/%s.jsonl', warn: () => {} })).toThrow(/knows no "%s"; it takes %Y/);
    expect(() => createFileDelivery({ path: 'out/100%', warn: () => {} })).toThrow(/knows no "%"/);
  });
});
