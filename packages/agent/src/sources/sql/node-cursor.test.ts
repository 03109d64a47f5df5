import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NodeCursor, type RowPlace } from './node-cursor.ts';

const row = (sequence: number, time = 1000 + sequence): RowPlace => ({
  pk: `p${sequence}`,
  sequence: BigInt(sequence),
  time: BigInt(time),
});

function cursorAt(...numbers: number[]): NodeCursor {
  const cursor = new NodeCursor();
  for (const number of numbers) cursor.take(row(number), 0);
  return cursor;
}

const again = (cursor: NodeCursor) => NodeCursor.from(JSON.parse(JSON.stringify(cursor.toPosition())));

describe('NodeCursor', () => {
  it('D65 keeps numbers that were passed over until their rows come', () => {
    const cursor = cursorAt(0, 1, 5);
    expect(cursor.isMissing(3n)).toBe(true);
    expect(cursor.fill(row(3))).toBe(true);
    expect(cursor.fill(row(3))).toBe(false);
    expect(cursor.closeHoles(1000, 1000)).toEqual([
      { from: 2n, to: 2n },
      { from: 4n, to: 4n },
    ]);
  });

  it('looks for rows before the first one without a word of what is not there', () => {
    const cursor = cursorAt(5000);
    expect([cursor.isMissing(3999n), cursor.isMissing(4000n)]).toEqual([false, true]);
    expect(cursor.fill(row(4999))).toBe(true);
    expect(cursor.closeHoles(1000, 1000)).toEqual([]);
    expect(cursor.isMissing(4998n)).toBe(false);
  });

  it('knows a row that comes after its number was reported', () => {
    const cursor = cursorAt(0, 2);
    cursor.closeHoles(1000, 1000);
    expect(cursor.fill(row(1))).toBe(true);
    expect(cursor.gaps).toEqual([]);
  });

  it('keeps a hole of the whole range of numbers as cheap as one of a single number, and no more than a thousand', () => {
    const cursor = new NodeCursor();
    cursor.take({ pk: 'a', sequence: 0n, time: 0n }, 0);
    cursor.take({ pk: 'b', sequence: 2n ** 63n - 1n, time: 0n }, 0);
    expect(cursor.holes).toHaveLength(1);
    const many = cursorAt(...Array.from({ length: 3000 }, (_, index) => index * 2));
    expect(many.closeHoles(0, 1000)).toHaveLength(1999);
    expect([many.holes.length, many.gaps.length]).toEqual([1000, 1000]);
  });

  it('closes a hole also when the clock was set back', () => {
    const cursor = new NodeCursor();
    cursor.take(row(0), 10_000);
    cursor.take(row(2), 10_000);
    expect(cursor.closeHoles(5000, 6000)).toEqual([]);
    expect(cursor.closeHoles(1000, 6000)).toHaveLength(1);
  });

  it('is the same again from its position, and nothing from one that it does not understand', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: 3000 }), (taken, wait) => {
        const cursor = cursorAt(...[...taken].sort((one, other) => one - other));
        cursor.closeHoles(wait, 1500);
        cursor.takeExtra(row(7, 5));
        expect(again(cursor)?.toPosition()).toEqual(cursor.toPosition());
      }),
    );
    for (const position of ['x', 5, [], { high: 'x', pk: '' }, { high: '1' }, {}])
      expect(NodeCursor.from(position)).toBeUndefined();
    expect(NodeCursor.from(undefined)?.high).toBeUndefined();
  });

  it('gives every number exactly once as delivered or missing, whatever comes late', () => {
    const order = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(order, (arrivals) => {
        const cursor = new NodeCursor();
        const delivered = new Set<number>();
        for (const number of arrivals) {
          if (cursor.high === undefined || BigInt(number) > cursor.high) cursor.take(row(number), 0);
          else expect(cursor.fill(row(number))).toBe(true);
          delivered.add(number);
        }
        for (let number = 0; number <= Number(cursor.high); number += 1)
          expect(cursor.isMissing(BigInt(number))).toBe(!delivered.has(number));
      }),
    );
  });
});
