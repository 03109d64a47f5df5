import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGoQuoted } from './go-quote.ts';

const NAMED: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** strconv.Quote for well-formed text: what is not printable is escaped by number. */
function goQuote(text: string): string {
  const signs = [...text].map((sign) => {
    const code = sign.codePointAt(0) ?? 0;
    if (NAMED[sign] !== undefined) return NAMED[sign];
    if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
    if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(sign)) return sign;
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `"${signs.join('')}"`;
}

describe('readGoQuoted', () => {
  it('gives back every text that Go quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, behind) => {
        const quoted = goQuote(text);
        expect(readGoQuoted(`k=${quoted}${behind}`, 2)).toEqual({ value: text, end: 2 + quoted.length, whole: true });
      }),
    );
  });

  it('reads a byte that is no UTF-8 as the replacement character', () => {
    expect(readGoQuoted('"ok \\xe2\\x82"', 0).value).toBe('ok \ufffd\ufffd');
  });

  it('reads half a surrogate pair and a number beyond Unicode as the replacement character', () => {
    expect(readGoQuoted('"\\ud800\\UFFFFFFFF"', 0).value).toBe('\ufffd\ufffd');
  });

  it('keeps the characters of an escape that Go does not know and says so', () => {
    expect(readGoQuoted('"a\\qb\\x1"', 0)).toEqual({ value: 'a\\qb\\x1', end: 9, whole: false });
  });

  it('reads to the end when no quote closes', () => {
    for (const cut of ['"half', '"half\\', '"half\\x', '"half\\u00']) {
      expect(readGoQuoted(cut, 0)).toMatchObject({ end: cut.length, whole: false });
    }
  });
});
