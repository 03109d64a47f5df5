import { expect, it } from 'vitest';
import { renderDrain } from './drain.ts';

it('tells rate and remaining time of a backlog, and only the rate without one', () => {
  const drain = { delivered: 512_332, recordsPerSecond: 8120.4, backlogBytes: 84e6, bytesPerSecond: 7e6 };
  expect(renderDrain(drain)).toBe('512,332 records delivered  8,120/s  84.0 MB to go  12 s left');
  expect(renderDrain({ ...drain, backlogBytes: 0 })).toBe('512,332 records delivered  8,120/s');
  expect(renderDrain({ ...drain, bytesPerSecond: 0 })).toBe('512,332 records delivered  8,120/s  84.0 MB to go');
});
