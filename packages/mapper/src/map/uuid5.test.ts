import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uuid5 } from './uuid5.ts';

const NAMESPACE = '4d63009a8d0f11eeaad74c796ed8e320';

describe('uuid5', () => {
  it('gives the published identifier of a node name', () => {
    expect(uuid5('dsstsa1.example.com')).toBe('b70448e9-1494-5598-9b6e-dc90c3b1ed65');
  });

  it('has version 5 and the RFC variant, and the rest is the SHA-1 of namespace and name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const digest = createHash('sha1').update(Buffer.from(NAMESPACE, 'hex')).update(name, 'utf8').digest('hex');
        const hex = uuid5(name).replaceAll('-', '');
        expect(hex[12]).toBe('5');
        expect('89ab').toContain(hex[16]);
        expect(hex.slice(0, 12) + hex.slice(13, 16) + hex.slice(17)).toBe(
          digest.slice(0, 12) + digest.slice(13, 16) + digest.slice(17, 32),
        );
      }),
    );
  });
});
