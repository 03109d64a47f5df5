import { crc32, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openBytes } from '../../../test/open-bytes.ts';

const TEXT = 'first line\nsecond line\n'.repeat(200);
const whole = (text: string) => ({ texts: [['in', text]], said: [] });

describe('gzip data', () => {
  it('E33 is opened by its content, several members in a row as one text, whatever the chunks', async () => {
    const packed = Buffer.concat([gzipSync(TEXT), gzipSync(''), gzipSync('and more\n')]);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: packed.length }), async (chunkBytes) => {
        expect(await openBytes(packed, { chunkBytes })).toEqual(whole(`${TEXT}and more\n`));
      }),
      { numRuns: 30 },
    );
  });

  it('may have every field in its header', async () => {
    const plain = gzipSync(TEXT);
    const header = Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, 0x02 | 0x04 | 0x08 | 0x10, 0, 0, 0, 0, 0, 3]),
      Buffer.from([3, 0, 1, 2, 3]),
      Buffer.from('../../name.log\0comment\0'),
    ]);
    const sum = Buffer.alloc(2);
    sum.writeUInt16LE(crc32(header) & 0xffff);
    const packed = Buffer.concat([header, sum, plain.subarray(10)]);
    expect(await openBytes(packed)).toEqual(whole(TEXT));
  });

  it('gives what came before a cut at any byte, and says so once', async () => {
    const packed = gzipSync(TEXT);
    for (let cut = 2; cut < packed.length; cut += 1) {
      const { texts, said } = await openBytes(packed.subarray(0, cut));
      expect(TEXT.startsWith(texts[0]?.[1] ?? '?')).toBe(true);
      expect(said).toEqual(['in: reading broke off: the gzip data ends too early']);
    }
    const { texts } = await openBytes(packed.subarray(0, -9));
    expect(texts[0]?.[1].length).toBeGreaterThan(TEXT.length / 2);
  });

  it('gives everything when only the checksum is wrong', async () => {
    const packed = gzipSync(TEXT);
    packed.writeUInt32LE(1, packed.length - 8);
    expect(await openBytes(packed)).toEqual({
      texts: [['in', TEXT]],
      said: ['in: reading broke off: the gzip data is damaged: its checksum does not fit'],
    });
  });

  it('may be padded with NUL, but other data behind it is not passed over in silence', async () => {
    expect(await openBytes(Buffer.concat([gzipSync(TEXT), Buffer.alloc(1000)]))).toEqual(whole(TEXT));
    expect(await openBytes(Buffer.concat([gzipSync(TEXT), Buffer.from('plain text\n')]))).toEqual({
      texts: [['in', TEXT]],
      said: ['in: reading broke off: data that is not gzip follows the gzip data'],
    });
  });

  it('never throws, however it is damaged', async () => {
    const packed = gzipSync(TEXT.slice(0, 300));
    const changes = fc.array(fc.tuple(fc.nat(packed.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const damaged = Buffer.from(packed);
        for (const [at, byte] of list) damaged[at] = byte;
        const { said } = await openBytes(damaged);
        expect(said.length).toBeLessThan(3);
      }),
      { numRuns: 200 },
    );
  });
});
