import { indexOfText } from '../bytes.ts';
import { isDetailKey } from '../decode/open-details.ts';
import type { LineTree, NameDetails } from './line-tree.ts';
import type { Token } from './shape.ts';
import { utf8Text } from './utf8.ts';
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
  /** See {@link LineScanner.variesBy}. */
  variesBy(token: Token): number;
  /** See {@link LineScanner.specialWords}. */
  readonly specialWords: readonly Uint8Array[];
  /** See {@link LineScanner.specialBeginning}. */
  readonly specialBeginning?: Uint8Array | undefined;
  /** How the details of such messages are named. */
  nameDetails(variant: number): NameDetails;
}

/** As many as fields can be there or not, in records that are whole or cut. */
export const MAX_VARIANTS = 8192;

/** Whether a message is of a format, as far as its bytes tell. */
export type Fit = typeof FITS | typeof FITS_NOT | typeof UNSURE;
export const FITS = 1;
export const FITS_NOT = -1;
export const UNSURE = -2;

/** A text begins with no key. */
export const NO_KEY = -1;

/** Where the key ends with which a text begins, whatever signs are in it; {@link NO_KEY}, or {@link UNSURE} where white space stands before it. */
export function keyEndOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  assign: Uint8Array,
  prefixes: readonly string[] | undefined,
): number {
  const at = indexOfText(assign, bytes, start, end);
  if (at === -1) return NO_KEY;
  const key = utf8Text(bytes, start, at);
  if (key.trimStart() !== key) return UNSURE;
  return isDetailKey(key, prefixes) ? at : NO_KEY;
}
