import { describe, expect, it } from 'vitest';
import { LineTree } from './line-tree.ts';

const EQUALS = 0x3d;
const bytesOf = (text: string) => new TextEncoder().encode(text);

function nameAt(tree: LineTree, text: string): string | undefined {
  const bytes = bytesOf(text);
  return tree.named(tree.root, bytes, 0, bytes.length, EQUALS, 'fields')?.token.name;
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

  it('gives the same shape for the same way, with its values in order and what they decide', () => {
    const control = { identity: true, tests: [] };
    const tree = new LineTree((_space, field) => (field === 'b' ? control : undefined));
    const walk = (names: readonly string[], variant: number) => {
      let place = tree.root;
      for (const name of names) {
        const bytes = bytesOf(`${name}=`);
        const edge = tree.named(place, bytes, 0, bytes.length, EQUALS, 'fields');
        const next = edge && tree.next(place, edge, variant);
        if (!next) throw new Error('no room');
        place = next;
      }
      return tree.shapeAt(place);
    };
    const shape = walk(['a', 'b'], 2);
    expect(shape?.tokens.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(shape?.controls).toEqual([{ token: 1, control }]);
    expect(walk(['a', 'b'], 2)).toBe(shape);
    expect(walk(['a', 'b'], 0)).not.toBe(shape);
    expect(walk(['b', 'a'], 2)?.id).not.toBe(shape?.id);
    expect(walk(['a', 'b', 'a'], 2)).toBeUndefined();
  });
});
