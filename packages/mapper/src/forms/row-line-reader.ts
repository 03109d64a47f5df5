import { createFramer } from '../decode/frame.ts';
import type { Entry, FormReader } from './form.ts';

/** How one form makes rows of lines. */
export interface RowLines {
  /** Rows that a line completes. */
  line(text: string): Entry[];
  /** What is left at the end of the input. */
  end(): Entry[];
  /** Rows given out so far. */
  readonly number: number;
}

/** Reads an input line by line, for forms whose rows go over several of them. */
export function createRowLineReader(maxLineBytes: number, rows: RowLines): FormReader {
  const framer = createFramer(maxLineBytes);
  return {
    get next() {
      return { number: rows.number + 1 };
    },
    push: (chunk) => framer.push(chunk).flatMap(({ text }) => rows.line(text)),
    end: () => [...framer.end().flatMap(({ text }) => rows.line(text)), ...rows.end()],
  };
}
