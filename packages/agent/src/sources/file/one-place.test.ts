import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, copyFile, rename, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Position } from '../source.ts';
import { MemoryAgent } from './memory-agent.ts';
import { runFiles } from './run-files.ts';

// Positions of several streams are saved apart. A log that is copied and emptied right before a kill may leave two of them at one place: that of
// what was in it, whose last position was not saved, and that of what came after.

const TIMING = { settle: 20, finish: 40, close: 60_000, missing: 200, copying: 60, packing: 20 };

let folder = '';
let agent = new MemoryAgent();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'one-place-'));
  agent = new MemoryAgent();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
/** Thirty lines of a log, enough to know it by. */
const lines = (generation: number) =>
  Array.from(
    { length: 30 },
    (_, index) => `time="2026-11-22T10:${10 + generation}:${10 + index}Z" level=info msg="line ${generation}.${index}"`,
  );
const text = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');

async function readAll(): Promise<void> {
  const context = agent.context(new AbortController().signal, { untilIdle: true });
  await runFiles({ include: [at('a.log*')], pollIntervalMillis: 15 }, context, TIMING);
}

/** Copies and empties the log, and writes on. */
async function rotate(generation: number): Promise<void> {
  for (let number = generation - 1; number >= 1; number -= 1)
    await rename(at(`a.log.${number}`), at(`a.log.${number + 1}`));
  await copyFile(at('a.log'), at('a.log.1'));
  await truncate(at('a.log'));
  await appendFile(at('a.log'), text(lines(generation)));
}

type Saved = Readonly<Record<string, Position>>;

/** The positions of the first two generations as a kill leaves them. Of the second nothing was delivered. */
async function killedInBetween(): Promise<[first: [string, Saved], second: [string, Saved]]> {
  await writeFile(at('a.log'), text(lines(0)));
  await readAll();
  const first = fileStreams();
  await rotate(1);
  await readAll();
  const second = fileStreams().filter(([stream]) => !first.some(([known]) => known === stream));
  const [before] = first;
  const [after] = second;
  if (!before || !after || second.length > 1) throw new Error('one stream was expected for each generation');
  expect(after[1].locator).toEqual(before[1].locator);
  const unread = { resume: { offset: 0, number: 1 }, anchor: { from: 0, length: 0, hash: '' } };
  return [before, [after[0], { ...after[1], ...unread }]];
}

const fileStreams = () =>
  [...agent.positions].filter((entry): entry is [string, Saved] => typeof entry[1] === 'object');

function saved(entries: readonly (readonly [string, Position])[]): void {
  agent.positions.clear();
  agent.positions.set('started', true);
  for (const [stream, position] of entries) agent.positions.set(stream, position);
  agent.records.length = 0;
}

function turnRound(): void {
  const entries = [...agent.positions].toReversed();
  agent.positions.clear();
  for (const [stream, position] of entries) agent.positions.set(stream, position);
}

const losses = () => agent.findings.map(({ message }) => message);

describe('two streams that were saved at one place', { timeout: 60_000 }, () => {
  // A state gives its streams in any order.
  it.each([
    { first: 'first', later: 'kept' },
    { first: 'first', later: 'turned round' },
    { first: 'second', later: 'kept' },
    { first: 'second', later: 'turned round' },
  ])('lose nothing and raise no alarm with the $first in front, the order $later at each start', async (order) => {
    const both = await killedInBetween();
    saved(order.first === 'first' ? both : both.toReversed());
    const read = async () => {
      if (order.later === 'turned round') turnRound();
      await readAll();
    };
    for (const generation of [2, 3, 4]) {
      await read();
      await rotate(generation);
    }
    await read();
    expect(losses()).toEqual([]);
    expect([...new Set(agent.lines)].sort()).toEqual([1, 2, 3, 4].flatMap(lines).sort());
  });

  it.each([2, 3])('raise no alarm when the log was emptied %i times before the next start', async (last) => {
    const [first, second] = await killedInBetween();
    saved([second, first]);
    for (let generation = 2; generation <= last; generation += 1) await rotate(generation);
    await readAll();
    await readAll();
    expect(losses()).toEqual([]);
    expect([...new Set(agent.lines)].sort()).toEqual(
      Array.from({ length: last }, (_, index) => lines(index + 1))
        .flat()
        .sort(),
    );
  });

  it('still report what is lost of either of them', async () => {
    const [first, second] = await killedInBetween();
    saved([second, first]);
    rmSync(at('a.log.1'));
    await readAll();
    expect(losses()).toEqual([expect.stringContaining('was emptied or written over, and no copy of it was found')]);
    expect(agent.lines).toEqual(lines(1));
    await truncate(at('a.log'));
    await appendFile(at('a.log'), text(lines(2)));
    await readAll();
    expect(losses()).toHaveLength(2);
  });

  it('raise no alarm when what one of them has is read by another already', async () => {
    const [, second] = await killedInBetween();
    // The same generation twice: a stream that was begun anew for what another one knew.
    const twin: [string, Saved] = ['twin', { ...second[1], locator: '' }];
    await readAll();
    const whole = fileStreams();
    await rotate(2);
    await rotate(3);
    saved([...whole, twin]);
    await readAll();
    await readAll();
    expect(losses()).toEqual([]);
    // Which of the two has the copy may be decided either way: what both know may come again.
    expect([...new Set(agent.lines)].filter((line) => !line.includes('line 1.')).sort()).toEqual(
      [...lines(2), ...lines(3)].sort(),
    );
  });
});
