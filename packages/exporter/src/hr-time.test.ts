import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHrTime } from './hr-time.ts';

const SECOND = 1_000_000_000n;
const END = 2n ** 64n;

describe('toHrTime', () => {
  it('gives seconds and nanoseconds without loss, for any time that OTLP can carry', () => {
    const seconds = fc.bigInt({ min: 0n, max: END / SECOND }).map((whole) => whole * SECOND);
    const nearSeconds = fc.tuple(seconds, fc.bigInt({ min: -2000n, max: 2000n })).map(([whole, more]) => whole + more);
    const any = fc.bigInt({ min: 0n, max: END - 1n });
    fc.assert(
      fc.property(fc.oneof(nearSeconds, any), (nanos) => {
        fc.pre(nanos >= 0n && nanos < END);
        expect(toHrTime(nanos)).toEqual([Number(nanos / SECOND), Number(nanos % SECOND)]);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([-1n, END])('takes %s for unknown', (nanos) => {
    expect(toHrTime(nanos)).toEqual([0, 0]);
  });
});
