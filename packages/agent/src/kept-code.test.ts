import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadKept } from './kept-code.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-code-'));
  file = join(folder, 'program.cjs');
  writeFileSync(file, 'function answer() { return 42; }\nexports.answer = answer;\n');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Loads the file, runs its function, and keeps what was compiled. */
function runOnce(workedMillis = 100): number {
  const { exported, keep } = loadKept(file, folder);
  const answer = (exported as { answer: () => number }).answer();
  keep(workedMillis);
  return answer;
}

const keptFile = () => join(folder, readdirSync(folder).find((name) => name.startsWith('program.cjs-')) ?? 'none');

test('keeps the code of a file once, and uses it from then on', () => {
  expect(runOnce()).toBe(42);
  const kept = readFileSync(keptFile());
  expect(runOnce()).toBe(42);
  expect(readFileSync(keptFile())).toEqual(kept);
  expect(readdirSync(folder)).toHaveLength(2);
});

test('keeps the code of a run with much more to do in place of what was kept, and that of no other', () => {
  const keptAfter = (workedMillis: number) => {
    runOnce(workedMillis);
    return readFileSync(keptFile()).readUInt32LE(8);
  };
  expect([50, 90, 120, 30, 900, 2000].map(keptAfter)).toEqual([50, 50, 120, 120, 400, 400]);
});

test('never runs the kept code of another file, not even of one that is as long', () => {
  runOnce();
  writeFileSync(file, readFileSync(file, 'utf8').replace('42', '43'));
  expect(runOnce()).toBe(43);
  expect(runOnce()).toBe(43);
});

test.each([
  ['cut short', (kept: Buffer) => kept.subarray(0, kept.length / 2)],
  ['empty', () => Buffer.alloc(0)],
  ['changed in one place', (kept: Buffer) => Buffer.from(kept).fill(0xff, kept.length - 20, kept.length - 19)],
  ['made of noise', () => Buffer.alloc(5000, 'noise')],
])('makes kept code anew that is %s', (_, spoil) => {
  runOnce();
  const good = readFileSync(keptFile());
  writeFileSync(keptFile(), spoil(good));
  expect(runOnce()).toBe(42);
  expect(readFileSync(keptFile()).length).toBe(good.length);
});

test('runs a file also where nothing can be kept, and leaves nothing lying there', () => {
  const { exported, keep } = loadKept(file, join(folder, 'missing'));
  expect((exported as { answer: () => number }).answer()).toBe(42);
  expect(() => keep(100)).not.toThrow();
  expect(readdirSync(folder)).toEqual(['program.cjs']);
});
