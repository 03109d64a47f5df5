import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tarOf, zipOf } from '../../test/archives.ts';
import { openBytes } from '../../test/open-bytes.ts';

const A = 'a line\n';

/** Packed again and again. */
function deep(times: number): Buffer {
  let packed: Buffer = Buffer.from(A);
  for (let count = 0; count < times; count += 1) packed = gzipSync(packed);
  return packed;
}

describe('openMember', () => {
  it('takes text under any name for text', async () => {
    expect(await openBytes(Buffer.from(A))).toEqual({ texts: [['in', A]], said: [] });
    expect(await openBytes(Buffer.alloc(0))).toEqual({ texts: [['in', '']], said: [] });
  });

  it('E33 opens containers in containers, each member with its own path', async () => {
    const inner = tarOf([{ name: 'host/a.log.gz', content: gzipSync(A) }]);
    const archive = tarOf([
      { name: 'one.zip', content: zipOf([{ name: 'x/two.tar.gz', content: gzipSync(inner) }]) },
      { name: 'b.log', content: A },
    ]);
    expect(await openBytes(gzipSync(archive))).toEqual({
      texts: [
        ['in!one.zip!x/two.tar.gz!host/a.log.gz', A],
        ['in!b.log', A],
      ],
      said: [],
    });
  });

  it('reads the other members when one is damaged or of a kind that is not read', async () => {
    const archive = tarOf([
      { name: 'cut.gz', content: gzipSync(A.repeat(500)).subarray(0, 30) },
      { name: 'packed.bz2', content: 'BZh91AY&SY....' },
      { name: 'cut.zip', content: zipOf([{ name: 'a.log', content: A }]).subarray(0, -10) },
      { name: 'cut.tar', content: tarOf([{ name: 'x.log', content: A.repeat(200) }]).subarray(0, 1000) },
      { name: 'b.log', content: A },
    ]);
    const { texts, said } = await openBytes(archive);
    expect(texts.at(-1)).toEqual(['in!b.log', A]);
    expect(said).toEqual([
      'in!cut.gz: reading broke off: the gzip data ends too early',
      'in!packed.bz2: is bzip2 data, which is not opened; unpack it first',
      'in!cut.zip: reading broke off: the zip archive ends too early',
      'in!cut.tar!x.log: reading broke off: the tar archive ends too early',
    ]);
  });

  it('reports a cut once, however deep it lies', async () => {
    const inner = tarOf([{ name: 'a.log', content: A.repeat(2000) }]);
    const archive = gzipSync(tarOf([{ name: 'inner.tar.gz', content: gzipSync(inner, { level: 0 }) }]), { level: 0 });
    for (let cut = 40; cut < archive.length; cut += 211) {
      const { said } = await openBytes(archive.subarray(0, cut));
      expect(said).toHaveLength(1);
    }
  });

  it('opens containers within containers only so deep', async () => {
    expect(await openBytes(deep(6))).toEqual({ texts: [['in', A]], said: [] });
    expect(await openBytes(deep(7))).toEqual({
      texts: [],
      said: ['in: is packed more than 6 deep (--max-depth), and not opened'],
    });
    expect((await openBytes(deep(7), { limits: { maxDepth: 7 } })).texts).toHaveLength(1);
  });

  it('stops at too many entries and says so once', async () => {
    const archive = tarOf(Array.from({ length: 30 }, (_, index) => ({ name: `${index}.log`, content: A })));
    const nested = zipOf([
      { name: 'one.tar', content: archive },
      { name: 'two.tar', content: archive },
    ]);
    const { texts, said } = await openBytes(nested, { limits: { maxMembers: 40 } });
    expect(texts).toHaveLength(38);
    expect(said).toEqual([
      'in!two.tar: reading broke off: it has more than 40 members (--max-members); the rest is not read',
    ]);
  });

  it('stops a bomb once what it expands to is past all measure', async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(3 * 1024 * 1024, 'A')));
    const limits = { freeExpansionBytes: 1024 * 1024 };
    const { texts, said } = await openBytes(bomb, { limits });
    expect(texts[0]?.[1].length).toBeLessThanOrEqual(1024 * 1024);
    expect(said).toEqual([
      'in: reading broke off: it expands to more than 250 times its size (--max-ratio); the rest is not read',
    ]);
    expect((await openBytes(bomb, { limits: { ...limits, maxRatio: 100_000 } })).said).toEqual([]);
    expect((await openBytes(bomb)).said).toEqual([]);
  });

  it('never throws on bytes of any kind', async () => {
    const starts = [[], [0x1f, 0x8b, 8], [0x50, 0x4b, 3, 4], [0x50, 0x4b, 5, 6], [0x28, 0xb5, 0x2f, 0xfd]];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 2000 }), async (start, rest) => {
        await openBytes(Uint8Array.from([...start, ...rest]), { chunkBytes: 100 });
      }),
      { numRuns: 300 },
    );
  });
});
