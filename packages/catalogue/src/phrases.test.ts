import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packPhrases } from '../scripts/pack-phrases.ts';
import { createExpander, tokenAt } from './phrases.ts';

const words = fc.constantFrom(
  "Can't ",
  'open ',
  'connection',
  ' to the ',
  'key store',
  '\n',
  '~A',
  '&',
  '$&',
  '\\',
  '`',
);
const text = fc.oneof(
  fc.array(words, { maxLength: 60 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);

describe('phrases', () => {
  it('come back as they were, whatever the texts hold', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), (texts) => {
        const { packed, ...book } = packPhrases(texts);
        expect(packed.map(createExpander(book))).toEqual(texts);
      }),
    );
  });

  it('make a text that repeats itself shorter, with the book counted', () => {
    const [packed = '', ...others] = packPhrases([
      "Can't open the key store\nCan't close the key store\n".repeat(3),
    ]).packed;
    expect(others).toEqual([]);
    expect(packed.length).toBeLessThan(40);
  });

  it('leave a text alone in which no sign is free', () => {
    const full = Array.from({ length: 94 }, (_, place) => String.fromCharCode(0x21 + place)).join('');
    expect(packPhrases([full.repeat(3)]).packed).toEqual([full.repeat(3)]);
  });

  it('have tokens of one sign first, then of two', () => {
    expect([0, 1, 89, 90].map((place) => tokenAt(place, '#%&*+~'))).toEqual(['#', '%A', '%~', '&A']);
  });
});
