import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillingOfBytes, KINDS, kindOf } from './line-scanner.ts';

function fillingOf(text: string): number {
  const bytes = new TextEncoder().encode(`x${text}x`);
  return fillingOfBytes(bytes, 1, bytes.length - 1);
}

describe('fillingOfBytes', () => {
  it('tells nothing from something', () => {
    expect(fillingOf('')).toBe(0);
    expect(fillingOf('a')).toBe(2);
    expect(fillingOf('- ')).toBe(2);
    expect(fillingOf('юзер')).toBe(2);
    expect(fillingOf('\\u7530')).toBe(2);
    expect(fillingOf('\\"')).toBe(2);
  });

  it('leaves to the text what begins with white space, or with an escape of it', () => {
    for (const text of [
      ' a',
      '\t',
      '\u00a0',
      '\u2003x',
      '\u3000',
      '\ufeff',
      '\\n',
      '\\u0020',
      '\\u00a0',
      '\\u3000',
      '\\ufeff',
      '\\u00',
    ])
      expect(fillingOf(text), text).toBe(-1);
  });

  it('never takes white space for something', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }), (text) => {
        if (fillingOf(text.toWellFormed()) === 2) expect(text.trim()).not.toBe('');
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.nat(0xffff), (unit) => {
        const text = `\\u${unit.toString(16).padStart(4, '0')}`;
        if (fillingOf(text) === 2) expect(String.fromCharCode(unit).trim()).not.toBe('');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('kindOf', () => {
  it('names every kind by its number, and takes others for plain text', () => {
    expect(KINDS.map((_, index) => kindOf(index))).toEqual(KINDS);
    expect(kindOf(99)).toBe('text');
  });
});
