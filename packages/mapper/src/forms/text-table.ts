import { MAX_FIELDS } from '../decode/decoded.ts';
import type { Limits } from '../limits.ts';
import { createTextBuilder, type TextBuilder } from '../text-builder.ts';
import type { Entry, Form, FormReader } from './form.ts';
import { brokenRow, type Cell, CUT_ROW, rowEntry, TOO_LONG_ROW } from './row.ts';
import { createRowLineReader } from './row-line-reader.ts';

/** Fewer columns are met in lines that are no table. */
const MIN_COLUMNS = 3;
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
/** `(2 rows)` */
const FOOTER = /^\(\d{1,12} rows?\)/;

/**
 * The table that psql draws, with or without a frame, and the one in a frame that the clients of MariaDB and MySQL draw: names, a rule of hyphens, a line a
 * row. psql puts a `+` behind a line of a value that goes on in the next one, the others break the line as the value does. An empty cell is taken as NULL, which psql prints the same way.
 */
export const textTable: Form = {
  id: 'text-table',
  sniff(head) {
    // The last of them may not have ended.
    const lines = head.slice(0, head.lastIndexOf('\n') + 1).split('\n', 4);
    const [first = '', second, third] = lines.slice(0, -1).map((line) => line.trimEnd());
    const [names, rule] = isFrame(first) ? [second, third] : [first, second];
    if (names === undefined) return 'more';
    if (!looksLikeNames(names)) return false;
    return rule === undefined ? 'more' : isRule(rule);
  },
  open: createReader,
};

/** `+-----+-----+` */
function isFrame(line: string): boolean {
  return line.startsWith('+-') && isRule(line);
}

/** `-----+-----`, framed or not. */
function isRule(line: string): boolean {
  return /^[-+]{3,}$/.test(line) && line.includes('-+-');
}

function looksLikeNames(line: string): boolean {
  const names = namesOf(line);
  return names.length >= MIN_COLUMNS && names.every((name) => NAME.test(name));
}

function namesOf(line: string): string[] {
  return unframed(line)
    .split('|', MAX_FIELDS + 1)
    .map((name) => name.trim());
}

/** A line of a framed table without the bars at its ends. */
function unframed(line: string): string {
  const text = line.trimEnd();
  return text.startsWith('|') && text.endsWith('|') ? text.slice(1, -1) : line;
}

const UNKNOWN_COLUMNS = {
  code: 'unknown_field_order',
  message: 'the columns of this row cannot be told apart',
} as const;

interface OpenRow {
  readonly cells: readonly TextBuilder[];
  length: number;
  /** Columns whose value goes on in the next line. */
  more: readonly boolean[];
}

function createReader({ maxLineBytes, maxRecordBytes }: Limits): FormReader {
  let names: readonly string[] = [];
  /** Where the bars stand, once the rule was met. */
  let bars: readonly number[] | undefined;
  let row: OpenRow | undefined;
  /** Length of the lines of a frame; 0 without one. */
  let width = 0;
  /** What was read of a row whose text has line breaks, which count as signs where a frame is drawn. */
  let held: string | undefined;
  let number = 0;

  function finish(): Entry[] {
    const done = row;
    row = undefined;
    if (!done) return [];
    number += 1;
    if (done.length > maxRecordBytes) return [brokenRow(number, done.length, TOO_LONG_ROW)];
    const cells = done.cells.map((cell) => cellOf(cell.text()));
    return [rowEntry(names, cells, number, names.map((name, at) => `${name} | ${cells[at] ?? ''}`).join('\n'))];
  }

  function line(text: string): Entry[] {
    if (held === undefined && isRule(text.trimEnd())) {
      if (isFrame(text)) width = text.trimEnd().length;
      if (names.length > 0) bars ??= barsOf(unframedRule(text.trimEnd()));
      return finish();
    }
    if (!bars) {
      names = namesOf(text);
      return [];
    }
    if (held === undefined && isOutside(text, width)) return finish();
    const whole = held === undefined ? text : `${held}\n${text}`;
    const mayEnd = width === 0 || (text.trimEnd().endsWith('|') && (held === undefined || whole.length >= width));
    const parts = mayEnd ? cut(unframed(whole), bars) : undefined;
    held = width > whole.length && (held !== undefined || !parts) ? whole : undefined;
    return held === undefined ? take(parts, whole.length) : [];
  }

  function take(parts: readonly string[] | undefined, length: number): Entry[] {
    if (row?.more.some(Boolean)) {
      add(row, parts, maxRecordBytes);
      return [];
    }
    const done = finish();
    row = { cells: names.map(() => createTextBuilder()), length: 0, more: names.map(() => true) };
    if (parts) add(row, parts, maxRecordBytes, true);
    else {
      // Neither the places nor the number of the bars tell where the columns are.
      row = undefined;
      number += 1;
      done.push(brokenRow(number, length, UNKNOWN_COLUMNS));
    }
    return done;
  }

  function end(): Entry[] {
    if (held === undefined) return finish();
    number += 1;
    return [brokenRow(number, held.length, CUT_ROW)];
  }

  return createRowLineReader(maxLineBytes, { line, end });
}

/** Blank lines, counts and remarks behind a table. */
function isOutside(text: string, width: number): boolean {
  return width > 0 ? !text.startsWith('|') : text.trim() === '' || FOOTER.test(text);
}

function unframedRule(rule: string): string {
  return rule.startsWith('+') ? rule.slice(1, -1) : rule;
}

/** Where the rule has its crossings, the lines have their bars. */
function barsOf(rule: string): number[] {
  const bars: number[] = [];
  for (let at = rule.indexOf('+'); at !== -1; at = rule.indexOf('+', at + 1)) bars.push(at);
  return bars;
}

/** The cells of a line: by the places of the bars, or where wide signs move those, by the bars, when there are as many as must be. */
function cut(line: string, bars: readonly number[]): string[] | undefined {
  if (bars.every((at) => line[at] === '|')) {
    const ends = [...bars, line.length];
    return ends.map((end, index) => line.slice(index === 0 ? 0 : (ends[index - 1] ?? 0) + 1, end));
  }
  const parts = line.split('|', bars.length + 2);
  return parts.length === bars.length + 1 ? parts : undefined;
}

/** Adds a line to the cells that go on. */
function add(row: OpenRow, parts: readonly string[] | undefined, maxRecordBytes: number, first = false): void {
  const more = row.more;
  row.more = more.map((goesOn, index) => goesOn && parts?.[index]?.endsWith('+') === true);
  for (const [index, cell] of row.cells.entries()) {
    if (!more[index]) continue;
    const part = parts?.[index] ?? '';
    row.length += part.length;
    if (row.length > maxRecordBytes) continue;
    const text = (row.more[index] ? part.slice(0, -1) : part).trimEnd();
    // One blank stands before every value; numbers are flush right.
    const value = /^ +-?\d+$/.test(text) ? text.trimStart() : text.replace(/^ /, '');
    cell.add(first ? value : `\n${value}`);
  }
}

function cellOf(value: string): Cell {
  return value === '' || value === 'NULL' ? null : value;
}
