import { describe, expect, it } from 'vitest';
import { JsonScanner } from './json-scanner.ts';
import type { LinePlan } from './line-plan.ts';
import { RepeatedLines } from './repeated-lines.ts';
import { type Block, blockOf } from './words.ts';

const encoder = new TextEncoder();
const BLOCK = blockOf(Uint8Array.of(1, 2, 3));

/** Lines of `message`, `stamp` and `unix`, of which the last one is the time that counts. */
function line(message: string, stamp: string, unix: string): Uint8Array {
  return encoder.encode(`{"message":"${message}","stamp":"${stamp}","unix":"${unix}","version":"1"}`);
}

/** Has a line read and written of which the values of these numbers are written; they stand behind each other as in {@link line}. `time`: which one the time is, -1 for none. */
function read(
  lines: RepeatedLines,
  bytes: Uint8Array,
  written: readonly number[],
  deciding: readonly number[] = [3],
  time = 2,
) {
  const scanner = new JsonScanner(() => undefined);
  const shape = scanner.scan(bytes, 0, bytes.length);
  const ops = written.map((value) => ({ value, text: { texts: [], values: [] } }));
  const timed = time === -1 ? {} : { time: { rule: { form: 'unix_seconds' }, value: time, beside: -1 } };
  const plan = { ...timed, ops } as unknown as LinePlan;
  const rest = { plan, block: BLOCK, hidden: [], isBeyondAscii: false, deciding, scanner };
  if (lines.find(bytes, 0, bytes.length)) return;
  lines.learn(bytes, 0, bytes.length, () => ({ ...rest, count: shape?.tokens.length ?? 0 }));
}

/** Has it read so often that it is remembered: once for where its time is, once as one that may come again. */
function learn(
  lines: RepeatedLines,
  bytes: Uint8Array,
  written: readonly number[],
  deciding?: readonly number[],
  time?: number,
) {
  for (let round = 0; round < 3; round += 1) read(lines, bytes, written, deciding, time);
}

function repeatedBlock(lines: RepeatedLines, bytes: Uint8Array): Block | undefined {
  return lines.find(bytes, 0, bytes.length)?.block;
}

const STAMP = '2024-09-17T08:00:52Z';
const UNIX = '1726560052.494';

describe('RepeatedLines', () => {
  it('finds a line again whose time is another one, and says where that stands', () => {
    const lines = new RepeatedLines();
    learn(lines, line('hello', STAMP, UNIX), [0]);
    const later = line('hello', '2025-01-02T03:04:05Z', '1735787045.001');
    expect(repeatedBlock(lines, later)).toBe(BLOCK);
    expect(new TextDecoder().decode(later.subarray(lines.timeStart, lines.timeEnd))).toBe('1735787045.001');
  });

  it('takes a line for another one when anything else in it has changed', () => {
    const lines = new RepeatedLines();
    learn(lines, line('hello', STAMP, UNIX), [0]);
    expect(repeatedBlock(lines, line('hullo', STAMP, UNIX))).toBeUndefined();
    expect(repeatedBlock(lines, line('hello', STAMP, `${UNIX}0`))).toBeUndefined();
    expect(repeatedBlock(lines, line('hello', STAMP, '1726560052"494'))).toBeUndefined();
    expect(repeatedBlock(lines, line('hello', '2024-09-17T08:00:52"', UNIX))).toBeUndefined();
    expect(repeatedBlock(lines, encoder.encode('{}'))).toBeUndefined();
  });

  it('keeps what is written of a value, or what a value decides, in mind', () => {
    const written = new RepeatedLines();
    learn(written, line('hello', STAMP, UNIX), [0, 1]);
    const decided = new RepeatedLines();
    learn(decided, line('hello', STAMP, UNIX), [0], [1, 3]);
    for (const lines of [written, decided]) {
      expect(repeatedBlock(lines, line('hello', STAMP, '1726560052.495'))).toBe(BLOCK);
      expect(repeatedBlock(lines, line('hello', '2024-09-17T08:00:53Z', UNIX))).toBeUndefined();
    }
  });

  it('remembers no line whose time is written elsewhere in its record, too', () => {
    const lines = new RepeatedLines();
    learn(lines, line('hello', STAMP, UNIX), [0, 2]);
    expect(repeatedBlock(lines, line('hello', STAMP, UNIX))).toBeUndefined();
  });

  it('remembers a line without a time, which repeats another one to the last byte', () => {
    const lines = new RepeatedLines();
    learn(lines, line('hello', STAMP, UNIX), [0], [3], -1);
    expect(repeatedBlock(lines, line('hello', STAMP, UNIX))).toBe(BLOCK);
    expect(repeatedBlock(lines, line('hello', STAMP, '1726560052.495'))).toBeUndefined();
    expect(repeatedBlock(lines, line('hello', '2024-09-17T08:00:53Z', UNIX))).toBeUndefined();
  });

  it('remembers lines of one length whose times stand in different places', () => {
    const lines = new RepeatedLines();
    learn(lines, line('hello', STAMP, UNIX), [0], [1, 3]);
    learn(lines, line('hullo', STAMP, UNIX), [0], [2, 3], 1);
    expect(repeatedBlock(lines, line('hello', STAMP, '1726560053.001'))).toBe(BLOCK);
    expect(repeatedBlock(lines, line('hullo', '2024-09-17T08:00:53Z', UNIX))).toBe(BLOCK);
    expect(repeatedBlock(lines, line('hullo', STAMP, '1726560053.001'))).toBeUndefined();
  });

  it('remembers a line when it comes for the second time', () => {
    const lines = new RepeatedLines();
    learn(lines, line('hello', STAMP, UNIX), [0]);
    read(lines, line('hullo', STAMP, UNIX), [0]);
    expect(repeatedBlock(lines, line('hullo', STAMP, UNIX))).toBeUndefined();
    read(lines, line('hullo', STAMP, '1726560053.001'), [0]);
    expect(repeatedBlock(lines, line('hullo', STAMP, UNIX))).toBe(BLOCK);
  });

  it('rests where no line comes again, and looks again later', () => {
    const lines = new RepeatedLines();
    for (let index = 0; !lines.isResting && index < 20_000; index += 1)
      read(lines, line(`hello ${index}`, STAMP, UNIX), [0]);
    expect(lines.isResting).toBe(true);
    for (let index = 0; lines.isResting && index < 100_000; index += 1)
      repeatedBlock(lines, line('hello', STAMP, UNIX));
    learn(lines, line('hello', STAMP, UNIX), [0]);
    expect(repeatedBlock(lines, line('hello', STAMP, UNIX))).toBe(BLOCK);
  });

  it('goes on when there is no room for more lines', () => {
    const lines = new RepeatedLines();
    for (let index = 0; index < 5000; index += 1) {
      const bytes = line(`hello ${index}`, STAMP, UNIX);
      learn(lines, bytes, [0]);
      expect(repeatedBlock(lines, bytes)).toBe(BLOCK);
    }
  });
});
