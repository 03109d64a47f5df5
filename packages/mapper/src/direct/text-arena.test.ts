import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../decode/encoded-text.ts';
import { decodeEntities } from '../xml/tokens.ts';
import { BEYOND, TELLING } from './line-scanner.ts';
import { TextArena } from './text-arena.ts';
import { utf8Text } from './utf8.ts';

const QUOTE = 0x22;
const encoder = new TextEncoder();

/** What the arena makes of a text between others; undefined when it leaves it. */
function added(text: string, arena = new TextArena('B64:', QUOTE)): string | undefined {
  const bytes = encoder.encode(`<${text}>`);
  const from = arena.end;
  return arena.add(bytes, 1, bytes.length - 1) === -1 ? undefined : utf8Text(arena.bytes, from, arena.end);
}

const base64 = (text: string) => `B64:${Buffer.from(text).toString('base64')}`;
const piece = fc.oneof(
  fc.constantFrom(
    '&apos;',
    '&lt;',
    '&amp;',
    '&#65;',
    '&',
    ';',
    'B64:',
    'b64:',
    'YQ==',
    'w6Q=',
    '=',
    '"',
    'ä',
    '\ufeff',
    '\n',
  ),
  fc.string({ maxLength: 6 }),
);

describe('TextArena', () => {
  it('takes no control sign for a digit of the prefix of encoded texts', () => {
    for (const text of ['B\u00164:w6Q=', 'B6\u0014:w6Q=', 'B64\u001aw6Q=']) expect(added(text)).not.toBe('ä');
    expect(added('b64:w6Q=')).toBe('ä');
  });

  it('takes the escapes out of a text', () => {
    expect(added('a &lt;b&gt; &apos;c&apos;')).toBe("a <b> 'c'");
    expect(added('a &amp; b')).toBe('a & b');
    expect(added('plain')).toBe('plain');
  });

  it.each(['a', 'ab', 'abc', 'a\n\tb', 'CN=Åsa, O=x', 'a; b & c', '\ufeffx'])('reads %j in Base64', (text) => {
    expect(added(base64(text))).toBe(text);
    expect(added(base64(text).replace('B64', 'b64'))).toBe(text);
  });

  it.each([
    'B64:',
    'B64:YQ=',
    'B64:Y===',
    'B64:/w==',
    'B64:a b=',
    base64('&lt;'),
    base64('"'),
    base64('\r'),
    base64('B64:YQ=='),
    'a &amp;lt; b',
    '&amp; b;',
    'a ""b',
    'a & b',
    '&apos',
    '&#65;',
  ])('leaves %j to those who know more', (text) => {
    expect(added(text)).toBeUndefined();
  });

  it('says what signs a text has', () => {
    const arena = new TextArena('B64:', QUOTE);
    const signsOf = (text: string) => {
      const bytes = encoder.encode(text);
      return arena.add(bytes, 0, bytes.length);
    };
    expect(signsOf(base64('x'))).toBe(0);
    expect(signsOf('it&apos;s')).toBe(TELLING);
    expect(signsOf(base64('ä b'))).toBe(TELLING | BEYOND);
  });

  it('puts the row behind its texts, and keeps them when it grows', () => {
    const arena = new TextArena('B64:', QUOTE);
    added(base64('first'), arena);
    const row = encoder.encode(`head,${'x'.repeat(9000)}`);
    const moved = arena.addRow(row, 5, row.length);
    expect(utf8Text(arena.bytes, 0, 5)).toBe('first');
    expect(utf8Text(arena.bytes, 5 + moved, row.length + moved)).toBe('x'.repeat(9000));
  });

  it('gives what decoders give, or nothing', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        const text = pieces.join('').toWellFormed();
        const entities = decodeEntities(text);
        const known = entities === undefined ? undefined : decodeText(entities, 'B64:');
        expect([undefined, known]).toContain(added(text));
      }),
    );
  });
});
