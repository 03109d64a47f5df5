import { describe, expect, it } from 'vitest';
import { readCount, readSize } from './quantity.ts';

describe('readCount', () => {
  it('takes whole numbers from 1', () => {
    expect(readCount('--max', '1')).toBe(1);
    expect(readCount('--max', '10000')).toBe(10_000);
    for (const written of ['0', '-1', '1.5', '1e3', 'many', '', '9'.repeat(16)])
      expect(() => readCount('--max', written)).toThrow(/--max takes a whole number from 1/);
  });
});

describe('readSize', () => {
  it('takes bytes with and without a unit', () => {
    expect(readSize('--max-line', '65536', 2 ** 30)).toBe(65_536);
    expect(readSize('--max-line', '64KiB', 2 ** 30)).toBe(65_536);
    expect(readSize('--max-line', '16 mib', 2 ** 30)).toBe(16 * 2 ** 20);
    for (const written of ['0', '16MB', 'large', '-1', ''])
      expect(() => readSize('--max-line', written, 2 ** 30)).toThrow(/takes a size such as 64KiB/);
    expect(() => readSize('--max-line', '2GiB', 2 ** 30)).toThrow(/1024MiB is the most/);
  });
});
