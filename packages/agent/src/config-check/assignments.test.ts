import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAssignments } from './assignments.ts';

describe('readAssignments', () => {
  it.each([
    ['A=b', 'b'],
    ['  export A = b  ', 'b'],
    ['A="b c" # why', 'b c'],
    ["A='b#c'", 'b#c'],
    ['A=b#c # why', 'b#c'],
    ['A=', ''],
    ['A="b', '"b'],
    ['A=b=c', 'b=c'],
  ])('reads %j', (line, value) => {
    expect(readAssignments(line).values).toEqual(new Map([['A', value]]));
  });

  it('passes over comments and blank lines, byte order mark and carriage returns included', () => {
    const { values, strange } = readAssignments('\ufeff# x\r\n\r\n; y\r\nA=1\r\nB=2\r\n');
    expect([...values]).toEqual([
      ['A', '1'],
      ['B', '2'],
    ]);
    expect(strange).toEqual([]);
  });

  it('lets the last of repeated keys count, and tells lines that are none', () => {
    expect(readAssignments('A=1\nno setting\nA=2')).toEqual({
      values: new Map([['A', '2']]),
      repeated: ['A'],
      strange: [2],
    });
  });

  it('takes a key for a key, whatever its name', () => {
    expect(readAssignments('__proto__=1').values.get('__proto__')).toBe('1');
  });

  it('never throws, and gives back plain values', () => {
    const plain = fc.string({ unit: fc.constantFrom(...'abc/.:-_'), minLength: 1 });
    fc.assert(fc.property(fc.string(), (text) => void readAssignments(text)));
    fc.assert(
      fc.property(plain, (value) => {
        expect(readAssignments(`KEY=${value}`).values.get('KEY')).toBe(value);
      }),
    );
  });
});
