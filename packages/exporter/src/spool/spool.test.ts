import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { acraServer, ejbca, logRecord } from '../../test/log-records.ts';
import { decodeProtobuf } from '../otlp/decode-protobuf.ts';
import { encodeLogs } from '../otlp/encode-logs.ts';
import type { EncodedGroup, EncodedLogs } from '../otlp/encoded-logs.ts';
import { joinGroups } from '../otlp/join-groups.ts';
import { Spool } from './spool.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cryptrail-spool-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'spool');
}

function groupOf(at: number, length = 0): EncodedGroup {
  const resource = at % 3 === 0 ? ejbca : acraServer;
  const [group] = encodeLogs([logRecord({ body: `record ${at}${'x'.repeat(length)}`, resource })]);
  if (!group) throw new Error('expected a group');
  return group;
}

function bodiesOf(logs: EncodedLogs): string[] {
  const { resourceLogs } = decodeProtobuf(joinGroups(logs), 1e9);
  return resourceLogs
    .flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
    .map(({ body }) => (body?.stringValue ?? '').replace(/x+$/, ''));
}

async function open(dir: string, maxBytes?: number) {
  const damage: string[] = [];
  const spool = await Spool.open({ dir, maxBytes }, (message) => damage.push(message));
  return { spool, damage };
}

/** Reads everything that is there, and gives it with what acknowledges it. */
function readAll(spool: Spool) {
  const read: { bodies: string[]; acknowledge: () => void }[] = [];
  for (let next = spool.read(); next; next = spool.read()) {
    read.push({ bodies: bodiesOf(next.logs), acknowledge: next.acknowledge });
  }
  return { bodies: read.flatMap(({ bodies }) => bodies), read };
}

const names = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `record ${from + at}`);
const inAnyOrder = (bodies: readonly string[]) => [...bodies].sort();
const segments = (dir: string) => readdirSync(dir).filter((name) => name.startsWith('spool-0'));

