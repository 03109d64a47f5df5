import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Position } from '../records.ts';
import { createFramer, type LineTaker, WAITS } from './frame.ts';
import { changedFrame } from './read-frame.ts';

const LF = 0x0a;

const bytes = (text: string) => new TextEncoder().encode(text);

function frames(chunks: readonly Uint8Array[], maxLineBytes = 1024) {
  const framer = createFramer(maxLineBytes);
  const found = [...chunks.flatMap((chunk) => framer.push(chunk)), ...framer.end()];
  return found.map((frame) => changedFrame(frame, {}));
}

describe('createFramer', () => {
  it('splits at LF and drops one CR before it', () => {
    expect(frames([bytes('a\r\nb\n\nc')]).map(({ text }) => text)).toEqual(['a', 'b', '', 'c']);
  });

  it('gives the byte offset and number of each physical line, padding and byte order mark included', () => {
    const found = frames([bytes('\ufeffä\r\n\0\0x\nlast')]);
    expect(found.map(({ text, position }) => [text, position.offset, position.number])).toEqual([
      ['ä', 0, 1],
      ['x', 7, 2],
      ['last', 11, 3],
    ]);
  });

  it('keeps the beginning of a line over the limit, marks it and goes on with the next', () => {
    const found = frames([bytes('x'.repeat(50)), bytes(`${'y'.repeat(50)}\nnext\n`)], 10);
    expect(found).toMatchObject([
      { text: 'x'.repeat(10), truncated: true, byteLength: 100, position: { offset: 0, number: 1 } },
      { text: 'next', byteLength: 4, position: { offset: 101, number: 2 } },
    ]);
  });

  it('reads invalid UTF-8 as replacement characters and never splits at other line separators', () => {
    expect(
      frames([new Uint8Array([0x61, 0xff, 0x62, 0x0a]), bytes('a\u2028b\u0085c\vd\n')]).map(({ text }) => text),
    ).toEqual(['a\ufffdb', 'a\u2028b\u0085c\vd']);
  });

  it('splits UTF-16 at its own line breaks, with byte offsets', () => {
    for (const encoding of ['utf-16le', 'utf-16be'] as const) {
      const data = Buffer.from('\ufeffåb\r\nਊ\u0a00\nlast', 'utf16le');
      if (encoding === 'utf-16be') data.swap16();
      const framer = createFramer(1024, encoding);
      const found = [...new Uint8Array(data)].flatMap((byte) => framer.push(Uint8Array.of(byte)));
      expect([...found, ...framer.end()].map(({ text, position }) => [text, position.offset])).toEqual([
        ['åb', 0],
        ['ਊ\u0a00', 10],
        ['last', 16],
      ]);
      expect(framer.bytes).toBe(data.length);
    }
  });

  it('keeps the bytes of a line, also when the caller uses its chunk again', () => {
    const framer = createFramer(1024);
    const chunk = bytes('Åsa\r\nb\n');
    const [first, second] = framer.push(chunk);
    chunk.fill(0x58);
    expect([first?.bytes, second?.bytes]).toEqual([bytes('Åsa'), bytes('b')]);
    expect([first?.text, second?.text]).toEqual(['Åsa', 'b']);
  });

  it('gives the same lines however the bytes are cut into chunks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat(60)), (whole, cuts) => {
        const data = whole.map((byte) => (byte % 5 === 0 ? 0x0a : byte));
        const at = [0, ...cuts.filter((cut) => cut <= data.length).sort((a, b) => a - b), data.length];
        const chunks = at.slice(1).map((end, index) => data.slice(at[index], end));
        expect(frames(chunks, 8)).toEqual(frames([data], 8));
      }),
    );
  });

  it('offers each line whole that is within the limit, however the bytes are cut into chunks, and gives the others as frames', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat(60)), (whole, cuts) => {
        const data = whole.map((byte) => (byte % 5 === 0 ? 0x0a : byte & 0x7f));
        const at = [0, ...cuts.filter((cut) => cut <= data.length).sort((a, b) => a - b), data.length];
        const framer = createFramer(8);
        const found: unknown[] = [];
        for (const [index, end] of at.slice(1).entries()) {
          const isRead = framer.offer(data.slice(at[index], end), {
            take(bytes, start, stop, _last, offset, number) {
              if (stop - start > 6) return -1;
              found.push({ text: bytes.slice(start, stop), position: { offset, number } });
              return stop;
            },
            tookUtf8: () => false,
            give: (frame) => found.push({ ...frame, given: true }),
          });
          expect(isRead).toBe(true);
        }
        const lines = frames([data], 8).filter(
          ({ position }) => position.number <= data.filter((one) => one === LF).length,
        );
        expect(found).toHaveLength(lines.length);
        for (const [index, { bytes: content = new Uint8Array(), position, truncated }] of lines.entries()) {
          const isShort = content.length <= 6 && !truncated;
          expect(found[index]).toMatchObject(
            isShort ? { text: content, position } : { bytes: content, position, given: true },
          );
        }
      }),
    );
  });

  it('offers a line again that waits for the one behind it, and gives it as a frame when none comes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.array(fc.nat(60)),
        fc.func(fc.boolean()),
        (whole, cuts, rests) => {
          const data = whole.map((byte) => (byte % 5 === 0 ? LF : byte & 0x7f));
          const at = [0, ...cuts.filter((cut) => cut <= data.length).sort((a, b) => a - b), data.length];
          const framer = createFramer(100);
          const found: { readonly bytes: Uint8Array | undefined; readonly position: Position }[] = [];
          const taker: LineTaker = {
            take(bytes, start, stop, last, offset, number) {
              if (stop >= last) return WAITS;
              found.push({ bytes: bytes.slice(start, stop), position: { offset, number } });
              return stop;
            },
            tookUtf8: () => false,
            give: ({ bytes, position }) => found.push({ bytes, position }),
          };
          for (const [index, end] of at.slice(1).entries()) {
            framer.offer(data.slice(at[index], end), taker);

            if (rests(index)) for (const one of framer.settle()) taker.give(one);
            else if (rests(index, 'pushes')) for (const one of framer.push(new Uint8Array())) taker.give(one);
          }
          for (const one of framer.end()) taker.give(one);
          expect(found).toEqual(frames([data], 100).map(({ bytes, position }) => ({ bytes, position })));
        },
      ),
    );
  });

  it('accounts for every byte of the input', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (data) => {
        const found = frames([data], 16);
        const breaks = data.filter((byte) => byte === 0x0a).length;
        expect(found.reduce((sum, { byteLength }) => sum + byteLength, 0) + breaks).toBe(data.length);
      }),
    );
  });
});
