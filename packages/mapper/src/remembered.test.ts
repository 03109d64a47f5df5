import { describe, expect, it } from 'vitest';
import { remembered } from './remembered.ts';

describe('remembered', () => {
  it('asks once for each text, also when the answer is nothing', () => {
    const asked: string[] = [];
    const read = remembered((text) => {
      asked.push(text);
      return text === 'x' ? undefined : text.length;
    });
    expect([read('ab'), read('x'), read('ab'), read('x')]).toEqual([2, undefined, 2, undefined]);
    expect(asked).toEqual(['ab', 'x']);
  });

  it('keeps no long texts, and begins anew when there are too many', () => {
    let asked = 0;
    const read = remembered((text) => {
      asked += 1;
      return text.length;
    });
    const long = 'a'.repeat(129);
    expect([read(long), read(long), asked]).toEqual([129, 129, 2]);
    for (let at = 0; at < 1025; at += 1) read(String(at));
    asked = 0;
    read('1024');
    expect(asked).toBe(0);
    read('0');
    expect(asked).toBe(1);
  });
});
