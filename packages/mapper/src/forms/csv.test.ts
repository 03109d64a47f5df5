import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { csv, readRow } from './csv.ts';
import { csvRowEnd } from './csv-row.ts';
import type { Entry } from './form.ts';

const HEAD = 'a,b,c,d\n';
const encoder = new TextEncoder();
const fragment = fc.constantFrom(
  '"',
  '""',
  ',',
  ';',
  '\t',
  '\n',
  '\r\n',
  '\r',
  '\\',
  '\\"',
  'x',
  'é',
  'NULL',
  '\ufeff',
  ' ',
);
const table = fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join(''));
const pieces = fc.infiniteStream(fc.integer({ min: 1, max: 9 }));

function shown(entries: readonly Entry[]): unknown[] {
  return entries.map((entry) =>
    entry.kind === 'row' ? [[...entry.row.fields], entry.row.original, entry.row.position.number] : entry,
  );
}

/** The rows as they come when the whole text is there. */
function wholeRows(text: string): unknown[] {
  const found: unknown[] = [];
  let from = 0;
  for (let row = readRow(text, from, ',', true); row; row = readRow(text, from, ',', true)) {
    const original = text.slice(from, row.to).trimEnd();
    if (original !== '') found.push([row.cells, original]);
    from = row.to;
  }
  return found;
}

describe('csv', () => {
  it('finds the end of each row where the reader of texts finds it', () => {
    fc.assert(
      fc.property(table, fc.constantFrom(',', ';', '\t'), fc.boolean(), (text, delimiter, ended) => {
        const bytes = encoder.encode(text);
        const row = readRow(text, 0, delimiter, ended);
        const end = csvRowEnd(bytes, 0, bytes.length, delimiter.charCodeAt(0), ended);
        expect(end).toBe(row ? encoder.encode(text.slice(0, row.to)).length : -1);
      }),
      { numRuns: 400 },
    );
  });

  it('does not look behind the end of what it was given', () => {
    const bytes = encoder.encode('a,"b"\n');
    for (let to = 0; to < bytes.length; to += 1) {
      expect(csvRowEnd(bytes, 0, to, 0x2c, false)).toBe(-1);
      expect(csvRowEnd(bytes, 0, to, 0x2c, true)).toBe(to === 0 ? -1 : to);
    }
  });

  it('reads the same rows however the bytes are cut', () => {
    fc.assert(
      fc.property(table, pieces, (text, lengths) => {
        const bytes = encoder.encode(HEAD + text);
        const reader = csv.open(DEFAULT_LIMITS);
        const entries: Entry[] = [];
        for (let from = 0; from < bytes.length; ) {
          const length = lengths.next().value ?? 1;
          entries.push(...reader.push(bytes.subarray(from, from + length)));
          from += length;
        }
        entries.push(...reader.end());
        const whole = csv.open(DEFAULT_LIMITS);
        expect(shown(entries)).toEqual(shown([...whole.push(bytes), ...whole.end()]));
        expect(entries.length).toBe(wholeRows(text).length);
        expect(entries.map((entry) => entry.kind === 'row' && entry.row.original)).toEqual(
          wholeRows(text).map((row) => (row as string[])[1]),
        );
      }),
    );
  });

  it('offers rows where they stand, and gives those that nobody takes as entries with their numbers', () => {
    const reader = csv.open(DEFAULT_LIMITS);
    reader.push(encoder.encode(HEAD));
    const offered: string[] = [];
    const given: Entry[] = [];
    const take = (bytes: Uint8Array, start: number, stop: number, number: number) => {
      const text = new TextDecoder().decode(bytes.subarray(start, stop));
      if (!text.startsWith('1') || !text.includes('\n')) return -1;
      offered.push(`${number}: ${text.slice(0, text.indexOf('\n'))}`);
      return start + text.indexOf('\n') + 1;
    };
    for (const chunk of ['1,2,3,4\n1,', '5,6,7\n2,2,"\n",2', '\n1,8,9,0\n']) {
      reader.offerRows?.(encoder.encode(chunk), { take, give: (entry) => given.push(entry) });
    }
    expect(offered).toEqual(['1: 1,2,3,4', '2: 1,5,6,7', '4: 1,8,9,0']);
    expect(given.map((entry) => entry.kind === 'row' && entry.row.position.number)).toEqual([3]);
    expect(reader.next).toEqual({ number: 5 });
  });

  it('gives up a row over the limit, says it once, and goes on at the next line break', () => {
    const reader = csv.open({ ...DEFAULT_LIMITS, maxRecordBytes: 64 });
    const entries = [`${HEAD}1,2,3,4\n5,6,"`, 'x'.repeat(40), 'y'.repeat(40), 'z'.repeat(40), '",8\n9,9,9,9\n'].flatMap(
      (part) => reader.push(encoder.encode(part)),
    );
    const rows = [...entries, ...reader.end()].flatMap((entry) => (entry.kind === 'row' ? [entry.row] : []));
    expect(rows.map(({ broken, position }) => [broken === true, position.number])).toEqual([
      [false, 1],
      [true, 2],
      [false, 3],
    ]);
  });
});
