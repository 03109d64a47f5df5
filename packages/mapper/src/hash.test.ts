import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha1, sha256Hex } from './hash.ts';

describe('sha256Hex', () => {
  it('gives the published digest of "abc"', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('agrees with node:crypto on every length round a block and on any text', () => {
    for (let length = 0; length < 200; length += 1) agree('é'.repeat(length));
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), agree));
  });
});

describe('sha1', () => {
  it('agrees with node:crypto on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(Buffer.from(sha1(bytes)).toString('hex')).toBe(createHash('sha1').update(bytes).digest('hex'));
      }),
    );
  });
});

function agree(text: string): void {
  expect(sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
}
