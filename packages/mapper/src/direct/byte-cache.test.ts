import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSame } from '../bytes.ts';
import { ByteCache, hash } from './byte-cache.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('ByteCache', () => {
  it('answers for bytes wherever they stand', () => {
    const cache = new ByteCache<string>(4);
    cache.set(bytesOf('xabcx'), 1, 4, 'letters');
    expect(cache.get(bytesOf('abc'), 0, 3)).toBe('letters');
    expect(cache.get(bytesOf('--abc--'), 2, 5)).toBe('letters');
    expect(cache.get(bytesOf('abd'), 0, 3)).toBeUndefined();
    expect(cache.get(bytesOf('abcd'), 0, 4)).toBeUndefined();
  });

  it('keeps a copy: whoever gave the bytes may use them again', () => {
    const cache = new ByteCache<number>(4);
    const bytes = bytesOf('abc');
    cache.set(bytes, 0, 3, 1);
    bytes.fill(0);
    expect(cache.get(bytesOf('abc'), 0, 3)).toBe(1);
    expect(cache.get(bytes, 0, 3)).toBeUndefined();
  });

  it('tells seeds apart', () => {
    const cache = new ByteCache<number>(4);
    cache.set(bytesOf('a'), 0, 1, 1, 1);
    expect(cache.get(bytesOf('a'), 0, 1, 1)).toBe(1);
    expect(cache.get(bytesOf('a'), 0, 1, 2)).toBeUndefined();
  });

  it('never gives the value of other bytes, and forgets when it is full', () => {
    const keys = fc.array(fc.tuple(fc.uint8Array({ maxLength: 12 }), fc.nat(2)), { maxLength: 300 });
    fc.assert(
      fc.property(keys, (list) => {
        const cache = new ByteCache<string>(4);
        const nameOf = (key: Uint8Array, seed: number) => `${seed}:${key.join()}`;
        for (const [key, seed] of list) {
          const known = cache.get(key, 0, key.length, seed);
          expect([undefined, nameOf(key, seed)]).toContain(known);
          if (known === undefined) cache.set(key, 0, key.length, nameOf(key, seed), seed);
        }
      }),
    );
  });

  it('rests where nothing comes again, and learns anew when something does', () => {
    const cache = new ByteCache<number>(6);
    const ask = (text: string) => {
      const key = bytesOf(text);
      const known = cache.get(key, 0, key.length);
      if (known === undefined) cache.set(key, 0, key.length, 1);
      return known;
    };
    for (let index = 0; index < 20; index += 1) ask(`number ${index}`);
    expect(ask('number 3')).toBeUndefined();
    for (let round = 0; round < 1000; round += 1) ask('again');
    expect(ask('again')).toBe(1);
  });

  it('keeps what comes again beside what does not', () => {
    const cache = new ByteCache<number>(8);
    let known = 0;
    for (let index = 0; index < 4000; index += 1) {
      const key = bytesOf(index % 2 === 0 ? `name ${index % 20}` : `number ${index}`);
      if (cache.get(key, 0, key.length) !== undefined) known += 1;
      else cache.set(key, 0, key.length, index);
    }
    expect(known).toBeGreaterThan(1700);
  });

  it('knows all that it was given as long as there is room', () => {
    const cache = new ByteCache<number>(9);
    const keys = Array.from({ length: 200 }, (_, index) => bytesOf(`key ${index}`));
    for (const [index, key] of keys.entries()) {
      cache.set(key, 0, key.length, index);
      cache.get(key, 0, key.length);
    }
    const known = keys.filter((key, index) => cache.get(key, 0, key.length) === index);
    expect(known.length).toBeGreaterThan(190);
  });
});

describe('isSame', () => {
  it('compares all bytes and the length', () => {
    expect(isSame(bytesOf('ab'), bytesOf('xab'), 1, 3)).toBe(true);
    expect(isSame(bytesOf('ab'), bytesOf('xac'), 1, 3)).toBe(false);
    expect(isSame(bytesOf('ab'), bytesOf('ab'), 0, 1)).toBe(false);
    expect(isSame(new Uint8Array(), bytesOf('ab'), 1, 1)).toBe(true);
  });
});

describe('hash', () => {
  it('depends on nothing but the bytes and the seed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(5), fc.nat(1000), (bytes, before, seed) => {
        const moved = new Uint8Array(before + bytes.length + 3).fill(7);
        moved.set(bytes, before);
        expect(hash(moved, before, before + bytes.length, seed)).toBe(hash(bytes, 0, bytes.length, seed));
      }),
    );
  });

  it('differs for texts that differ in one sign, mostly', () => {
    const texts = Array.from({ length: 2000 }, (_, index) =>
      bytesOf(`Instance ${index} exported to Jira as CRY-${index}`),
    );
    expect(new Set(texts.map((text) => hash(text, 0, text.length))).size).toBeGreaterThan(1990);
  });
});
