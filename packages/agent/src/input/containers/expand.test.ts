import { setTimeout as sleep } from 'node:timers/promises';
import { createInflateRaw, createZstdDecompress, deflateRawSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createByteSource } from './byte-source.ts';
import { expand } from './expand.ts';

/** Text that shrinks to a thirtieth: one portion of packed data becomes more than is made at a time. */
function logOf(lines: number): Buffer {
  return Buffer.from(
    Array.from({ length: lines }, (_, number) => `${number} ${'abcdefghij'.repeat(number % 13)}\n`).join(''),
  );
}

async function* inPortions(bytes: Buffer, length: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += length) yield bytes.subarray(from, from + length);
}

describe('expand', () => {
  it.each([
    ['deflate', createInflateRaw, (text: Buffer) => deflateRawSync(text)],
    ['Zstandard', createZstdDecompress, (text: Buffer) => zstdCompressSync(text)],
  ])('gives all of %s data to a reader who takes his time, and leaves what follows it', async (what, create, pack) => {
    for (const lines of [100, 60_000, 130_000]) {
      const text = logOf(lines);
      for (const portion of [10_000, 65_536, 1 << 30]) {
        const source = createByteSource(inPortions(Buffer.concat([pack(text), Buffer.from('trailer')]), portion));
        const chunks: Uint8Array[] = [];
        for await (const chunk of expand(source, { what, create })) {
          chunks.push(chunk);
          // Not a microtask: the decompressor goes on in the meantime.
          await sleep(chunks.length % 8 === 0 ? 3 : 0);
        }
        expect(Buffer.concat(chunks).equals(text)).toBe(true);
        expect(Buffer.from(await source.exactly(100)).toString()).toBe('trailer');
      }
    }
  });
});
