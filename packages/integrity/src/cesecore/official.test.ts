import { describe, expect, it } from 'vitest';
import { officialWalk } from './official.ts';
import type { RowVerdict } from './row-protection.ts';

const rows = (...given: readonly (readonly [number, RowVerdict])[]) =>
  given.map(([number, verdict], index) => ({
    pk: `${index}`,
    nodeId: 'n',
    sequenceNumber: BigInt(number),
    timeStamp: 0n,
    verdict,
  }));
const walk = (...given: readonly (readonly [number, RowVerdict])[]) =>
  officialWalk('n', rows(...given)).map(({ first, second, kind }) => `${first}-${second} ${kind}`);

describe('officialWalk', () => {
  it('D15 says nothing of numbers from 0 without a gap', () => {
    expect(walk([0, 'ok'], [1, 'ok'])).toEqual([]);
  });

  it('D15 reports a jump once, whatever its size, and an archived beginning too', () => {
    expect(walk([5, 'ok'], [6, 'ok'], [9, 'ok'])).toEqual(['-1-5 missing', '6-9 missing']);
  });

  it('D15 takes a repeated number for a jump', () => {
    expect(walk([0, 'ok'], [0, 'ok'], [1, 'ok'])).toEqual(['0-0 missing']);
  });

  it('D15 reports a row that does not verify and looks at no jump before it', () => {
    expect(walk([0, 'ok'], [3, 'bad'], [4, 'ok'])).toEqual(['0-3 unverifiable']);
    expect(walk([0, 'unprotected'], [1, 'unknown_key'])).toEqual(['-1-0 unverifiable', '0-1 unverifiable']);
  });
});
