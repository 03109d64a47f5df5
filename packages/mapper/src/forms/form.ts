import type { TextEncoding } from '../decode/encoding.ts';
import type { LineStart, LineTaker } from '../decode/frame.ts';
import type { Issue } from '../issue.ts';
import type { Limits } from '../limits.ts';
import type { FieldValue, Frame, Outer, Position } from '../records.ts';

/** A row of a table, read by column. */
export interface Row {
  /** Column name as written → value; `null` and the empty text are kept apart. */
  readonly fields: ReadonlyMap<string, FieldValue>;
  readonly original: string;
  readonly position: Position;
  readonly outer?: Outer;
  readonly issues: readonly Issue[];
  /** The row could not be read: it is counted and said, without fields. */
  readonly broken?: boolean;
}

/** One thing read from an input. */
export type Entry = { readonly kind: 'line'; readonly frame: Frame } | { readonly kind: 'row'; readonly row: Row };

/** How the cells of a table are told apart. */
export interface TableHead {
  readonly columns: readonly string[];
  /** One sign: `,`, `;` or a tab. */
  readonly delimiter: string;
}

/** Takes rows out of bytes, in their order. */
export interface RowTaker {
  /**
   * Takes the row of a table that begins at `start` and ends at or before `stop`; gives the index behind it, its line break included, or -1 to get it as an entry
   * instead. The bytes are the caller's: what is kept of them must be copied.
   */
  take(bytes: Uint8Array, start: number, stop: number, number: number, table: TableHead): number;
  give(entry: Entry): void;
}

/** Reads the bytes of one input in one form. Pure and bounded; nothing throws. */
export interface FormReader {
  push(chunk: Uint8Array): Entry[];
  /** In place of `push`, for forms that are rows: gives each whole row to `taker` where it stands, and those that it does not take as entries. */
  offerRows?(chunk: Uint8Array, taker: RowTaker): boolean;
  /** In place of `push`, for forms that are lines: see {@link Framer.offer}. */
  offer?(chunk: Uint8Array, taker: LineTaker): boolean;
  /** Entries that wait for what stands behind them, which has not come for a while. */
  settle?(): Entry[];
  end(): Entry[];
  /** Where the earliest entry begins that was not given out yet. An offset only from forms that can be taken up anywhere: see {@link Form.open}. */
  readonly next: Position;
  /** See {@link LineStart.encoding}; only with offsets. */
  encodingBefore?(number: number): TextEncoding | undefined;
}

/** A form in which records come: plain lines, journal entries, table rows. One file each; it knows no product. */
export interface Form {
  /** The word for `--input`. */
  readonly id: string;
  /** Whether the beginning of an input (its first lines as text, without byte order mark) is of this form; `more`: it may be, the next lines will tell. Cheap. */
  sniff(head: string): boolean | 'more';
  /** `encoding`: of the bytes that will be pushed; only forms that say `anyEncoding` get another one than UTF-8. `from`: where the first byte stands, for forms whose entries have offsets. */
  open(limits: Limits, encoding?: TextEncoding, from?: LineStart): FormReader;
  /** Reads every encoding itself, because its positions are offsets in the input's own bytes. */
  readonly anyEncoding?: true;
}
