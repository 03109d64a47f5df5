import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BEYOND } from './line-scanner.ts';
import { LineTree } from './line-tree.ts';

const EQUALS = 0x3d;
const bytesOf = (text: string) => new TextEncoder().encode(text);

function nameAt(tree: LineTree, text: string): string | undefined {
  const bytes = bytesOf(text);
  const edge = tree.named(tree.root, bytes, 0, bytes.length, EQUALS, 'fields');
  return edge === undefined ? undefined : tree.nameOf(edge);
}

describe('LineTree', () => {
  it('finds names by their end, also those that begin alike', () => {
    const tree = new LineTree(() => undefined);
    for (const name of ['code', 'codes', 'cod', 'other', 'code']) expect(nameAt(tree, `${name}=1`)).toBe(name);
  });

  it('leaves names to the ordinary way that are too long, escaped, beyond ASCII or not ended', () => {
    const tree = new LineTree(() => undefined);
    for (const text of [`${'x'.repeat(200)}=1`, 'a\\b=1', 'é=1', 'a', 'a\tb=1'])
      expect(nameAt(tree, text), text).toBeUndefined();
  });

  it('takes names with more where it is told to, and says of lines that there is more than ASCII in them', () => {
    const tree = new LineTree(
      () => undefined,
      BEYOND,
      undefined,
      (spelling) => spelling.replaceAll('\\', ''),
    );
    expect(nameAt(tree, 'a\\=b=1')).toBe('a=b');
    expect(nameAt(tree, 'a\\=b=1')).toBe('a=b');
    const signsOf = (name: string) => {
      const bytes = bytesOf(`${name}=1`);
      const edge = tree.named(tree.root, bytes, 0, bytes.length, EQUALS, 'fields');
      return edge && tree.shapeAt(tree.next(edge, 0))?.signs;
    };
    expect(['a', '\u00e9', 'a\\=b'].map(signsOf)).toEqual([0, BEYOND, 0]);
  });

  it('gives the same shape for the same way, with its values in order and what they decide', () => {
    const control = { identity: true, tests: [] };
    const tree = new LineTree((_space, field) => (field === 'b' ? control : undefined));
    const walk = (names: readonly string[], variant: number) => {
      let place = tree.root;
      for (const name of names) {
        const bytes = bytesOf(`${name}=`);
        const edge = tree.named(place, bytes, 0, bytes.length, EQUALS, 'fields');
        const next = edge && tree.next(edge, variant);
        if (!next) throw new Error('no room');
        place = next;
      }
      return tree.shapeAt(place);
    };
    const shape = walk(['a', 'b'], 2);
    expect(shape?.tokens.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(shape?.controls).toEqual([{ token: 1, control, answers: undefined }]);
    expect(walk(['a', 'b'], 2)).toBe(shape);
    expect(walk(['a', 'b'], 0)).not.toBe(shape);
    expect(walk(['b', 'a'], 2)?.id).not.toBe(shape?.id);
    expect(walk(['a', 'b', 'a'], 2)).toBeUndefined();
  });

  it('leads to the same places, in whatever order names and variants come', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(70), fc.nat(23)), { maxLength: 200 }), (steps) => {
        const tree = new LineTree(() => undefined);
        const known = new Map<string, number>();
        for (const [name, variant] of steps) {
          const bytes = bytesOf(`${'n'.repeat(name % 5)}${name}=`);
          const edge = tree.named(tree.root, bytes, 0, bytes.length, EQUALS, 'fields');
          const next = edge && tree.next(edge, variant);
          if (!next) continue;
          expect(tree.nameOf(edge)).toBe(new TextDecoder().decode(bytes.subarray(0, tree.lengthOf(edge))));
          const key = `${name} ${variant}`;
          expect(known.get(key) ?? next).toBe(next);
          known.set(key, next);
        }
        expect(new Set(known.values()).size).toBe(known.size);
      }),
    );
  });

  it('forgets everything when it is full, and learns anew', () => {
    const tree = new LineTree(() => undefined);
    let place = tree.root;
    for (let index = 0; index < 30_000; index += 1) {
      const bytes = bytesOf(`a${index}=`);
      const edge = tree.named(place, bytes, 0, bytes.length, EQUALS, 'fields');
      const next = edge && tree.next(edge, 2);
      if (!next) break;
      place = next;
    }
    expect(nameAt(tree, 'other=1')).toBeUndefined();
    expect(tree.tidy()).toBe(true);
    expect(nameAt(tree, 'other=1')).toBe('other');
    expect(tree.tidy()).toBe(false);
  });

  it('tells names of details from those of fields', () => {
    const tree = new LineTree(() => undefined);
    const bytes = bytesOf('name=');
    const field = tree.named(tree.root, bytes, 0, bytes.length, EQUALS, 'fields');
    const detail = tree.spelled(tree.root, bytes, 0, bytes.length - 1, 'details');
    expect(detail).not.toBe(field);
    expect(tree.spelled(tree.root, bytes, 0, bytes.length - 1, 'fields')).toBe(field);
  });
});
