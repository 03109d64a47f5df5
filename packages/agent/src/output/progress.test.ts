import { describe, expect, it } from 'vitest';
import { createProgressLine } from './progress.ts';

describe('createProgressLine', () => {
  it('shows nothing in the first second, then a line five times a second, and takes it away', async () => {
    const shown: string[] = [];
    let clock = 0;
    const line = createProgressLine(
      { progress: (text) => shown.push(text) },
      async () => 100e6,
      () => clock,
    );
    await Promise.resolve();
    for (; clock < 2000; clock += 10) {
      line.record();
      line.read(100_000);
    }
    line.end();
    expect(shown).toHaveLength(6);
    expect(shown[0]).toBe('10 %  10.1 of 100 MB  10.1 MB/s  101 records  9 s left');
    expect(shown.at(-1)).toBe('');
  });

  it('asks nothing where nobody looks on', () => {
    const line = createProgressLine({}, () => {
      throw new Error('asked');
    });
    line.read(1);
    line.end();
  });
});
