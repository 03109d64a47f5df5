import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startsWith } from './bytes.ts';
import { compileTrigrams } from './trigram-test.ts';

const encoder = new TextEncoder();
const WORDS = ['pin', '://', 'code', 'secret', 'tokens'];
const TEST = compileTrigrams(
  WORDS.map((word) => encoder.encode(word)),
  (word) => word,
  startsWith,
);

describe('compileTrigrams', () => {
  it('finds each word at every place of a text, as a look at the whole text does', () => {
    const piece = fc.oneof(
      fc.constantFrom(...WORDS),
      fc.constantFrom(...WORDS.flatMap((word) => [word.slice(1), word.slice(0, -1)])),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), fc.nat(4), fc.nat(4), (pieces, before, behind) => {
        const bytes = encoder.encode(pieces.join(''));
        const [start, end] = [Math.min(before, bytes.length), Math.max(before, bytes.length - behind)];
        const text = new TextDecoder().decode(bytes.subarray(start, end));
        expect(TEST?.(bytes, start, end)).toBe(WORDS.some((word) => text.includes(word)));
      }),
      { numRuns: 1000 },
    );
  });

  it('is not made for words that begin with fewer than three letters', () => {
    expect(compileTrigrams([encoder.encode('id')], (word) => word, startsWith)).toBeUndefined();
  });
});
