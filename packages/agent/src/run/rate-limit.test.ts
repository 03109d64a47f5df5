import { expect, it } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

it('lets through so many records a second, with a second of unused time at most', () => {
  let now = 0;
  const take = createRateLimit(100, () => now);
  let passed = 0;
  while (now < 10_000) {
    now += take(50);
    passed += 50;
  }
  expect(passed).toBeGreaterThanOrEqual(950);
  expect(passed).toBeLessThanOrEqual(1200);
  now += 3_600_000;
  let burst = 0;
  while (take(50) === 0) burst += 50;
  expect(burst).toBeLessThanOrEqual(200);
});
