import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or less when the signal comes. Never rejects. */
export async function pause(millis: number, signal: AbortSignal): Promise<void> {
  await sleep(millis, undefined, { signal }).catch(() => {});
}

/** Waiting times that double up to a limit, spread so that many agents do not come back at once. */
export interface BackOff {
  /** Milliseconds to wait before the next try. */
  next(): number;
  /** It went well: begin anew. */
  reset(): void;
}

/** @param random - From 0 to 1; default the runtime's. */
export function createBackOff(firstMillis: number, mostMillis: number, random: () => number = Math.random): BackOff {
  let millis = firstMillis;
  return {
    next() {
      const now = millis;
      millis = Math.min(millis * 2, mostMillis);
      return now * (0.5 + random() / 2);
    },
    reset() {
      millis = firstMillis;
    },
  };
}
