import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiText, isUtf8, spaceWidth, utf8Text } from './utf8.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function isValid(bytes: Uint8Array): boolean {
  try {
    // U+FFFD is what other readers put in the place of damage.
    return !strict.decode(bytes).includes('\ufffd');
  } catch {
    return false;
  }
}

describe('isUtf8', () => {
  it('says of any bytes what a strict decoder says', () => {
    const byte = fc.oneof(
      fc.nat(255),
      fc.constantFrom(
        0x41,
        0x7f,
        0x80,
        0xbf,
        0xc0,
        0xc2,
        0xe0,
        0xa0,
        0x9f,
        0xed,
        0xef,
        0xbd,
        0xf0,
        0x8f,
        0x90,
        0xf4,
        0xf5,
      ),
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 8 }), (list) => {
        const bytes = Uint8Array.from(list);
        expect(isUtf8(bytes, 0, bytes.length)).toBe(isValid(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes all texts, and looks at nothing beside them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = new TextEncoder().encode(text);
        const around = Uint8Array.from([0xff, ...bytes, 0xff]);
        expect(isUtf8(around, 1, around.length - 1)).toBe(!text.toWellFormed().includes('\ufffd'));
        expect(utf8Text(around, 1, around.length - 1)).toBe(text.toWellFormed());
      }),
    );
  });
});

describe('asciiText', () => {
  it('gives texts of any length', () => {
    const text = 'abcdefghij'.repeat(2000);
    expect(asciiText(new TextEncoder().encode(`-${text}-`), 1, text.length + 1)).toBe(text);
    expect(asciiText(new Uint8Array(), 0, 0)).toBe('');
  });
});

describe('spaceWidth', () => {
  it('takes for white space what `trim` does', () => {
    for (let point = 0x80; point < 0x10000; point += 1) {
      const sign = String.fromCharCode(point);
      if (!sign.isWellFormed()) continue;
      const bytes = new TextEncoder().encode(sign);
      expect(spaceWidth(bytes, 0), sign).toBe(sign.trim() === '' ? bytes.length : 0);
    }
  });
});
