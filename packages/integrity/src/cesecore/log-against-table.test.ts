import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOf, row } from '../../test/sign-rows.ts';
import { type ComparedEvent, type ComparedRow, compareLogAndTable } from './log-against-table.ts';
import type { AuditRow } from './row.ts';
import type { RowVerdict } from './row-protection.ts';

const asRow = (one: AuditRow, verdict: RowVerdict = 'ok'): ComparedRow => ({
  ...lineOf(one),
  pk: one.pk,
  sequence: one.sequenceNumber,
  verdict,
});
const ROWS = Array.from({ length: 8 }, (_, index) => row(index));
const LINES = ROWS.map(lineOf);
const compare = (lines: readonly ComparedEvent[], rows: readonly ComparedRow[]) => compareLogAndTable(lines, rows);
const NOTHING = { logOnly: [], tableOnly: [], differing: [] };

describe('compareLogAndTable', () => {
  it('pairs every line with its row', () => {
    expect(
      compare(
        LINES,
        ROWS.map((one) => asRow(one)),
      ),
    ).toEqual(NOTHING);
  });

  it('F08 finds a row that was deleted', () => {
    const { logOnly, tableOnly } = compare(
      LINES,
      ROWS.filter((_, index) => index !== 4).map((one) => asRow(one)),
    );
    expect(logOnly).toEqual([LINES[4]]);
    expect(tableOnly).toEqual([]);
  });

  it('F08 finds a row that no line tells of', () => {
    const forged = asRow({ ...row(4), pk: 'forged', searchDetail1: 'other' });
    const { logOnly, tableOnly } = compare(LINES, [...ROWS.map((one) => asRow(one)), forged]);
    expect(tableOnly.map(({ pk }) => pk)).toEqual(['forged']);
    expect(logOnly).toEqual([]);
  });

  it('F08 pairs an altered row with its line and says so', () => {
    const altered = asRow({ ...row(4), eventStatus: 'FAILURE' }, 'bad');
    const found = compare(
      LINES,
      ROWS.map((one, index) => (index === 4 ? altered : asRow(one))),
    );
    expect(found).toMatchObject({ logOnly: [], tableOnly: [] });
    expect(found.differing.map(({ row: { pk } }) => pk)).toEqual(['pk-n-4']);
  });

  it('leaves out rows from before and behind the time that the log covers', () => {
    const found = compare(
      LINES.slice(2, 5),
      ROWS.map((one) => asRow(one)),
    );
    expect(found.logOnly).toEqual([]);
    // The neighbours are within the tolerance of the clocks and are looked for.
    expect(found.tableOnly.map(({ sequence }) => sequence)).toEqual([1n, 5n]);
    expect(
      compare(
        [],
        ROWS.map((one) => asRow(one)),
      ),
    ).toEqual(NOTHING);
  });

  it('allows the whole seconds that a log prints', () => {
    const rounded = LINES.map((line) => ({ ...line, timeMillis: Math.floor(line.timeMillis / 1000) * 1000 }));
    const shifted = ROWS.map((one) => asRow({ ...one, timeStamp: one.timeStamp + 700n }));
    expect(compare(rounded, shifted)).toEqual(NOTHING);
  });

  it('finds exactly the rows that were taken out', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 5 }), (gone) => {
        const left = ROWS.filter(({ sequenceNumber }) => !gone.includes(Number(sequenceNumber)));
        const { logOnly, tableOnly } = compare(
          LINES,
          left.map((one) => asRow(one)),
        );
        expect(tableOnly).toEqual([]);
        expect(logOnly.map(({ ids }) => ids[1])).toEqual([...gone].sort((a, b) => a - b).map((one) => `serial${one}`));
      }),
    );
  });
});
