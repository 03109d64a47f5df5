import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areSame, blockOf, copyWords, signsOfFour, viewOf, wordsOf } from './words.ts';

const part = fc.tuple(fc.uint8Array({ maxLength: 700 }), fc.nat(9), fc.nat(9));

/** Bytes with others before them and behind them. */
function among(bytes: Uint8Array, before: number, behind: number): Uint8Array {
  return Uint8Array.of(...new Uint8Array(before).fill(1), ...bytes, ...new Uint8Array(behind).fill(2));
}

describe('copyWords', () => {
  it('copies a part of any length to any place, and nothing else', () => {
    fc.assert(
      fc.property(part, fc.nat(9), ([bytes, before, behind], at) => {
        const target = new Uint8Array(at + bytes.length + 5).fill(3);
        const source = viewOf(among(bytes, before, behind).subarray(1));
        if (before === 0) return;
        copyWords(source, before - 1, before - 1 + bytes.length, viewOf(target), at);
        expect(target).toEqual(Uint8Array.of(...new Uint8Array(at).fill(3), ...bytes, 3, 3, 3, 3, 3));
      }),
    );
  });
});

describe('areSame', () => {
  it('says whether the same bytes stand at both places', () => {
    fc.assert(
      fc.property(part, part, fc.boolean(), ([one, before, behind], [other, more, rest], isOther) => {
        const second = isOther ? Uint8Array.from(one, (byte, at) => other[at] ?? byte) : one;
        const words = viewOf(among(one, before, behind));
        const others = viewOf(among(second, more, rest));
        const isSame = one.every((byte, at) => byte === second[at]);
        expect(areSame(words, before, before + one.length, others, more)).toBe(isSame);
      }),
    );
  });

  it('tells bytes apart that differ in a single one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.nat(), (bytes, seed) => {
        const at = seed % bytes.length;
        const other = bytes.with(at, (bytes[at] ?? 0) ^ 1);
        expect(areSame(viewOf(bytes), 0, bytes.length, viewOf(other), 0)).toBe(false);
      }),
    );
  });
});

describe('wordsOf', () => {
  it('gives the words of the bytes that are asked for, whichever were asked for before', () => {
    const all = Uint8Array.of(1, 2, 3, 4);
    const [one, other] = [all.subarray(1), all.subarray(2)];
    for (const bytes of [one, one, other, one]) expect(wordsOf(bytes).getUint8(0)).toBe(bytes[0]);
  });
});

describe('blockOf', () => {
  it('knows how many bytes it has', () => {
    const bytes = Uint8Array.of(7, 8, 9).subarray(1);
    expect(blockOf(bytes)).toEqual({ words: expect.any(DataView), bytes, length: 2 });
  });
});

describe('signsOfFour', () => {
  it('gives what each of four bytes means, together', () => {
    const signs = Uint8Array.from({ length: 256 }, (_, byte) => (byte * 37) & 0xff);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes) => {
        const expected = bytes.reduce((all, byte) => all | (signs[byte] ?? 0), 0);
        expect(signsOfFour(signs, viewOf(bytes).getInt32(0, true))).toBe(expected);
      }),
    );
  });
});