describe('Spool', () => {
  it('gives back what was added, under its own resource', async () => {
    const { spool } = await open(temporaryFolder());
    for (let at = 0; at < 10; at += 1) expect(spool.append(groupOf(at))).toBe(true);
    const { bodies, read } = readAll(spool);
    expect(inAnyOrder(bodies)).toEqual(inAnyOrder(names(0, 10)));
    expect(read).toHaveLength(1);
    spool.append(groupOf(10));
    expect(readAll(spool).bodies).toEqual(['record 10']);
    await spool.close();
  });

  it('keeps every digit of a record and its head', async () => {
    const { spool } = await open(temporaryFolder());
    const group: EncodedGroup = {
      ...groupOf(1),
      resourceSchemaUrl: 'https://example.com/r',
      scopeSchemaUrl: 'https://example.com/s',
    };
    spool.append(group);
    expect(joinGroups(spool.read()?.logs ?? [])).toEqual(joinGroups([group]));
    await spool.close();
  });

  it('C30 brings at the next start what was not acknowledged, and no more than that', async () => {
    const dir = temporaryFolder();
    const first = await open(dir);
    for (let at = 0; at < 5; at += 1) first.spool.append(groupOf(at));
    readAll(first.spool).read[0]?.acknowledge();
    for (let at = 5; at < 8; at += 1) first.spool.append(groupOf(at));
    await first.spool.close();
    const second = await open(dir);
    second.spool.append(groupOf(8));
    expect(inAnyOrder(readAll(second.spool).bodies)).toEqual(names(5, 9));
    expect(second.damage).toEqual([]);
    await second.spool.close();
  });

  it('acknowledges in order: what is settled behind an open record comes again', async () => {
    const dir = temporaryFolder();
    const first = await open(dir);
    first.spool.append(groupOf(0));
    const zero = first.spool.read();
    first.spool.append(groupOf(1));
    const one = first.spool.read();
    one?.acknowledge();
    await first.spool.close();
    const second = await open(dir);
    const { bodies, read } = readAll(second.spool);
    expect(inAnyOrder(bodies)).toEqual(names(0, 2));
    for (const { acknowledge } of read) acknowledge();
    await second.spool.close();
    expect(zero).toBeDefined();
    expect(segments(dir)).toEqual([]);
  });

  it('cuts off what a crash left, wherever it struck, and says so', async () => {
    const dir = temporaryFolder();
    const first = await open(dir);
    for (let at = 0; at < 3; at += 1) first.spool.append(groupOf(at));
    await first.spool.close();
    const [name = ''] = segments(dir);
    const whole = readFileSync(join(dir, name));
    for (let length = 0; length < whole.length; length += 5) {
      writeFileSync(join(dir, name), whole.subarray(0, length));
      const { spool, damage } = await open(dir);
      spool.append(groupOf(9));
      const { bodies } = readAll(spool);
      expect(bodies).toEqual([...names(0, bodies.length - 1), 'record 9']);
      expect(bodies.length).toBeLessThanOrEqual(3 + (damage.length === 0 ? 0 : 1));
      await spool.close();
      for (const other of segments(dir)) if (other !== name) rmSync(join(dir, other));
    }
  });

  it.each([
    ['zeros', Buffer.alloc(4096)],
    ['garbage', Buffer.from('not a frame of a spool at all, and longer than its header')],
    ['a frame that promises too much', Buffer.from([0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0])],
  ])('F05 passes over %s at the end of a segment, with words', async (_, rest) => {
    const dir = temporaryFolder();
    const first = await open(dir);
    first.spool.append(groupOf(0));
    await first.spool.close();
    appendFileSync(join(dir, segments(dir)[0] ?? ''), rest);
    const { spool, damage } = await open(dir);
    spool.append(groupOf(1));
    expect(readAll(spool).bodies).toEqual(['record 0', 'record 1']);
    expect(damage).toEqual([expect.stringMatching(/^spool segment 1: \d+ bytes at its end/)]);
    await spool.close();
  });

  it('never gives a record whose bytes have changed', async () => {
    const dir = temporaryFolder();
    const first = await open(dir);
    for (let at = 0; at < 3; at += 1) first.spool.append(groupOf(at));
    await first.spool.close();
    const path = join(dir, segments(dir)[0] ?? '');
    const whole = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] ?? 0) ^ flip;
        writeFileSync(path, changed);
        const { spool, damage } = await open(dir);
        const { bodies } = readAll(spool);
        expect(bodies).toEqual(names(0, bodies.length));
        expect(bodies.length === 3 || damage.length === 1).toBe(true);
        await spool.close();
        for (const name of segments(dir)) if (join(dir, name) !== path) rmSync(join(dir, name));
      }),
      { numRuns: 40 },
    );
  });

  it('says that a segment is missing', async () => {
    const dir = temporaryFolder();
    const first = await open(dir, 40_000);
    for (let at = 0; at < 30; at += 1) first.spool.append(groupOf(at, 900));
    await first.spool.close();
    const [, second = ''] = segments(dir);
    rmSync(join(dir, second));
    const { spool, damage } = await open(dir, 40_000);
    expect(readAll(spool).bodies.length).toBeLessThan(30);
    expect(damage).toEqual(['spool segment 2 is missing; its records are lost']);
    await spool.close();
  });

  it('takes no more than it may, and again when there is room', async () => {
    const dir = temporaryFolder();
    const { spool } = await open(dir, 20_000);
    let added = 0;
    while (spool.append(groupOf(added, 900))) added += 1;
    expect(spool.bytes).toBeLessThanOrEqual(22_000);
    expect(added).toBeGreaterThan(10);
    const onDisk = segments(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
    expect(spool.bytes).toBe(onDisk);
    const { bodies, read } = readAll(spool);
    expect(bodies).toHaveLength(added);
    for (const { acknowledge } of read) acknowledge();
    expect(spool.append(groupOf(99, 900))).toBe(true);
    await spool.close();
  });

  it('is of one process at a time', async () => {
    const dir = temporaryFolder();
    const { spool } = await open(dir);
    await expect(open(dir)).rejects.toMatchObject({ code: 'spool_in_use', message: expect.stringContaining(dir) });
    await spool.close();
    await (await open(dir)).spool.close();
  });

  it('reads everything again when it does not know what was acknowledged', async () => {
    const dir = temporaryFolder();
    const first = await open(dir);
    first.spool.append(groupOf(0));
    readAll(first.spool).read[0]?.acknowledge();
    first.spool.append(groupOf(1));
    await first.spool.close();
    truncateSync(join(dir, 'acknowledged'), 3);
    const { spool } = await open(dir);
    expect(inAnyOrder(readAll(spool).bodies)).toEqual(names(0, 2));
    await spool.close();
  });

  it('resolves each sync only when what was added before it is on disk', async () => {
    const { spool } = await open(temporaryFolder());
    const order: string[] = [];
    spool.append(groupOf(0));
    const first = spool.sync().then(() => order.push('first'));
    const second = spool.sync().then(() => order.push('second'));
    await second;
    expect(order).toEqual(['first', 'second']);
    await first;
    await spool.close();
  });
});
