import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineDecoder, tellEncoding } from './encoding.ts';

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('tellEncoding', () => {
  it('goes by the byte order mark', () => {
    expect(tellEncoding(Uint8Array.of(0xff, 0xfe, 0x61, 0))).toBe('utf-16le');
    expect(tellEncoding(Uint8Array.of(0xfe, 0xff, 0, 0x61))).toBe('utf-16be');
    expect(tellEncoding(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('utf-8');
    expect(tellEncoding(new Uint8Array())).toBe('utf-8');
  });
});

describe('createLineDecoder', () => {
  it('reads a line of Latin-1 letters as what it says', () => {
    expect(createLineDecoder('utf-8').line(latin1('Nordvik Fördon, Båt'))).toBe('Nordvik Fördon, Båt');
  });

  it('reads every text that UTF-8 wrote, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(createLineDecoder('utf-8').line(utf8(text))).toBe(text);
      }),
    );
  });

  it('takes damage for damage: control bytes, half characters, and anything after true UTF-8', () => {
    const damaged = Uint8Array.of(0x61, 0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x62);
    expect(createLineDecoder('utf-8').line(damaged)).toContain('\ufffd');
    expect(createLineDecoder('utf-8').line(utf8('Åsa ö').slice(0, -1))).toBe('Åsa \ufffd');
    const decode = createLineDecoder('utf-8').line;
    decode(utf8('Åsa'));
    expect(decode(latin1('Åsa'))).toBe('\ufffdsa');
  });

  it('takes what is no UTF-8 in a JSON line for damage, because JSON knows no other encoding', () => {
    expect(createLineDecoder('utf-8').line(latin1('{"a":"Åsa"}'))).toBe('{"a":"\ufffdsa"}');
  });

  it('reads both byte orders of UTF-16', () => {
    const text = 'Åsa 𝒳';
    const little = new Uint8Array(Buffer.from(text, 'utf16le'));
    expect(createLineDecoder('utf-16le').line(little)).toBe(text);
    expect(createLineDecoder('utf-16be').line(new Uint8Array(Buffer.from(text, 'utf16le').swap16()))).toBe(text);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        for (const encoding of ['utf-8', 'utf-16le', 'utf-16be'] as const)
          expect(typeof createLineDecoder(encoding).line(bytes)).toBe('string');
      }),
    );
  });
});
