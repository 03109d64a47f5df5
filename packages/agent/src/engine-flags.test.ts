import { cachedDataVersionTag } from 'node:v8';
import { expect, it } from 'vitest';
import { prepareEngine, restoreEngine } from './engine-flags.ts';

it('leaves the engine as it was, so that it takes the code that is kept', () => {
  const before = cachedDataVersionTag();
  prepareEngine();
  expect(cachedDataVersionTag()).not.toBe(before);
  restoreEngine();
  expect(cachedDataVersionTag()).toBe(before);
});
