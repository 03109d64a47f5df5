import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type ZipPart, zipOf } from '../../../test/archives.ts';
import { type Opened, openBytes } from '../../../test/open-bytes.ts';

const A = 'a line\n'.repeat(100);
const B = 'b line\n'.repeat(100);
const folder = mkdtempSync(join(tmpdir(), 'cryptrail-zip-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens an archive as a file, which is read by its directory. */
async function openFile(archive: Uint8Array): Promise<Opened> {
  const path = join(folder, 'a.zip');
  writeFileSync(path, archive);
  const descriptor = openSync(path, 'r');
  try {
    return await openBytes(archive, { descriptor });
  } finally {
    closeSync(descriptor);
  }
}

const both = async (archive: Uint8Array) => [await openFile(archive), await openBytes(archive)];

describe('a zip archive', () => {
  it.each<[string, Partial<ZipPart>]>([
    ['deflated', {}],
    ['stored', { method: 0 }],
    ['deflated, its checksum behind', { behind: 'plain' }],
    ['deflated, its checksum behind and signed', { behind: 'signed' }],
    ['deflated, its checksum behind with wide lengths', { behind: 'wide' }],
  ])('E33 %s gives the same from a file and from a stream', async (_, how) => {
    const archive = zipOf([
      { name: 'logs/', method: 0 },
      { name: 'logs/a.log', content: A, ...how },
      { name: 'empty.log', ...how },
      { name: 'ключ\\b.log', content: B, ...how },
    ]);
    const expected = {
      texts: [
        ['in!logs/a.log', A],
        ['in!empty.log', ''],
        ['in!ключ/b.log', B],
      ],
      said: [],
    };
    expect(await both(archive)).toEqual([expected, expected]);
    expect(await openBytes(archive, { chunkBytes: 1 })).toEqual(expected);
  });

  it('may be packed with Zstandard; what is packed otherwise or encrypted is named, and the rest is read', async () => {
    const archive = zipOf([
      { name: 'locked.log', content: A, flags: 1 },
      { name: 'b.bz2', content: B, method: 12 },
      { name: 'z.log', content: zstdCompressSync(A), method: 0 },
      { name: 'c.log', content: B },
    ]);
    const expected = {
      texts: [
        ['in!z.log', A],
        ['in!c.log', B],
      ],
      said: [
        'in!locked.log: is encrypted; unpack it first',
        'in!b.bz2: is packed with bzip2, which is not read; unpack it first',
      ],
    };
    expect(await both(archive)).toEqual([expected, expected]);
  });

  it('has members with unsafe names in place, and no links', async () => {
    const archive = zipOf([
      { name: '../../etc/passwd', content: A },
      { name: '/etc/passwd', content: A },
      { name: 'C:\\x', content: A },
      { name: 'link', content: '/etc/passwd', mode: 0o120777 },
    ]);
    const { texts, said } = await openFile(archive);
    expect(texts.map(([path]) => path)).toEqual(['in!../../etc/passwd', 'in!/etc/passwd', 'in!C:/x']);
    expect(said).toEqual(['in!link: left out; links, pipes and devices in an archive are not read']);
  });

  it('gives every member before a cut at any byte, and says so', async () => {
    const archive = zipOf([
      { name: 'a.log', content: A },
      { name: 'b.log', content: B, behind: 'signed' },
    ]);
    const end = archive.indexOf('PK\x01\x02');
    for (let cut = 4; cut < archive.length; cut += 1) {
      for (const { texts, said } of await both(archive.subarray(0, cut))) {
        expect(said).toEqual([expect.stringMatching(/ends too early$/)]);
        if (cut >= end)
          expect(texts).toEqual([
            ['in!a.log', A],
            ['in!b.log', B],
          ]);
      }
    }
  });

  it('goes on behind a damaged member', async () => {
    const parts = [
      { name: 'a.log', content: A, sum: 1 },
      { name: 'b.log', content: B },
    ];
    const expected = {
      texts: [
        ['in!a.log', A],
        ['in!b.log', B],
      ],
      said: ['in!a.log: reading broke off: the packed data is damaged: its checksum does not fit'],
    };
    expect(await both(zipOf(parts))).toEqual([expected, expected]);
    const broken = zipOf([
      { name: 'a.log', content: A },
      { name: 'b.log', content: B },
    ]);
    broken.fill(0xff, 36, 40);
    for (const { texts, said } of await both(broken)) {
      expect(texts[1]).toEqual(['in!b.log', B]);
      expect(said).toHaveLength(1);
    }
  });

  it('cannot be read from a stream behind an entry that is stored without its length, and says so', async () => {
    const archive = zipOf([
      { name: 'a.log', content: A },
      { name: 'b.log', content: B, method: 0, behind: 'signed' },
    ]);
    const [file, stream] = await both(archive);
    expect(file?.texts).toHaveLength(2);
    expect(stream?.texts).toHaveLength(1);
    expect(stream?.said).toEqual([expect.stringMatching(/^in!b\.log: is stored without its length/)]);
  });

  it('may be empty, and may have a comment', async () => {
    const nothing = { texts: [], said: [] };
    expect(await both(zipOf([]))).toEqual([nothing, nothing]);
    const [file, stream] = await both(zipOf([{ name: 'a.log', content: A }], 'PK\x05\x06 a comment'));
    expect(file?.texts).toEqual([['in!a.log', A]]);
    expect(stream).toEqual({ texts: [['in!a.log', A]], said: [] });
  });

  it('never throws, however it is damaged', async () => {
    const archive = zipOf([
      { name: 'a.log', content: A },
      { name: 'b.log', content: B, behind: 'wide' },
      { name: 'c.log', content: 'c\n', method: 0 },
    ]);
    const changes = fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const damaged = Buffer.from(archive);
        for (const [at, byte] of list) damaged[at] = byte;
        await both(damaged);
      }),
      { numRuns: 300 },
    );
  });
});
