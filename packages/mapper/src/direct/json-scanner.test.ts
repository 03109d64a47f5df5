import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJson } from '../decode/json.ts';
import { JsonScanner } from './json-scanner.ts';
import { BEYOND, ESCAPED, kindOf, TELLING } from './line-scanner.ts';
import { LineValues } from './line-values.ts';
import { isUtf8 } from './utf8.ts';

interface Value {
  readonly name: string;
  readonly kind: string;
  readonly text: string | undefined;
}

/** The values that the scanner finds; undefined when it leaves the line to the decoder. */
function scanned(line: string, scanner = new JsonScanner(() => undefined)): Value[] | undefined {
  // What stands beside a line in its chunk must not count.
  const bytes = new TextEncoder().encode(`"} ${line}\n{"a":"`);
  const [start, end] = [3, bytes.length - 7];
  if (!scanner.mayBegin(bytes, start, end)) return undefined;
  const shape = scanner.scan(bytes, start, end);
  if (!shape || ((scanner.seen & BEYOND) !== 0 && !isUtf8(bytes, start, end))) return undefined;
  const values = new LineValues(scanner);
  values.take(bytes, shape);
  return shape.tokens.map(({ name }, index) => {
    const text = values.text(index);
    const signs = scanner.signs[index] ?? 0;
    if ((signs & (TELLING | ESCAPED)) === 0) expect(text).not.toMatch(/[ :="'`]/);
    expect(signs & ~scanner.seen).toBe(0);
    return { name, kind: kindOf(scanner.kinds[index] ?? 0), text };
  });
}

function decoded(line: string): Value[] | undefined {
  const read = decodeJson(line);
  if (!('fields' in read) || read.repeated) return undefined;
  return [...read.fields].map(([name, { kind, text }]) => ({ name, kind, text: kind === 'null' ? 'null' : text }));
}

describe('JsonScanner', () => {
  it('finds values of every kind', () => {
    const line =
      '{"a":"x y","b": -12, "c":1.50,"d":true,"e":false,"f":null,"g":"","h":"\\u7530\\n\\"","i":"é","j":[1, {"k":"\\u00e9"}],"l":{}}';
    expect(scanned(line)).toEqual([
      { name: 'a', kind: 'string', text: 'x y' },
      { name: 'b', kind: 'int', text: '-12' },
      { name: 'c', kind: 'double', text: '1.50' },
      { name: 'd', kind: 'boolean', text: 'true' },
      { name: 'e', kind: 'boolean', text: 'false' },
      { name: 'f', kind: 'null', text: 'null' },
      { name: 'g', kind: 'string', text: '' },
      { name: 'h', kind: 'string', text: '田\n"' },
      { name: 'i', kind: 'string', text: 'é' },
      { name: 'j', kind: 'array', text: '[1,{"k":"é"}]' },
      { name: 'l', kind: 'object', text: '{}' },
    ]);
  });

  it('leaves what is out of the ordinary to the decoder', () => {
    const odd = [
      '{}',
      '{"a"}',
      '{"a":}',
      '{"a":1,}',
      '{"a":01}',
      '{"a":1.}',
      '{"a":tru}',
      '{"a":"b}',
      '{"a":"\\x"}',
      '{"a":"\\u12g4"}',
      '{"a":"\t"}',
      '{"a":1e}',
      '{"a":1.e3}',
      '{"a":1e+}',
      '{"a":1,"a":2}',
      '{"\\q":1}',
      '{"a":1,"\\u0061":2}',
      '{"a":[1,}',
      '{"a":[tru]}',
      '{"a":1} ',
      '{"a":1}}',
      '{"a":1 }',
    ];
    for (const line of odd) expect(scanned(line), line).toBeUndefined();
  });

  it('gives lines with the same names, kinds and filling one shape, and others another one', () => {
    const scanner = new JsonScanner(() => undefined);
    const shapeOf = (line: string) => {
      const bytes = new TextEncoder().encode(`${line}\n`);
      return scanner.scan(bytes, 0, bytes.length - 1)?.id;
    };
    const first = shapeOf('{"a":"x","b":1}');
    expect(shapeOf('{"a":"other","b":22}')).toBe(first);
    const others = ['{"a":"","b":1}', '{"a":"x","b":"1"}', '{"b":1,"a":"x"}', '{"a":"x","b":null}', '{"a":"x"}'];
    expect(new Set([first, ...others.map(shapeOf)]).size).toBe(others.length + 1);
  });

  it('tells by its text how full a value is that begins with white space', () => {
    const scanner = new JsonScanner(() => undefined);
    const shapeOf = (value: string) => {
      const bytes = new TextEncoder().encode(`{"a":"${value}"}\n`);
      return scanner.scan(bytes, 0, bytes.length - 1)?.id;
    };
    const [filled, blank, empty] = [shapeOf('x'), shapeOf(' '), shapeOf('')];
    expect(new Set([filled, blank, empty, undefined]).size).toBe(4);
    for (const value of [' x', '\\tx', '\\u00a0x', '\u3000x', '\\b']) expect(shapeOf(value), value).toBe(filled);
    for (const value of ['\\n', '\\u0020', '\u00a0', '\u2003 ', '\\ufeff']) expect(shapeOf(value), value).toBe(blank);
  });

  it('reads names with escapes and beyond ASCII', () => {
    const line = '{"\\u0061":1,"\\"b\\\\":2,"\u00e9":3,"":4}';
    const scanner = new JsonScanner(() => undefined);
    for (let time = 0; time < 2; time += 1)
      expect(scanned(line, scanner)?.map(({ name }) => name)).toEqual(['a', '"b\\', '\u00e9', '']);
  });

  it('reads numbers with an exponent', () => {
    for (const number of ['1e3', '5.4E2', '1e+21', '-1.50e-7'])
      expect(scanned(`{"a":${number}}`), number).toEqual([{ name: 'a', kind: 'double', text: number }]);
  });

  it('keeps its memory bounded, and goes on when it made room', () => {
    const scanner = new JsonScanner(() => undefined);
    for (let index = 0; index < 3600; index += 1)
      scanned(`{"a${index % 60}":{"x":${index}},"b${Math.floor(index / 60)}":1,"c":2,"d":"e"}`, scanner);
    expect(scanned('{"quite":1,"new":2}', scanner)).toBeUndefined();
    scanner.tidy();
    expect(scanned('{"quite":1,"new":2}', scanner)).toHaveLength(2);
  });

  it('reads every line as the decoder does, or not at all', () => {
    const scanner = new JsonScanner(() => undefined);
    const sign = fc.constantFrom(
      ...'{}[]",:\\ab1-.0 '.split(''),
      '"a":',
      '"b":',
      '\\"',
      '\\u00e9',
      'true',
      'null',
      '1e+2',
      'E5',
      'é',
      '\t',
    );
    const broken = fc.array(sign, { maxLength: 24 }).map((signs) => `{"a":${signs.join('')}}`);
    const whole = fc
      .dictionary(fc.string({ maxLength: 6 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 8 })
      .map((value) => JSON.stringify(value));
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(broken, whole), (line) => {
        const found = scanned(line, scanner);
        if (!found) return;
        taken += 1;
        expect(found).toEqual(decoded(line));
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});
