import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteLines } from './lines.ts';

async function linesOf(chunks: readonly Uint8Array[], limit = 1000): Promise<string[]> {
  async function* given() {
    yield* chunks;
  }
  const lines: string[] = [];
  for await (const some of byteLines(given(), limit))
    for (const line of some) lines.push(Buffer.from(line).toString('latin1'));
  return lines;
}

describe('byteLines', () => {
  it('keeps empty lines and carriage returns, and the last line without a break', async () => {
    expect(await linesOf([Buffer.from('a\r\n\nb')])).toEqual(['a\r', '', 'b']);
  });

  it('keeps the beginning of a line over the limit, in memory of that size', async () => {
    expect(await linesOf([Buffer.from('abcd'), Buffer.from('efgh\nxy\n')], 5)).toEqual(['abcde', 'xy']);
    expect(await linesOf([Buffer.from('abcdefgh\n')], 5)).toEqual(['abcde']);
  });

  it('gives the same lines however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'ä') }),
        fc.integer({ min: 1, max: 7 }),
        async (text, size) => {
          const bytes = Buffer.from(text);
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
            bytes.subarray(index * size, (index + 1) * size),
          );
          const whole = bytes.toString('latin1').split('\n');
          if (whole.at(-1) === '') whole.pop();
          expect(await linesOf(chunks)).toEqual(whole);
        },
      ),
    );
  });
});
