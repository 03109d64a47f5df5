import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, nearest } from './nearest.ts';

describe('nearest', () => {
  it('finds a word with a letter missing, doubled, replaced or swapped', () => {
    for (const written of ['--outpt', '--outputt', '--outbut', '--otuput']) {
      expect(nearest(written, ['--original', '--output', '--out-file'])).toEqual(['--output']);
    }
  });

  it('finds the word that was begun', () => {
    expect(nearest('--sum', ['--severity', '--summary'])).toEqual(['--summary']);
  });

  it('says nothing when no word is near', () => {
    expect(nearest('elephant', ['convert', 'list'])).toEqual([]);
    expect(didYouMean('elephant', ['convert', 'list'])).toBeUndefined();
  });

  it('measures the same distance both ways, and none between equal words', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (one, other) => {
        expect(editDistance(one, other)).toBe(editDistance(other, one));
        expect(editDistance(one, other) === 0).toBe(one === other);
        expect(editDistance(one, other)).toBeLessThanOrEqual(Math.max(one.length, other.length));
      }),
    );
  });
});
