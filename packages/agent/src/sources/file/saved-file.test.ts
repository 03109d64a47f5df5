import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Position } from '../source.ts';
import { fromPosition, type SavedFile, toPosition } from './saved-file.ts';

const print = fc.record({ from: fc.nat(), length: fc.integer({ min: 1, max: 1024 }), hash: fc.string() });
const saved: fc.Arbitrary<SavedFile> = fc.record(
  {
    path: fc.string(),
    locator: fc.string(),
    head: print,
    anchor: print,
    resume: fc.record(
      {
        number: fc.nat(),
        offset: fc.nat(),
        encoding: fc.constantFrom('utf-8', 'utf-16le'),
        evidence: fc.constant([1]),
      },
      { requiredKeys: ['number'] },
    ),
    size: fc.nat(),
    changedMillis: fc.nat(),
    state: fc.constantFrom('open', 'rotated', 'done'),
    member: fc.nat(),
    copy: fc.constant(true),
  },
  { requiredKeys: ['path', 'locator', 'head', 'anchor', 'resume', 'size', 'changedMillis', 'state'] },
);

describe('fromPosition', () => {
  it('gives back what was saved', () => {
    fc.assert(
      fc.property(saved, (file) => {
        expect(fromPosition(JSON.parse(JSON.stringify(toPosition(file))))).toEqual(file);
      }),
    );
  });

  it('passes over what is no saved file, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(fromPosition(JSON.parse(JSON.stringify(value)))).toBeUndefined();
      }),
    );
    const whole = {
      path: 'a',
      locator: 'b',
      head: {},
      anchor: {},
      resume: {},
      size: -1,
      state: 'open',
    } satisfies Position;
    expect(fromPosition(whole)).toBeUndefined();
  });
});
