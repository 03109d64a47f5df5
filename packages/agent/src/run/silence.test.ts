import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Silence, watchSilence } from './silence.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watch() {
  const told: Silence[] = [];
  const silence = watchSilence(
    10_000,
    () => Date.now(),
    (one) => void told.push(one),
  );
  return { silence, told };
}

describe('watchSilence', () => {
  it('F09 tells of a silent source once, and again after it was heard', () => {
    const { silence, told } = watch();
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([{ silentMillis: 10_000 }]);
    silence.heard();
    vi.advanceTimersByTime(60_000);
    expect(told).toHaveLength(2);
    silence.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('F09 tells of one node that falls silent while another goes on', () => {
    const { silence, told } = watch();
    silence.heard('ca1');
    for (let second = 0; second < 15; second += 1) {
      silence.heard('ca2');
      vi.advanceTimersByTime(1000);
    }
    expect(told).toEqual([{ node: 'ca1', silentMillis: expect.any(Number) }]);
    silence.stop();
  });

  it('does not tell of each node when the whole source is silent', () => {
    const { silence, told } = watch();
    silence.heard('ca1');
    silence.heard('ca2');
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([{ silentMillis: 10_000 }]);
    silence.stop();
  });
});
