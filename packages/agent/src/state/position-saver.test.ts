import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PositionSaver } from './position-saver.ts';
import type { PositionChange } from './position-store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function createStore() {
  const saved: (readonly PositionChange[])[] = [];
  const told: string[] = [];
  let full = false;
  const store = {
    save: (changes: readonly PositionChange[]) => {
      if (full) throw new Error('full');
      saved.push(changes);
    },
    copy: async () => {},
  };
  const events = { onTrouble: () => void told.push('trouble'), onRecovery: () => void told.push('recovery') };
  return { saver: new PositionSaver(store, events), saved, told, fill: (now: boolean) => (full = now) };
}

describe('PositionSaver', () => {
  it('saves once for all that was settled in a while, the last position of each stream', () => {
    const { saver, saved } = createStore();
    saver.put({ source: 's', stream: 'a', position: 1 });
    saver.put({ source: 's', stream: 'b', position: 1 });
    saver.put({ source: 's', stream: 'a', position: 2 });
    vi.advanceTimersByTime(200);
    expect(saved.map((changes) => changes.map(({ stream, position }) => [stream, position]))).toEqual([
      [
        ['a', 2],
        ['b', 1],
      ],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps positions while the disk is full, says so once, and saves them later', () => {
    const { saver, saved, told, fill } = createStore();
    fill(true);
    saver.put({ source: 's', stream: 'a', position: 1 });
    vi.advanceTimersByTime(5000);
    expect(told).toEqual(['trouble']);
    fill(false);
    vi.advanceTimersByTime(1000);
    expect(told).toEqual(['trouble', 'recovery']);
    expect(saved).toHaveLength(1);
  });

  it('saves what waits at the end', () => {
    const { saver, saved } = createStore();
    saver.put({ source: 's', stream: 'a', position: 1 });
    expect(saver.end()).toBe(true);
    expect(saved).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
