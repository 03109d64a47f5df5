import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openBytes } from '../../../test/open-bytes.ts';

const TEXT = Array.from({ length: 500 }, (_, index) => `line ${index} ${Math.sqrt(index)}\n`).join('');

describe('Zstandard data', () => {
  it('is opened by its content, several frames in a row as one text, whatever the chunks', async () => {
    const packed = Buffer.concat([zstdCompressSync(TEXT), zstdCompressSync('more\n')]);
    for (const chunkBytes of [1, 7, 500, packed.length])
      expect(await openBytes(packed, { chunkBytes })).toEqual({ texts: [['in', `${TEXT}more\n`]], said: [] });
  });

  it('gives what came before a cut, and says so once', async () => {
    const packed = zstdCompressSync(TEXT);
    for (let cut = 4; cut < packed.length; cut += 97) {
      const { texts, said } = await openBytes(packed.subarray(0, cut));
      expect(TEXT.startsWith(texts[0]?.[1] ?? '?')).toBe(true);
      expect(said).toEqual(['in: reading broke off: the Zstandard data ends too early']);
    }
  });

  it('says when it is damaged', async () => {
    const packed = zstdCompressSync(TEXT);
    packed.fill(0xff, 3000, 3300);
    expect((await openBytes(packed)).said).toEqual(['in: reading broke off: the Zstandard data is damaged']);
  });
});
