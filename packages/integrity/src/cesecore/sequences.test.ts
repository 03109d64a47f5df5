import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSequences, type SequencedRow } from './sequences.ts';

/** Rows in order of time, a second apart. */
function rows(...numbers: readonly number[]): SequencedRow[] {
  return numbers.map((number, index) => ({
    pk: `pk${String(index).padStart(4, '0')}`,
    nodeId: 'n',
    sequenceNumber: BigInt(number),
    timeStamp: BigInt(index) * 1000n,
  }));
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('checkSequences', () => {
  it('D16 finds nothing in numbers without a gap, from any first one', () => {
    const whole = { gaps: [], duplicates: [], resets: [], clock_steps: [] };
    expect(checkSequences(rows(0, 1, 2))).toEqual({ rows: 3, min: 0n, max: 2n, ...whole });
    expect(checkSequences(rows(4711, 4712))).toEqual({ rows: 2, min: 4711n, max: 4712n, ...whole });
    expect(checkSequences([])).toMatchObject({ rows: 0, ...whole });
  });

  it('D16 names each run of missing numbers, and no prefix as one', () => {
    expect(checkSequences(rows(3, 4, 6, 10)).gaps).toEqual([
      { from: 5n, to: 5n },
      { from: 7n, to: 9n },
    ]);
  });

  it('D18 names both rows of a number that two writers used', () => {
    const [a, b, c, twin] = rows(0, 1, 2, 1);
    const given = [a, b, c, twin].filter((one) => one !== undefined);
    const found = checkSequences(given);
    expect(found.duplicates).toEqual([{ sequence: 1n, pks: ['pk0001', 'pk0003'] }]);
    expect(found.resets).toEqual([]);
  });

  it('D16 tells a numbering that began anew from twins', () => {
    const found = checkSequences(rows(...upTo(10), ...upTo(4)));
    expect(found).toMatchObject({ resets: [{ sequence: 0n }], gaps: [], min: 0n, max: 9n });
  });

  it('D16 finds numbers that were used again behind a deleted tail', () => {
    expect(checkSequences(rows(5, 6, 7, 8, 6, 7, 8, 9)).resets).toEqual([{ sequence: 6n }]);
  });

  it('tells a clock that was set back from threads that swapped milliseconds', () => {
    const [a, b, c] = rows(0, 1, 2);
    if (!a || !b || !c) throw new Error('three rows are given');
    const swapped = { ...c, timeStamp: b.timeStamp - 1000n };
    expect(checkSequences([a, b, swapped]).clock_steps).toEqual([]);
    const back = { ...c, timeStamp: b.timeStamp - 1001n };
    expect(checkSequences([a, b, back]).clock_steps).toEqual([{ pk: 'pk0002', sequence: 2n, back_ms: 1001n }]);
  });

  it('holds numbers beyond 2^53 apart', () => {
    const big = 2n ** 60n;
    const given = [big, big + 2n].map((sequenceNumber, index) => ({
      pk: `${index}`,
      nodeId: 'n',
      sequenceNumber,
      timeStamp: BigInt(index),
    }));
    expect(checkSequences(given).gaps).toEqual([{ from: big + 1n, to: big + 1n }]);
  });

  it('D16 says the same of rows in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 40 }), fc.infiniteStream(fc.nat(1000)), (numbers, keys) => {
        const given = rows(...numbers);
        const order = given.map((one) => ({ one, key: Number(keys.next().value) }));
        const shuffled = order.sort((a, b) => a.key - b.key).map(({ one }) => one);
        expect(checkSequences(shuffled)).toEqual(checkSequences(given));
      }),
    );
  });

  it('D16 finds exactly the rows that were taken out of the middle', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 48 }), { maxLength: 20 }), (gone) => {
        const left = rows(...upTo(50)).filter(({ sequenceNumber }) => !gone.includes(Number(sequenceNumber)));
        const missing = checkSequences(left).gaps.flatMap(({ from, to }) =>
          Array.from({ length: Number(to - from) + 1 }, (_, index) => Number(from) + index),
        );
        expect(missing).toEqual([...gone].sort((a, b) => a - b));
      }),
    );
  });
});
