import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEAD_BYTES, readHead } from './head.ts';

async function* chunked(whole: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    if (at >= whole.length) return;
    yield whole.subarray(at, at + size);
    at += size;
  }
  if (at < whole.length) yield whole.subarray(at);
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<number[]> {
  const all: number[] = [];
  for await (const chunk of bytes) all.push(...chunk);
  return all;
}

describe('readHead', () => {
  it('looks at the beginning and loses nothing, however the bytes arrive', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 9000 }), sizes, async (whole, cuts) => {
        const { head, bytes } = await readHead(chunked(whole, cuts));
        expect([...head]).toEqual([...whole.subarray(0, HEAD_BYTES)]);
        expect(await collect(bytes)).toEqual([...whole]);
      }),
      { numRuns: 50 },
    );
  });

  it('waits for no more than the first chunk of a live input', async () => {
    let asked = 0;
    async function* live() {
      for (;;) {
        asked += 1;
        yield new Uint8Array([0x0a]);
      }
    }
    await readHead(live(), true);
    expect(asked).toBe(1);
  });

  it('closes the source when the reader gives up', async () => {
    let closed = false;
    async function* source() {
      try {
        for (;;) yield new Uint8Array(HEAD_BYTES);
      } finally {
        closed = true;
      }
    }
    const { bytes } = await readHead(source());
    for await (const _ of bytes) break;
    expect(closed).toBe(true);
  });
});
