import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CatalogueEvent } from './event-index.ts';
import { listEvents } from './find-entries.ts';
import { toCsv } from './to-csv.ts';
import type { EventEntry } from './types.ts';

function titled(title: string): CatalogueEvent<EventEntry> {
  const entry: EventEntry = {
    title,
    description: 'What it means.',
    group: 'doors',
    category: 'authorization',
    priority: 'low',
    severity: { source: ['info', 'warning'] },
    emitted: { status: 'yes' },
    floor: 13,
    attributes: [],
    references: [],
    source: 'manual, page 1',
  };
  return { product: 'vault', name: 'vault.doors.opened', title, entry };
}

/** Rows and cells of a text by the rules of RFC 4180, written without regard to how it was made. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (quoted && sign === '"' && text[at + 1] === '"') cell += text[++at];
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === ',' || text.startsWith('\r\n', at))) {
      rows.at(-1)?.push(cell);
      cell = '';
      if (sign !== ',') {
        rows.push([]);
        at += 1;
      }
    } else cell += sign;
  }
  return rows.slice(0, -1);
}

const titleOf = (text: string) => readCsv(text)[1]?.[4];

describe('toCsv', () => {
  it('C27 F01 writes a heading and one row for each event, all of the same width', () => {
    const [heading, ...rows] = readCsv(toCsv(listEvents()));
    expect(rows).toHaveLength(listEvents().length);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([heading?.length]));
    expect(heading?.slice(0, 5)).toEqual(['product', 'event_name', 'code', 'constant', 'title']);
  });

  it('joins lists, and leaves a cell empty where there is nothing', () => {
    const [heading = [], row = []] = readCsv(toCsv([titled('Door opened')]));
    const cells = Object.fromEntries(heading.map((name, index) => [name, row[index]]));
    expect(cells).toMatchObject({ source_severity: 'info; warning', floor: '13', code: '', important: 'false' });
  });

  it('keeps commas, quotes and line breaks', () => {
    const title = 'a "b", c\r\nd';
    expect(titleOf(toCsv([titled(title)]))).toBe(title);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('takes the sting out of the formula %j', (title) => {
    expect(titleOf(toCsv([titled(title)]))).toBe(`'${title}`);
  });

  it('gives every text back, but for the apostrophe before a formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (title) => {
        expect(titleOf(toCsv([titled(title)]))?.replace(/^'(?=[=+\-@\t\r])/, '')).toBe(
          title.replace(/^'(?=[=+\-@\t\r])/, ''),
        );
      }),
    );
  });

  it('writes only the heading for no events', () => {
    expect(readCsv(toCsv([]))).toHaveLength(1);
  });
});
