import { describe, expect, it } from 'vitest';
import { KeptBuffers } from './kept-buffers.ts';

const MIB = 1024 * 1024;

describe('KeptBuffers', () => {
  it('gives a buffer again that was given back, when it is long enough', () => {
    const buffers = new KeptBuffers(2);
    const first = buffers.take(100);
    expect(first.length).toBeGreaterThanOrEqual(100);
    expect(buffers.take(100)).not.toBe(first);
    buffers.giveBack(first);
    expect(buffers.take(first.length + 1)).not.toBe(first);
    expect(buffers.take(50)).toBe(first);
  });

  it('keeps no more than it was told, and no giants', () => {
    const buffers = new KeptBuffers(1);
    const [one, other, giant] = [buffers.take(1), buffers.take(1), buffers.take(9 * MIB)];
    for (const buffer of [giant, one, other]) buffers.giveBack(buffer);
    expect(buffers.take(1)).toBe(one);
    expect([one, other, giant]).not.toContain(buffers.take(1));
  });
});
