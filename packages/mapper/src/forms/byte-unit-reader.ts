import { type ByteSource, createByteSource } from './byte-source.ts';
import type { Entry, FormReader, RowTaker } from './form.ts';
import { brokenRow } from './row.ts';

/** How one form cuts rows out of bytes. */
export interface ByteUnitForm {
  /** Gives the rows that are whole, and drops their bytes from the source. */
  take(source: ByteSource, taker: RowTaker): void;
  /** The row that is being read is given up; its number, or undefined when there is none to be counted. */
  giveUp(): number | undefined;
  /** Number of the last row that was counted. */
  readonly number: number;
}

/** Rows below this many bytes are looked at again with each chunk. */
const SMALL = 65_536;

/** Reads an input row by row. An unfinished long row is looked at again only when it has doubled, so its cost stays linear; one over the limit is given up and said. */
export function createByteUnitReader(maxRecordBytes: number, form: ByteUnitForm): FormReader {
  const source = createByteSource();
  let wait = 0;

  function read(taker: RowTaker): void {
    if (!source.ended && source.end - source.start < wait) return;
    form.take(source, taker);
    const length = source.end - source.start;
    wait = length < SMALL ? 0 : Math.min(length * 2, maxRecordBytes + 1);
    if (length <= maxRecordBytes) return;
    const given = form.giveUp();
    if (given !== undefined) taker.give(brokenRow(given, length, TOO_LONG));
    source.drop(source.end);
    wait = 0;
  }

  function entries(): Entry[] {
    const given: Entry[] = [];
    read({ take: () => -1, give: (entry) => given.push(entry) });
    return given;
  }

  return {
    get next() {
      return { number: form.number + 1 };
    },
    push(chunk) {
      source.push(chunk);
      return entries();
    },
    offerRows(chunk, taker) {
      source.push(chunk);
      read(taker);
      return true;
    },
    end() {
      source.finish();
      return entries();
    },
  };
}

const TOO_LONG = { code: 'record_too_long', message: 'a row over the record limit' } as const;
