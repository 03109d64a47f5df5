import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paxRecord, tarOf } from '../../../test/archives.ts';
import { openBytes } from '../../../test/open-bytes.ts';

const A = 'a line\n'.repeat(100);
const B = 'b line\n'.repeat(100);

describe('a tar archive', () => {
  it('E33 has each file as a member with its path, whatever the chunks', async () => {
    const archive = tarOf([
      { name: 'logs/', type: '5' },
      { name: 'logs/a.log', content: A },
      { name: 'logs/empty.log' },
      { name: './b.log', content: B },
    ]);
    for (const chunkBytes of [1, 100, 512, 700, archive.length])
      expect(await openBytes(archive, { chunkBytes })).toEqual({
        texts: [
          ['in!logs/a.log', A],
          ['in!logs/empty.log', ''],
          ['in!./b.log', B],
        ],
        said: [],
      });
  });

  it('takes long names from PAX and GNU headers, and headers from before 1988', async () => {
    const long = `${'folder/'.repeat(30)}log`;
    const archive = tarOf([
      { name: 'PaxHeader', type: 'x', content: paxRecord('path', `${long}-ключ`) },
      { name: 'short', content: A },
      { name: '././@LongLink', type: 'L', content: `${long}-gnu\0` },
      { name: 'short', content: B },
    ]);
    const { texts, said } = await openBytes(archive);
    expect(texts.map(([path]) => path)).toEqual([`in!${long}-ключ`, `in!${long}-gnu`]);
    expect(said).toEqual([]);
    expect(await openBytes(tarOf([{ name: 'old.log', content: A, old: true }]))).toEqual({
      texts: [['in!old.log', A]],
      said: [],
    });
  });

  it('reads members with unsafe names in place and follows no link', async () => {
    const archive = tarOf([
      { name: '../../etc/passwd', content: A },
      { name: '/etc/cron.d/evil', content: B },
      { name: 'link', type: '2', link: '/etc/passwd' },
      { name: 'hard', type: '1', link: '/etc/passwd' },
      { name: 'device', type: '4' },
      { name: 'pipe', type: '6' },
    ]);
    expect(await openBytes(archive)).toEqual({
      texts: [
        ['in!../../etc/passwd', A],
        ['in!/etc/cron.d/evil', B],
      ],
      said: ['in!link and 3 more: left out; links, pipes and devices in an archive are not read'],
    });
  });

  it('gives every member before a cut at any byte, and says so once', async () => {
    const archive = tarOf([
      { name: 'a.log', content: A },
      { name: 'b.log', content: B },
    ]);
    // Before the signature of the first header it cannot be known for an archive; the last block of the end mark may be missing.
    for (let cut = 263; cut <= archive.length - 1024; cut += 1) {
      const { texts, said } = await openBytes(archive.subarray(0, cut));
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(/ends too early|end mark/);
      if (cut >= 512 + A.length) expect(texts[0]).toEqual(['in!a.log', A]);
      else if (cut > 512) expect(texts[0]).toEqual(['in!a.log', A.slice(0, cut - 512)]);
    }
  });

  it('finds the next good header behind a damaged one', async () => {
    const archive = tarOf([
      { name: 'a.log', content: A },
      { name: 'b.log', content: B },
      { name: 'c.log', content: A },
    ]);
    archive.write('damaged', 512 + 1024 + 100);
    expect(await openBytes(archive)).toEqual({
      texts: [
        ['in!a.log', A],
        ['in!c.log', A],
      ],
      said: ['in: reading broke off: the tar archive is damaged: some of its headers cannot be read'],
    });
  });

  it('shows the end of a path that is too long to stand on every record', async () => {
    const name = `${'x'.repeat(30_000)}/the.log`;
    const archive = tarOf([
      { name: 'h', type: 'x', content: paxRecord('path', name) },
      { name: 'short', content: A },
    ]);
    const { texts } = await openBytes(archive);
    expect(texts[0]?.[0]).toHaveLength(3 + 1024);
    expect(texts[0]?.[0]).toMatch(/^in!…x+\/the\.log$/);
  });

  it('trusts no size', async () => {
    const archive = tarOf([{ name: 'a.log', content: A, size: 0o77777777777 }]);
    const { texts, said } = await openBytes(archive);
    expect(texts[0]?.[1].startsWith(A)).toBe(true);
    expect(said).toEqual(['in!a.log: reading broke off: the tar archive ends too early']);
  });

  it('never throws, however it is damaged', async () => {
    const archive = tarOf([
      { name: 'h', type: 'x', content: paxRecord('path', 'long') + paxRecord('size', '10') },
      { name: 'a.log', content: A },
      { name: 'l', type: '2', link: 'x' },
      { name: 'b.log', content: B },
    ]);
    const changes = fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const damaged = Buffer.from(archive);
        for (const [at, byte] of list) damaged[at] = byte;
        await openBytes(damaged, { chunkBytes: 333 });
      }),
      { numRuns: 300 },
    );
  });
});
