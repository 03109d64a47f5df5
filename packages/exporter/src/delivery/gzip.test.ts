import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Gzip } from './gzip.ts';

/** Numbers that look like chance, the same each time. */
function numbers(count: number): number[] {
  let last = 1;
  return Array.from({ length: count }, () => {
    last = (Math.imul(last, 1_103_515_245) + 12_345) >>> 0;
    return last >>> 8;
  });
}

/** Records of few kinds, one after the other. */
const ALIKE = Buffer.from(
  Array.from({ length: 20_000 }, (_, number) => {
    return `a record of kind ${number % 7} with all that those of its kind say, and a number: ${number}\n`;
  }).join(''),
);
/** Words of which hardly one follows another twice. */
const UNLIKE = Buffer.from(
  numbers(300_000)
    .map((number) => `word${number % 300} `)
    .join(''),
);

describe('Gzip', () => {
  it('gives back what it was given', async () => {
    const gzip = new Gzip();
    for (const bytes of [ALIKE, UNLIKE, ALIKE.subarray(0, 100), ALIKE.subarray(0, 0), ALIKE])
      expect(gunzipSync(await gzip.compress(bytes)).equals(bytes)).toBe(true);
  });

  it('compresses cheaply where that takes hardly more bytes than the stock exporter sends', async () => {
    const gzip = new Gzip();
    await gzip.compress(ALIKE);
    expect(gzip.level).toBe(1);
  });

  it('spends more where it would take many more', async () => {
    const gzip = new Gzip();
    await gzip.compress(UNLIKE);
    expect(gzip.level).toBe(4);
  });

  it('looks again as soon as something else is sent', async () => {
    const gzip = new Gzip();
    await gzip.compress(ALIKE);
    await gzip.compress(UNLIKE);
    await gzip.compress(UNLIKE);
    expect(gzip.level).toBe(4);
  });

  it('tries nothing on small requests', async () => {
    const gzip = new Gzip();
    await gzip.compress(ALIKE.subarray(0, 100_000));
    expect(gzip.level).toBe(4);
  });
});
