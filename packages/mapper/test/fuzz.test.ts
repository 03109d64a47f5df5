import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runFuzz } from './fuzz/run.ts';
import { FUZZ_FORMATS } from './fuzz/seeds.ts';

// A slice of `npm run fuzz`, whose findings go by the seed that fast-check names.
describe('mutated records', () => {
  it.each(Object.entries(FUZZ_FORMATS))(
    'F05 of %s break nothing: no crash, no hang, no record lost, no secret let out',
    (_, format) => {
      expect(format.records.length).toBeGreaterThan(0);
      fc.assert(
        fc.property(fc.integer({ min: 0 }), (seed) => {
          const { findings } = runFuzz(format, { runs: 50, seed, batchMillis: 30_000, maxFindings: 1 });
          expect(findings.map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([]);
        }),
        { numRuns: 6 },
      );
    },
  );
});
