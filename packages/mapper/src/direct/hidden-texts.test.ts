import { describe, expect, it } from 'vitest';
import { HiddenTexts } from './hidden-texts.ts';

const bytes = new TextEncoder().encode('0a secret "quote" \\"quote\\" é \\u00e9 0');

function hidden(...texts: readonly string[]): HiddenTexts {
  const made = new HiddenTexts();
  made.add(new Map(texts.map((text) => [text, '?'])));
  return made;
}

describe('HiddenTexts', () => {
  it('finds texts in the bytes of a record, and only there', () => {
    expect(hidden('secret').standIn(bytes, 0, bytes.length)).toBe(true);
    expect(hidden('secret').standIn(bytes, 4, bytes.length)).toBe(false);
    expect(hidden('secret').standIn(bytes, 0, 8)).toBe(false);
    expect(hidden('missing', 'secret').standIn(bytes, 0, bytes.length)).toBe(true);
    expect(hidden('secrets').standIn(bytes, 0, bytes.length)).toBe(false);
  });

  it('finds them in the spellings of the formats', () => {
    const spelled = new TextEncoder().encode('x a\\"bc\\u00e9 y');
    expect(hidden('a"bcé').standIn(spelled, 0, spelled.length)).toBe(true);
    expect(hidden('a"bcè').standIn(spelled, 0, spelled.length)).toBe(false);
  });

  it('does not look for texts that are too common', () => {
    expect(hidden('sec').standIn(bytes, 0, bytes.length)).toBe(false);
    expect(hidden('sec').count).toBe(1);
  });

  it('tells what stands for the only one', () => {
    expect(hidden().only).toBeUndefined();
    expect(hidden('a', 'b').only).toBeUndefined();
    const twice = hidden('a');
    twice.addAgain(twice.since(0));
    expect(twice.only).toEqual(new Map([['a', '?']]));
  });

  it('forgets', () => {
    const texts = hidden('secret');
    texts.clear();
    expect(texts.count).toBe(0);
    expect(texts.standIn(bytes, 0, bytes.length)).toBe(false);
  });
});
