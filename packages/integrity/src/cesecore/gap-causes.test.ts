import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeHash } from '../../test/node-hash.ts';
import { compared, lineOf, protectedRows } from '../../test/sign-rows.ts';
import type { DeviceError, WritingDevice } from './gap-causes.ts';
import { createTableVerifier } from './table.ts';

const ROWS = protectedRows(400);
const millisOf = (number: number) => Number(ROWS[number]?.timeStamp);
/** The rows 100, 101 and 300 are not there; each row is a second after the one before. */
const LEFT = ROWS.filter((_, index) => index !== 100 && index !== 101 && index !== 300);

interface Given {
  readonly errors?: readonly DeviceError[];
  readonly log?: boolean;
  readonly device?: WritingDevice;
}

function verify({ errors = [], log = true, device }: Given) {
  const verifier = createTableVerifier(new Map(), nodeHash);
  for (const one of LEFT) verifier.add(compared(one));
  const events = LEFT.map(lineOf);
  return verifier.end(log ? [{ node: 'n', events, errors }] : [], new Map(), device);
}

const found = (given: Given) => verify(given).findings.map(({ class: kind, sequence }) => `${kind} ${sequence}`);
const messages = (given: Given) => verify(given).findings.map(({ message }) => message);
const failing = (device: DeviceError['device'], timeMillis = millisOf(100)) => ({ device, timeMillis });

describe('a gap', () => {
  it('D70 may be a failed write of the database, which is no proof of tampering', () => {
    expect(messages({ log: false })).toEqual([
      expect.stringMatching(
        /^2 runs of numbers are missing: rows may have been deleted, or .* failed write .* database/,
      ),
    ]);
    expect(messages({ errors: [failing('database')] })[0]).toMatch(
      /^#100 to #101 may be a failed write.* database at /,
    );
  });

  it('D71 may stem from an HSM that was out of reach', () => {
    expect(messages({ log: false })[0]).toContain('HSM');
    expect(messages({ errors: [failing('hsm')] })[0]).toMatch(/^#100 to #101 may be a failed write.* HSM at 2023-/);
  });

  it('D72 is explained by an error of the same time, and unexplained in a log of that time without one', () => {
    expect(found({ errors: [failing('database')] })).toEqual(['gap_explained 100', 'gap_unexplained 300']);
    expect(found({})).toEqual(['gap_unexplained 100']);
    expect(found({ log: false })).toEqual(['gap_open 100']);
  });

  it('D72 is not explained by an error more than a minute from the rows beside it', () => {
    const near = [failing('hsm', millisOf(99) - 60_000), failing('hsm', millisOf(301) + 60_000)];
    expect(found({ errors: near })).toEqual(['gap_explained 100', 'gap_explained 300']);
    const far = [failing('hsm', millisOf(99) - 60_001), failing('hsm', millisOf(301) + 60_001)];
    expect(found({ errors: far })).toEqual(['gap_unexplained 100']);
  });

  it('stays open when the log does not cover its time', () => {
    const verifier = createTableVerifier(new Map(), nodeHash);
    for (const one of LEFT) verifier.add(compared(one));
    const { findings } = verifier.end([{ node: 'n', events: LEFT.slice(200).map(lineOf) }], new Map());
    expect(findings.map(({ class: kind, sequence }) => [kind, sequence])).toEqual([
      ['gap_unexplained', 300n],
      ['gap_open', 100n],
    ]);
  });

  it('D73 that is explained stands for operations that were not carried out', () => {
    const [explained] = messages({ errors: [failing('database')] });
    expect(explained).toContain('the operation was then not carried out, and a number is missing but no row');
    expect(messages({})[0]).not.toContain('not carried out');
  });

  it('keeps the table from being called whole, explained or not: who deletes rows may choose the time', () => {
    const both = [failing('database'), failing('hsm', millisOf(300))];
    const verdict = verify({ errors: both });
    expect(verdict.findings.map(({ class: kind }) => kind)).toEqual(['gap_explained', 'gap_explained']);
    expect(verdict.ok).toBe(false);
  });

  it('D75 is suspicious behind a device that writes one row at a time, whatever the log says', () => {
    const both = [failing('database'), failing('hsm', millisOf(300))];
    expect(found({ errors: both, device: 'sequential' })).toEqual(['gap_suspicious 100']);
    expect(found({ errors: both, device: 'parallel' })).toEqual(['gap_explained 100', 'gap_explained 300']);
  });

  it('is told in a few findings, however many there are', () => {
    const verifier = createTableVerifier(new Map(), nodeHash);
    for (const one of ROWS.filter((_, index) => index % 2 === 0)) verifier.add(compared(one));
    expect(verifier.end([], new Map()).findings).toMatchObject([{ class: 'gap_open', sequence: 1n }]);
  });

  it('is explained only by an error within its window, at any time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400_000 }), (offset) => {
        const timeMillis = millisOf(0) + offset;
        const explained = found({ errors: [failing('database', timeMillis)] }).includes('gap_explained 100');
        expect(explained).toBe(timeMillis >= millisOf(99) - 60_000 && timeMillis <= millisOf(102) + 60_000);
      }),
      { numRuns: 30 },
    );
  });
});
