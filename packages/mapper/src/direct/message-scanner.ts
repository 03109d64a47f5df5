import type { LineTree, NameDetails } from './line-tree.ts';
import type { ValueTable } from './value-table.ts';

/**
 * Walks the bytes of messages of one format, one message at a time. What it is not sure of it leaves to the ordinary way, by saying -1 or false. The fields come before the details, so that
 * what a layout printed can be put between them.
 */
export interface MessageScanner {
  /** Finds the fields of a message; gives a number for which of them are there, below {@link MAX_VARIANTS}, or -1. */
  prepare(bytes: Uint8Array, start: number, end: number): number;
  /** Adds the fields that were found. */
  addFields(bytes: Uint8Array, tree: LineTree, values: ValueTable): void;
  /** Walks the details and adds them; false when the message is not for this way after all. */
  addDetails(bytes: Uint8Array, end: number, tree: LineTree, values: ValueTable): boolean;
  /** How the details of such messages are named. */
  nameDetails(variant: number): NameDetails;
  /** The text of a value that is escaped. */
  text(bytes: Uint8Array, start: number, end: number): string | undefined;
}

/** As many as fields can be there or not, in records that are whole or cut. */
export const MAX_VARIANTS = 8192;

/** Whether a message is of a format, as far as its bytes tell. */
export type Fit = typeof FITS | typeof FITS_NOT | typeof UNSURE;
export const FITS = 1;
export const FITS_NOT = -1;
export const UNSURE = -2;
