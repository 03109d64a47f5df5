import { describe, expect, it } from 'vitest';
import { fillTemplate, firstNode, nextNode } from './attribute-template.ts';

function made(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  let node = firstNode();
  for (const [name] of pairs) node = nextNode(node, name);
  return fillTemplate(
    node,
    pairs.map(([, value]) => value),
  );
}

describe('objects made by templates', () => {
  it('hold the values under their names, in order, time and again', () => {
    for (const value of ['x', 'y', 'z']) {
      expect(
        Object.entries(
          made([
            ['b', value],
            ['a', '1'],
          ]),
        ),
      ).toEqual([
        ['b', value],
        ['a', '1'],
      ]);
      expect(
        Object.entries(
          made([
            ['b', value],
            ['c', '2'],
          ]),
        ),
      ).toEqual([
        ['b', value],
        ['c', '2'],
      ]);
      expect(made([])).toEqual({});
    }
  });

  it('have members of any name, and leave prototypes alone', () => {
    const object = made([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(Object.entries(object)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
  });

  it('have well-formed names, the last value where two become one', () => {
    expect(
      Object.entries(
        made([
          ['\ud800', 'x'],
          ['\ufffd', 'y'],
        ]),
      ),
    ).toEqual([['\ufffd', 'y']]);
  });

  it('are right also for names that nobody keeps', () => {
    const long = 'n'.repeat(200);
    for (let at = 0; at < 5000; at += 1)
      expect(
        made([
          [`name${at}`, 'x'],
          [long, 'y'],
        ]),
      ).toEqual({ [`name${at}`]: 'x', [long]: 'y' });
  });
});
