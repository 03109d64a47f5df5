import { exactTime } from './otlp/exact-values.ts';

const NANOS_PER_SECOND = 1_000_000_000;

/**
 * Nanoseconds since 1970 → the SDK's pair of seconds and nanoseconds, the only form of time that it takes as it is. What OTLP cannot carry is `[0, 0]`: unknown.
 * A division of `bigint`s would cost several times as much: the seconds may be one off after rounding, and the lower halves, taken from each other, tell by how much.
 */
export function toHrTime(nanos: bigint): [number, number] {
  const time = exactTime(nanos);
  const seconds = Math.floor(Number(time) / NANOS_PER_SECOND);
  const rest = (Number(BigInt.asUintN(32, time)) - Math.imul(seconds, NANOS_PER_SECOND)) | 0;
  if (rest < 0) return [seconds - 1, rest + NANOS_PER_SECOND];
  return rest < NANOS_PER_SECOND ? [seconds, rest] : [seconds + 1, rest - NANOS_PER_SECOND];
}
