import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AttributeList } from './attribute-list.ts';

describe('AttributeList', () => {
  it('reads like a Map that was given the same attributes', () => {
    const pairs = fc.array(
      fc.tuple(fc.constantFrom('a', 'b', 'c', '__proto__', ''), fc.oneof(fc.string(), fc.integer())),
    );
    fc.assert(
      fc.property(pairs, (given) => {
        const map = new Map<string, string | number>(given);
        const list = new AttributeList();
        for (const [name, value] of given) list.set(name, value);
        const visited: unknown[] = [];
        list.forEach((value, name) => {
          visited.push([name, value]);
        });
        expect([...list]).toEqual([...map]);
        expect(visited).toEqual([...map]);
        expect([[...list.keys()], [...list.values()], list.size]).toEqual([
          [...map.keys()],
          [...map.values()],
          map.size,
        ]);
        for (const name of ['a', '__proto__', 'x'])
          expect([list.has(name), list.get(name)]).toEqual([map.has(name), map.get(name)]);
      }),
    );
  });

  it('shares names with lists that have the same ones, until one of them gets another', () => {
    const list = new AttributeList().add('a', 1).add('b', 2);
    const names = list.namesLike(undefined);
    expect(list.namesLike(names)).toBe(names);
    const one = list.snapshot(names);
    list.clear();
    const other = list.add('a', 3).add('b', 4).snapshot(list.namesLike(names));
    one.set('c', 5).set('a', 0);
    expect([...one]).toEqual([
      ['a', 0],
      ['b', 2],
      ['c', 5],
    ]);
    expect([...other]).toEqual([
      ['a', 3],
      ['b', 4],
    ]);
    expect([...list]).toEqual([...other]);
  });

  it('gives other names where they differ in number or order', () => {
    const known = ['a', 'b'];
    expect(new AttributeList().add('b', 1).add('a', 2).namesLike(known)).toEqual(['b', 'a']);
    expect(new AttributeList().add('a', 1).namesLike(known)).toEqual(['a']);
  });

  it('finds texts that are longer than a limit', () => {
    const list = new AttributeList().add('a', 'four').add('b', 12345);
    expect([list.hasLonger(3), list.hasLonger(4)]).toEqual([true, false]);
  });
});
