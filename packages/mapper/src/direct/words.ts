import { NO_BYTES } from '../bytes.ts';

/** Bytes that are copied and compared often: four at a time costs a quarter of one at a time, and less than a call of `set` up to {@link LONG_BYTES}. */
export type Words = DataView;

/** From here on a call of `set` is faster. */
const LONG_BYTES = 512;

/** Bytes that are known beforehand, with their number: a view is slow to tell its own. */
export interface Block {
  readonly words: Words;
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** The bytes that were asked for last, and those before them: what is read, and what is written. */
const last = { bytes: NO_BYTES, words: viewOf(NO_BYTES) };
const before = { ...last };

/** The words of bytes which many parts are taken of, one after the other, as of the lines of a chunk. */
export function wordsOf(bytes: Uint8Array): Words {
  if (last.bytes === bytes) return last.words;
  const words = before.bytes === bytes ? before.words : viewOf(bytes);
  before.bytes = last.bytes;
  before.words = last.words;
  last.bytes = bytes;
  last.words = words;
  return words;
}

/** The words of bytes that are kept. */
export function viewOf({ buffer, byteOffset, length }: Uint8Array): Words {
  return new DataView(buffer, byteOffset, length);
}

/** A block of bytes that are kept. */
export function blockOf(bytes: Uint8Array): Block {
  return { words: viewOf(bytes), bytes, length: bytes.length };
}

/** Copies the words from `start` to `end` to a place of others, where there must be room for them. */
export function copyWords(source: Words, start: number, end: number, target: Words, at: number): void {
  const shift = at - start;
  const tail = end - 4;
  if (end - start > LONG_BYTES) partOf(target, at, at + end - start).set(partOf(source, start, end));
  else if (tail < start)
    for (let from = start; from < end; from += 1) target.setUint8(from + shift, source.getUint8(from));
  else {
    for (let from = start; from < tail; from += 4) target.setInt32(from + shift, source.getInt32(from, true), true);
    target.setInt32(tail + shift, source.getInt32(tail, true), true);
  }
}

/** Whether the words from `start` to `end` stand at a place of others, which must be so long. */
export function areSame(words: Words, start: number, end: number, others: Words, at: number): boolean {
  const shift = at - start;
  const tail = end - 4;
  if (tail < start) {
    for (let from = start; from < end; from += 1)
      if (words.getUint8(from) !== others.getUint8(from + shift)) return false;
    return true;
  }
  for (let from = start; from < tail; from += 4)
    if (words.getInt32(from, true) !== others.getInt32(from + shift, true)) return false;
  return words.getInt32(tail, true) === others.getInt32(tail + shift, true);
}

/** What the four bytes of a word mean together, by a table of what each byte means. */
export function signsOfFour(signs: Uint8Array, word: number): number {
  const lower = (signs[word & 0xff] ?? 0) | (signs[(word >>> 8) & 0xff] ?? 0);
  return lower | (signs[(word >>> 16) & 0xff] ?? 0) | (signs[word >>> 24] ?? 0);
}

function partOf({ buffer, byteOffset }: Words, start: number, end: number): Uint8Array {
  return new Uint8Array(buffer, byteOffset + start, end - start);
}
