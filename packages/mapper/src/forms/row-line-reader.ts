import { createFramer } from '../decode/frame.ts';
import type { Entry, FormReader } from './form.ts';

/** How one form makes rows of lines. */
export interface RowLines {
  /** Rows that a line completes. */
  line(text: string): Entry[];
  /** What is left at the end of the input. */
  end(): Entry[];
}

/** Reads an input line by line, for forms whose rows go over several of them. */
export function createRowLineReader(maxLineBytes: number, rows: RowLines): FormReader {
  const framer = createFramer(maxLineBytes);
  let given = 0;
  const counted = (entries: Entry[]) => {
    given += entries.length;
    return entries;
  };
  return {
    get next() {
      return { number: given + 1 };
    },
    push: (chunk) => counted(framer.push(chunk).flatMap(({ text }) => rows.line(text))),
    end: () => counted([...framer.end().flatMap(({ text }) => rows.line(text)), ...rows.end()]),
  };
}
