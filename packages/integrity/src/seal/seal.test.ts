import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeHash } from '../../test/node-hash.ts';
import { createStreamMatcher, type StreamVerdict } from './compare.ts';
import { createLeafEvidence } from './leaves.ts';
import { readSeal } from './read-seal.ts';
import { createSealer, type SealerOptions } from './sealer.ts';

const pair = generateKeyPairSync('ed25519');
const rawKey = (key: typeof pair.publicKey) =>
  key.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
const PUBLIC = rawKey(pair.publicKey);
const OTHER = rawKey(generateKeyPairSync('ed25519').publicKey);
const LINES = Array.from({ length: 100 }, (_, index) => `line ${index}`);
const INPUT = { path: 'a.log' };

let clock = 1_700_000_000_000;
const options = (more: Partial<SealerOptions> = {}): SealerOptions => ({
  hash: nodeHash,
  sign: (data) => sign(null, data, pair.privateKey),
  publicKey: PUBLIC,
  maxRecords: 10,
  now: () => clock,
  ...more,
});
const frame = (text: string, index: number) => ({ text, position: { number: index + 1 }, byteLength: text.length });

function seal(lines: readonly string[], more: Partial<SealerOptions> = {}): string[] {
  const sealer = createSealer(options(more));
  for (const [index, text] of lines.entries()) sealer.check(frame(text, index), undefined, INPUT);
  sealer.end();
  return sealer.take();
}

const read = (lines: readonly string[], more: { publicKey?: string; head?: string } = {}) =>
  readSeal(lines, {
    hash: nodeHash,
    verify: (key, data, signature) => key === PUBLIC && verify(null, data, pair.publicKey, signature),
    ...more,
  });

function compare(sealed: readonly string[], found: readonly string[]): StreamVerdict {
  const matcher = createStreamMatcher(read(sealed).streams.get('a.log') ?? [], nodeHash);
  const leaves = createLeafEvidence((_, leaf) => matcher.add(leaf), nodeHash);
  for (const [index, text] of found.entries()) leaves.check(frame(text, index), undefined, INPUT);
  return matcher.end();
}

