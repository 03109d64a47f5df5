import { describe, expect, it } from 'vitest';
import { renderProgress } from './progress.ts';

describe('renderProgress', () => {
  it('tells share, bytes, rate, records and the time that is left', () => {
    const half = { readBytes: 100e6, totalBytes: 400e6, records: 1_234_567, elapsedMillis: 10_000 };
    expect(renderProgress(half)).toBe('25 %  100 of 400 MB  10.0 MB/s  1,234,567 records  30 s left');
    expect(renderProgress({ ...half, totalBytes: 1700e6 })).toMatch(/ {2}2 min 40 s left$/);
    expect(renderProgress({ ...half, totalBytes: 100_000e6 })).toMatch(/ {2}2 h 46 min left$/);
  });

  it('tells no share where the whole is not known, or is exceeded by a file that grows', () => {
    const some = { readBytes: 2.5e6, records: 0, elapsedMillis: 500 };
    expect(renderProgress(some)).toBe('2.5 MB  5.0 MB/s  0 records');
    expect(renderProgress({ ...some, totalBytes: 2e6 })).toBe('2.5 MB  5.0 MB/s  0 records');
    expect(renderProgress({ ...some, readBytes: 0, totalBytes: 0 })).toBe(
      '100 %  0.0 of 0.0 MB  0.0 MB/s  0 records  0 s left',
    );
  });
});
