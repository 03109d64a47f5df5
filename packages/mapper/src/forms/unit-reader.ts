import type { Entry, FormReader } from './form.ts';
import { brokenRow, CUT_ROW, TOO_LONG_ROW } from './row.ts';
import { createTextSource, type TextSource } from './text-source.ts';

/** How one form cuts rows out of text. */
export interface UnitForm {
  /** Adds the rows that are whole, and drops their text from the source. */
  take(source: TextSource, entries: Entry[]): void;
  /** Whether what is left at the end of the input is the beginning of a row. */
  isRest?(text: string): boolean;
  /** The row that is being read is given up; its number, or undefined when there is none to be counted. */
  giveUp(): number | undefined;
}

/** Rows below this many units of text are looked at again with each chunk. */
const SMALL = 65_536;

/** Reads an input row by row. An unfinished long row is looked at again only when it has doubled, so its cost stays linear; one over the limit, or cut off at the end, is given up and said. */
export function createUnitReader(maxRecordBytes: number, form: UnitForm): FormReader {
  const source = createTextSource();
  let wait = 0;
  let number = 0;

  function read(): Entry[] {
    const entries = take();
    const last = entries.at(-1);
    if (last) number = (last.kind === 'row' ? last.row : last.frame).position.number;
    return entries;
  }

  function take(): Entry[] {
    const entries: Entry[] = [];
    if (!source.ended && source.text.length < wait) return entries;
    form.take(source, entries);
    const { length } = source.text;
    wait = length < SMALL ? 0 : Math.min(length * 2, maxRecordBytes + 1);
    const cut = source.ended && form.isRest?.(source.text) === true;
    if (!cut && length <= maxRecordBytes) return entries;
    const given = form.giveUp();
    if (given !== undefined) entries.push(brokenRow(given, length, cut ? CUT_ROW : TOO_LONG_ROW));
    source.drop(length);
    wait = 0;
    return entries;
  }

  return {
    get next() {
      return { number: number + 1 };
    },
    push(chunk) {
      source.push(chunk);
      return read();
    },
    end() {
      source.end();
      return read();
    },
  };
}
