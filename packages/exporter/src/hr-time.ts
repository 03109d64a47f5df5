import { exactTime } from './otlp/exact-values.ts';

const NANOS_PER_SECOND = 1_000_000_000n;

/** Nanoseconds since 1970 → the SDK's pair of seconds and nanoseconds, the only form of time that it takes as it is. What OTLP cannot carry is `[0, 0]`: unknown. */
export function toHrTime(nanos: bigint): [number, number] {
  const time = exactTime(nanos);
  return [Number(time / NANOS_PER_SECOND), Number(time % NANOS_PER_SECOND)];
}
