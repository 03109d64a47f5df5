import { describe, expect, it } from 'vitest';
import { ascii } from '../bytes.ts';
import { TagRun } from './tag-run.ts';

const run = () =>
  new TagRun(['<a>', '<b>'], (bytes, from, stop) => {
    let at = from;
    while (at < stop && bytes[at] === 0x20) at += 1;
    return at;
  });

function behind(tags: TagRun, text: string, stop = text.length): number {
  return tags.behind(ascii(text), 0, stop);
}

describe('TagRun', () => {
  it('finds tags in whatever way blanks stand between them, and again in the same one', () => {
    const tags = run();
    for (const text of ['<a><b>', ' <a>  <b>', ' <a>  <b>', '<a><b>', `<a>${' '.repeat(300)}<b>`])
      expect(behind(tags, `${text}x`)).toBe(text.length);
  });

  it('finds no others, and none that end behind the stop', () => {
    const tags = run();
    expect(behind(tags, '<a><c>')).toBe(-1);
    expect(behind(tags, '<a>x<b>')).toBe(-1);
    expect(behind(tags, '<a><b>', 5)).toBe(-1);
    expect(behind(tags, '')).toBe(-1);
  });
});
