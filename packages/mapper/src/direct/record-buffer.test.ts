import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Double } from '../records.ts';
import { attributeBytes, RecordBuffer, textHead, widthOf, widthOfInt } from './record-buffer.ts';
import { blockOf, viewOf } from './words.ts';

const WIDTHS = [
  0,
  1,
  127,
  128,
  16_383,
  16_384,
  2 ** 28 - 1,
  2 ** 28,
  2 ** 31,
  2 ** 35 - 1,
  2 ** 35,
  2 ** 52,
  Number.MAX_SAFE_INTEGER,
];

function grownBy(write: (buffer: RecordBuffer) => void): Uint8Array {
  const buffer = new RecordBuffer(1);
  write(buffer);
  return buffer.bytes.slice(0, buffer.at);
}

function readVarint(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 0x7f), 0n);
}

describe('RecordBuffer', () => {
  it.each(WIDTHS)('writes the number %d in as many bytes as it says', (value) => {
    const bytes = grownBy((buffer) => buffer.varint(value));
    expect(readVarint(bytes)).toBe(BigInt(value));
    expect(bytes).toHaveLength(widthOfInt(value));
    if (value < 2 ** 28) expect(widthOf(value)).toBe(bytes.length);
  });

  it('writes nanoseconds without losing any', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 18_446_744_072 }),
        fc.integer({ min: 0, max: 999_999_999 }),
        (seconds, nanos) => {
          const bytes = grownBy((buffer) => buffer.time(seconds, nanos));
          expect(bytes[0]).toBe(0x09);
          expect(new DataView(bytes.buffer).getBigUint64(1, true)).toBe(
            BigInt(seconds) * 1_000_000_000n + BigInt(nanos),
          );
        },
      ),
    );
  });

  it('writes blocks and parts of them of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), fc.nat(700), (bytes, from) => {
        const block = blockOf(bytes);
        const start = Math.min(from, bytes.length);
        expect(grownBy((buffer) => buffer.block(block))).toEqual(bytes);
        expect(grownBy((buffer) => buffer.part(block.words, start, bytes.length))).toEqual(bytes.slice(start));
      }),
    );
  });

  it('writes a part of other bytes as it writes the text of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const bytes = new TextEncoder().encode(`-${text}-`);
        const head = textHead('a.key');
        const part = grownBy((buffer) => {
          buffer.beginText(viewOf(head), 0, head.length, bytes.length - 2);
          buffer.copy(bytes, 1, bytes.length - 1);
        });
        expect(part).toEqual(attributeBytes('a.key', text));
      }),
    );
  });

  it('gives a record its length, whatever its width', () => {
    for (const length of [0, 1, 127, 128, 16_383, 16_384, 70_000]) {
      const bytes = grownBy((buffer) => {
        const start = buffer.beginRecord();
        buffer.raw(new Uint8Array(length).fill(7));
        buffer.endRecord(start);
      });
      const head = 1 + widthOf(length);
      expect(bytes).toHaveLength(head + length);
      expect(readVarint(bytes.subarray(1, head))).toBe(BigInt(length));
      expect(bytes.subarray(head).every((byte) => byte === 7)).toBe(true);
    }
  });
});

describe('attributeBytes', () => {
  // KeyValue { key, value } in field 6 of a LogRecord
  it.each([
    ['x', '320a0a016b12050a03787878', 'xxx'],
    ['true', '32070a016b12021001', true],
    ['7', '32070a016b12021807', 7],
    ['-1', '32100a016b120b18ffffffffffffffffff01', -1],
    ['1.5', '320e0a016b120921000000000000f83f', new Double(1.5)],
    ['a list', '32100a016b120b2a090a030a01610a020a00', ['a', '']],
  ] as const)('spells %s as OTLP does', (_name, hex, value) => {
    expect(Buffer.from(attributeBytes('k', value)).toString('hex')).toBe(hex);
  });
});