describe('a seal', () => {
  it('C31 F07 is whole as it was written, and proves the source', () => {
    const lines = seal(LINES);
    const whole = read(lines, { publicKey: PUBLIC });
    expect(whole).toMatchObject({ error: null, closed: true, lines: 12, publicKey: PUBLIC });
    expect(whole.head).toBe(
      createHash('sha256')
        .update(lines.at(-1) ?? '')
        .digest('hex'),
    );
    expect(compare(lines, LINES)).toMatchObject({ segments: 10, records: 100, verified: 100, broken: [], unsealed: 0 });
    expect(compare(lines, [...LINES, 'later'])).toMatchObject({ verified: 100, broken: [], unsealed: 1 });
  });

  it.each<[string, (lines: string[]) => string[], string, number | null]>([
    ['altered', (lines) => lines.with(2, lines[2]?.replace('"records":10', '"records":11') ?? ''), 'bad_signature', 3],
    ['removed', (lines) => lines.toSpliced(2, 1), 'broken_order', 3],
    ['repeated', (lines) => lines.toSpliced(2, 0, lines[2] ?? ''), 'broken_order', 4],
    ['moved', (lines) => lines.with(2, lines[3] ?? '').with(3, lines[2] ?? ''), 'broken_order', 3],
    ['cut in two', (lines) => [...lines.slice(0, 4), lines[4]?.slice(0, 50) ?? ''], 'unreadable_line', 5],
    ['of nothing', () => [], 'unreadable_line', null],
  ])('C31 shows a line that was %s', (_, change, kind, line) => {
    expect(read(change(seal(LINES))).error).toMatchObject({ class: kind, line });
  });

  it('C31 shows a tail that was cut off: by the missing end, or by a head that was kept elsewhere', () => {
    const lines = seal(LINES);
    const cut = lines.slice(0, -1);
    expect(read(cut)).toMatchObject({ error: null, closed: false });
    expect(read(cut, { head: read(lines).head }).error).toMatchObject({ class: 'head_not_found' });
    expect(read(lines, { head: read(cut).head }).error).toBeNull();
  });

  it('C31 shows a seal that was made anew with another key', () => {
    expect(read(seal(LINES), { publicKey: OTHER }).error).toMatchObject({ class: 'other_key', line: 1 });
    const forged = generateKeyPairSync('ed25519');
    const made = seal(LINES, { sign: (data) => sign(null, data, forged.privateKey) });
    expect(read(made).error).toMatchObject({ class: 'bad_signature', line: 1 });
  });

  it.each<[string, (lines: string[]) => string[], object]>([
    [
      'an altered record',
      (lines) => lines.with(34, 'other'),
      { segment: 3, class: 'altered', expected: 10, found: 10 },
    ],
    ['a missing record', (lines) => lines.toSpliced(34, 1), { segment: 3, class: 'missing', expected: 10, found: 9 }],
    ['a record put in', (lines) => lines.toSpliced(34, 0, 'new'), { segment: 3, class: 'inserted', found: 11 }],
    [
      'records that changed places',
      (lines) => lines.with(34, 'line 35').with(35, 'line 34'),
      { segment: 3, class: 'altered' },
    ],
    ['a whole segment taken out', (lines) => lines.toSpliced(30, 10), { segment: 3, class: 'missing', found: 0 }],
    ['the end cut off', (lines) => lines.slice(0, 95), { segment: 9, class: 'missing', expected: 10, found: 5 }],
  ])('C31 names the one segment with %s', (_, change, broken) => {
    const { broken: found } = compare(seal(LINES), change(LINES));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject(broken);
  });

  it('C31 finds every change of the records, and calls no more segments broken than it touched', () => {
    const lines = seal(LINES);
    const change = fc.record({ at: fc.nat(99), kind: fc.constantFrom('alter', 'remove', 'insert', 'repeat') });
    fc.assert(
      fc.property(change, ({ at, kind }) => {
        const old = LINES[at] ?? '';
        const found = compare(
          lines,
          kind === 'alter'
            ? LINES.with(at, `${old}!`)
            : LINES.toSpliced(
                at,
                kind === 'remove' ? 1 : 0,
                ...(kind === 'remove' ? [] : [kind === 'insert' ? 'x' : old]),
              ),
        );
        expect(found.broken.length + found.unsealed).toBeGreaterThanOrEqual(1);
        expect(found.broken.length).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('closes segments by bytes and by time, also when nothing comes', () => {
    const count = (lines: string[]) => lines.filter((line) => line.includes('"type":"segment"')).length;
    expect(count(seal(LINES, { maxBytes: 6 }))).toBe(100);
    const sealer = createSealer(options());
    sealer.check(frame('one', 0), undefined, INPUT);
    sealer.settle();
    expect(sealer.take()).toEqual([]);
    clock += 60_000;
    sealer.settle();
    expect(count(sealer.take())).toBe(1);
  });

  it('goes on in a later run, and takes records that are read again for what they are', () => {
    const first = createSealer(options());
    const add = (sealer: typeof first, from: number, to: number) => {
      for (let at = from; at < to; at += 1) sealer.check(frame(LINES[at] ?? '', at), undefined, INPUT);
    };
    add(first, 0, 15);
    const saved = JSON.parse(JSON.stringify(first.snapshot(INPUT)));
    add(first, 15, 37);
    const lines = first.take();
    const second = createSealer(options({ after: read(lines) }));
    second.resume(INPUT, saved);
    second.resume({ path: 'b.log' }, { segments: 'many' });
    second.resume(INPUT, { ...saved, segments: 0, open: null });
    add(second, 15, 100);
    second.end();
    lines.push(...second.take());
    expect(read(lines)).toMatchObject({ error: null, closed: true });
    expect(compare(lines, LINES)).toMatchObject({ segments: 10, verified: 100, broken: [], unsealed: 0 });
  });

  it('never throws on any lines', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json())), (lines) => {
        expect(read(lines).error).not.toBeNull();
      }),
    );
    const [line = ''] = seal(LINES);
    fc.assert(fc.property(fc.nat(line.length), (at) => void read([line.slice(0, at)])));
  });
});
