import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes, goJson, readGoObject } from './go-json.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readGoObject(bytes(text));

describe('goJson', () => {
  it.each([
    [1e21, '1e+21'],
    [1e20, '100000000000000000000'],
    [0.000001, '0.000001'],
    [1e-7, '1e-7'],
    [2.913829301109283e29, '2.913829301109283e+29'],
    [-0, '-0'],
    [587, '587'],
  ])('writes the number %d as Go does', (value, text) => {
    expect(goJson(value, 'long')).toBe(text);
  });

  it('escapes HTML signs, line separators and control signs, and leaves the rest', () => {
    expect(goJson('a<b>&\u2028"\\\n\u0001\u007fé', 'long')).toBe(
      '"a\\u003cb\\u003e\\u0026\\u2028\\"\\\\\\n\\u0001\u007fé"',
    );
  });

  it('knows both ways of writing backspace and form feed', () => {
    expect([goJson('\b\f', 'long'), goJson('\b\f', 'short')]).toEqual(['"\\u0008\\u000c"', '"\\b\\f"']);
  });

  it('sorts names of nested objects by bytes', () => {
    expect(goJson({ b: [true, null], a: { z: 1, y: 2 } }, 'long')).toBe('{"a":{"y":2,"z":1},"b":[true,null]}');
  });
});

describe('readGoObject', () => {
  it('takes the last of two equal names, and names such as __proto__ as data', () => {
    expect([...(read('{"a":1,"__proto__":2,"a":3}') ?? [])]).toEqual([
      ['a', 3],
      ['__proto__', 2],
    ]);
  });

  it.each(['[]', '1', '"x"', '{', '{"a":1}x', '{"a":1e400}', '{"a":[{"b":-1e999}]}', "{'a':1}", '\ufeff{}'])(
    'refuses %s',
    (text) => {
      expect(read(text)).toBeUndefined();
    },
  );

  it('reads null as nothing, without an error', () => {
    expect(read('null')).toBeNull();
  });

  it('reads each invalid byte as one replacement character, half surrogates as one too', () => {
    const line = Uint8Array.from([...bytes('{"a":"'), 0xe2, 0x82, 0xff, ...bytes('\\ud800"}')]);
    expect(readGoObject(line)?.get('a')).toBe('\ufffd\ufffd\ufffd\ud800');
    expect(goJson(readGoObject(line)?.get('a'), 'long')).toBe('"\ufffd\ufffd\ufffd\ufffd"');
  });

  it('never throws on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (line) => void readGoObject(line)));
  });
});

describe('compareBytes', () => {
  it('orders as UTF-8 bytes do', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });
});

describe('values nested deep', () => {
  it('are refused where they would use up the stack, and written back below that', () => {
    const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(read(nested(30_000))).toBeUndefined();
    expect(goJson(read(nested(990))?.get('a'), 'long')).toHaveLength(1980);
  });
});
