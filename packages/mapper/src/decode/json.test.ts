import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJson, locateMembers } from './json.ts';

function fieldsOf(text: string) {
  const result = decodeJson(text);
  if ('problem' in result) throw new Error(result.problem);
  return result.fields;
}

function problemOf(text: string): string {
  const result = decodeJson(text);
  return 'problem' in result ? result.problem : 'none';
}

describe('decodeJson', () => {
  it('gives each member with the type and the text of the source', () => {
    const text =
      '{"s":"a\\n\\u00e9","i":-0,"d":1.50,"e":2E3,"t":true,"f":false,"n":null,"o":{ "k" : [1 , "x"] },"a":[]}';
    expect([...fieldsOf(text)]).toEqual([
      ['s', { kind: 'string', text: 'a\né' }],
      ['i', { kind: 'int', text: '-0' }],
      ['d', { kind: 'double', text: '1.50' }],
      ['e', { kind: 'double', text: '2E3' }],
      ['t', { kind: 'boolean', text: 'true' }],
      ['f', { kind: 'boolean', text: 'false' }],
      ['n', { kind: 'null', text: 'null' }],
      ['o', { kind: 'object', text: '{"k":[1,"x"]}' }],
      ['a', { kind: 'array', text: '[]' }],
    ]);
  });

  it('keeps whole numbers beyond 2^53 to the digit, nested ones too', () => {
    const fields = fieldsOf('{"id":18446744073709551617,"l":[9007199254740993]}');
    expect(fields.get('id')).toEqual({ kind: 'int', text: '18446744073709551617' });
    expect(fields.get('l')?.text).toBe('[9007199254740993]');
  });

  it('lets the last of repeated names win and says so, however they are spelled', () => {
    const result = decodeJson('{"level":"info","lev\\u0065l":"error"}');
    expect(result).toEqual({
      fields: new Map([['level', { kind: 'string', text: 'error' }]]),
      repeated: true,
      full: false,
    });
  });

  it('treats __proto__ and constructor as names like others', () => {
    const fields = fieldsOf('{"__proto__":{"admin":true},"constructor":1}');
    expect(fields.get('__proto__')).toEqual({ kind: 'object', text: '{"admin":true}' });
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it('writes U+FFFD for half a surrogate pair and keeps whole pairs', () => {
    const fields = fieldsOf('{"a":"\\ud83d","b":"\\ud83d\\ude00","c":["\\udc00"]}');
    expect([...fields.values()].map((value) => value.text)).toEqual(['\ufffd', '😀', '["\ufffd"]']);
  });

  it('spells escaped characters of nested strings out, so that nothing hides behind an escape', () => {
    expect(fieldsOf('{"o":{"pass\\u0077ord":"\\u0041\\n"}}').get('o')?.text).toBe('{"password":"A\\n"}');
  });

  it.each([
    ['', 'an object was expected where the text ends'],
    ['[1]', 'an object was expected at character 1'],
    ['{"a":1', 'a comma or the end of the object was expected where the text ends'],
    ['{"a":NaN}', 'a value was expected at character 6'],
    ["{'a':1}", 'a name in double quotes was expected at character 2'],
    ['{"a":1,}', 'a name in double quotes was expected at character 8'],
    ['{"a":[1,]}', 'a value was expected at character 9'],
    ['{"a":{"b":1,}}', 'a name in double quotes was expected at character 13'],
    ['{"a" 1}', 'a colon was expected at character 6'],
    ['{"a":01}', 'a comma or the end of the object was expected at character 7'],
    ['{"a":.5}', 'a value was expected at character 6'],
    ['{"a":+1}', 'a value was expected at character 6'],
    ['{"a":"x\ty"}', 'a control character stands in a string at character 8'],
    ['{"a":"\\x41"}', 'a string holds an escape that is none at character 12'],
    ['{"a":"x', 'the end of a string was expected where the text ends'],
    ['{"a":"x\\', 'the end of a string was expected where the text ends'],
    ['{"a":1}{"b":2}', 'text after the end of the object at character 8'],
    ['{"a":1}\u00a0', 'text after the end of the object at character 8'],
  ])('refuses %j', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  it('bounds nesting without using the stack', () => {
    const deep = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(fieldsOf(deep(10_000)).get('a')?.text).toHaveLength(20_000);
    expect(problemOf(deep(10_001))).toContain('too deep');
    expect(problemOf(`{"a":${'{"a":'.repeat(1_000_000)}`)).toContain('too deep');
  });

  it('reads what JSON.parse reads, and the same values', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'), (object, indent) => {
        const fields = fieldsOf(JSON.stringify(object, undefined, indent));
        const parsed: Record<string, unknown> = JSON.parse(JSON.stringify(object));
        expect([...fields.keys()]).toEqual(expect.arrayContaining(Object.keys(parsed)));
        for (const [name, { kind, text }] of fields)
          expect(kind === 'string' ? text : JSON.parse(text)).toEqual(parsed[name]);
      }),
    );
  });

  it('accepts exactly the objects that JSON.parse accepts, cut and changed at any place', () => {
    const line = '{"a":"x\\"\\u00e9","b":[1,{"c":-2.5e+3}],"d":{},"e":null}';
    fc.assert(
      fc.property(fc.nat(line.length), fc.nat(4), fc.string({ maxLength: 3 }), (at, removed, put) => {
        const text = line.slice(0, at) + put + line.slice(at + removed);
        expect('fields' in decodeJson(text)).toBe(isObject(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('tells the problem of any text without a word of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (noise) => {
        const result = decodeJson(`{"secret":"${noise}`);
        if ('problem' in result) expect(result.problem).toMatch(/^[a-z ]+( at character \d+)?$/);
      }),
    );
  });
});

describe('locateMembers', () => {
  it('says where each value stands, repeated members included', () => {
    const text = '{ "a" : 1 , "b":{"a":2},"\\u0061":"x" }';
    const found = locateMembers(text, () => true)?.map(({ name, start, end }) => [name, text.slice(start, end)]);
    expect(found).toEqual([
      ['a', '1'],
      ['b', '{"a":2}'],
      ['a', '"x"'],
    ]);
  });

  it('gives nothing for a text that is no object', () => {
    expect(locateMembers('{"a":1', () => true)).toBeUndefined();
    expect(locateMembers('[1]', () => true)).toBeUndefined();
  });
});

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
