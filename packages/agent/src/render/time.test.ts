import { describe, expect, it } from 'vitest';
import { renderShortTime, renderTime } from './time.ts';

describe('renderTime', () => {
  it('shows the digits that the instant has', () => {
    expect(renderTime(1_715_502_615_123_000_000n)).toBe('2024-05-12T08:30:15.123Z');
    expect(renderTime(1_715_502_615_123_456_000n)).toBe('2024-05-12T08:30:15.123456Z');
    expect(renderTime(1_715_502_615_123_456_789n)).toBe('2024-05-12T08:30:15.123456789Z');
  });

  it('shows nothing for a record without time, and the number where there is no date', () => {
    expect(renderTime(0n)).toBeUndefined();
    expect(renderTime(2n ** 64n - 1n)).toBe('2554-07-21T23:34:33.709551615Z');
    expect(renderTime(2n ** 84n)).toBe(String(2n ** 84n));
  });

  it('is short for people', () => {
    expect(renderShortTime(1_715_502_615_123_456_789n)).toBe('2024-05-12 08:30:15.123Z');
    expect(renderShortTime(0n)).toBe('');
  });
});
