import { describe, expect, it } from 'vitest';
import { hasShape } from './text-shape.ts';

describe('hasShape', () => {
  it.each([
    ['upper_name', 'CERT_REVOKED'],
    ['upper_name', 'CA'],
    ['upper_name', 'X509_V3'],
    ['iso_time', '2026-10-24 22:53:26+02:00'],
    ['iso_time', '2026-10-24T22:53:26.123Z'],
    ['iso_time', '2026-10-24 22:53:26'],
    ['iso_time', '2026-13-45 99:99:99+0200'],
    ['digits', '0042'],
    ['integer', '-2107852779'],
    ['distinguished_name', 'CN=a,O=b'],
  ] as const)('%s takes %s', (shape, text) => {
    expect(hasShape(text, shape)).toBe(true);
  });

  it.each([
    ['upper_name', ''],
    ['upper_name', 'cert_revoked'],
    ['upper_name', 'CERT REVOKED'],
    ['upper_name', 'A\n'],
    ['upper_name', 'A'.repeat(65)],
    ['iso_time', '22:53:26'],
    ['iso_time', '2026-10-24 22:53:26+02:00;'],
    ['digits', '-1'],
    ['digits', '1'.repeat(21)],
    ['integer', '1.5'],
    ['distinguished_name', 'CLI user'],
  ] as const)('%s refuses %j', (shape, text) => {
    expect(hasShape(text, shape)).toBe(false);
  });
});
