import { describe, expect, it } from 'vitest';
import type { FieldValue, RawRecord } from '../records.ts';
import type { FieldControl } from './controls.ts';
import { classOf } from './record-class.ts';
import { createShapeFinder } from './shape.ts';

const LEVEL: FieldControl = { identity: true, tests: [] };
const SIZE: FieldControl = { identity: false, tests: [({ text }) => text.length > 2] };

function finder() {
  return createShapeFinder((space, field) =>
    space === 'fields' && field === 'level' ? LEVEL : space === 'details' && field === 'size' ? SIZE : undefined,
  );
}

type Values = Readonly<Record<string, string | number | null>>;

function mapOf(values: Values): Map<string, FieldValue> {
  return new Map(
    Object.entries(values).map(([name, value]) => [
      name,
      value === null
        ? { kind: 'null', text: '' }
        : { kind: typeof value === 'number' ? 'int' : 'string', text: String(value) },
    ]),
  );
}

function record(fields: Values, details: Values = {}, layout?: RawRecord['layout']): RawRecord {
  const made = { fields: mapOf(fields), details: mapOf(details), original: '', position: { number: 1 }, issues: [] };
  return layout ? { ...made, layout } : made;
}

describe('createShapeFinder', () => {
  it('gives records with the same names, kinds and filling one shape', () => {
    const { find } = finder();
    const first = find(record({ level: 'info', a: 'x' }, { size: 'abc' }), []);
    expect(find(record({ level: 'warn', a: 'other' }, { size: 'x' }), [])).toBe(first);
    const others = [
      record({ a: 'x', level: 'info' }, { size: 'abc' }),
      record({ level: 'info', a: '' }, { size: 'abc' }),
      record({ level: 'info', a: ' ' }, { size: 'abc' }),
      record({ level: 'info', a: 5 }, { size: 'abc' }),
      record({ level: 'info', a: null }, { size: 'abc' }),
      record({ level: 'info', a: 'x', size: 'abc' }),
      record({ level: 'info', a: 'x' }, { size: 'abc' }, { time: '1' }),
    ];
    expect(new Set([first, ...others.map((one) => find(one, []))]).size).toBe(others.length + 1);
  });

  it('gives the values in the order of the tokens', () => {
    const values: FieldValue[] = [];
    const shape = finder().find(record({ a: 'x' }, { size: 'abc' }, { time: '1', level: 'INFO' }), values);
    expect(shape?.tokens.map(({ space, name }) => `${space}:${name}`)).toEqual([
      'fields:a',
      'layout:time',
      'layout:level',
      'details:size',
    ]);
    expect(values.map(({ text }) => text)).toEqual(['x', '1', 'INFO', 'abc']);
    expect(shape?.controls).toEqual([{ token: 3, control: SIZE }]);
  });

  it('has room for so many names, and for others when it is cleared', () => {
    const { find, clear } = finder();
    for (let index = 0; index < 21_000; index += 1) find(record({ [`a${index}`]: '1' }), []);
    expect(find(record({ another: '1' }), [])).toBeUndefined();
    clear();
    expect(find(record({ another: '1' }), [])).toBeDefined();
  });
});

describe('classOf', () => {
  it('tells records of one shape apart by what decides', () => {
    const { find } = finder();
    const classIn = (fields: Values, details: Values) => {
      const values: FieldValue[] = [];
      const shape = find(record(fields, details), values);
      return shape && classOf(shape, values);
    };
    const first = classIn({ level: 'info', a: 'x' }, { size: 'abc' });
    expect(first).toEqual({ plan: undefined, failures: 0, byMessage: undefined });
    expect(classIn({ level: 'info', a: 'y' }, { size: 'abcd' })).toBe(first);
    expect(classIn({ level: 'warn', a: 'x' }, { size: 'abc' })).not.toBe(first);
    expect(classIn({ level: 'info', a: 'x' }, { size: 'a' })).not.toBe(first);
    expect(classIn({ level: 'x'.repeat(200), a: 'x' }, { size: 'a' })).toBeUndefined();
  });
});
