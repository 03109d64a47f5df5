import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from './encoded-text.ts';

describe('decodeText', () => {
  it('decodes base64 of UTF-8 behind the prefix, whatever its case', () => {
    expect(decodeText('B64:aGVqIMOl', 'B64:')).toBe('hej å');
    expect(decodeText('b64:aGVq', 'B64:')).toBe('hej');
  });

  it.each(['', 'hej', 'B64', 'B64:', 'B64:not base64 at all!', 'B64:aGV', 'B64:////', 'B64:a===', 'XB64:aGVq'])(
    'keeps %j',
    (text) => {
      expect(decodeText(text, 'B64:')).toBe(text);
    },
  );

  it('gives back every text that was encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        expect(decodeText(`B64:${Buffer.from(text, 'utf8').toString('base64')}`, 'B64:')).toBe(text);
      }),
    );
  });

  it('answers for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof decodeText(`B64:${text}`, 'B64:')).toBe('string');
      }),
    );
  });
});
