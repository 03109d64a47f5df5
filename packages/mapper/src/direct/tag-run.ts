import { ascii, startsWith } from '../bytes.ts';
import { areSame, type Block, blockOf, wordsOf } from './words.ts';

/** Longest run that is remembered. */
const MAX_RUN = 256;

/** Tags behind each other, with blanks before each of them. How they stood last is compared first: whoever writes documents writes them all in the same way. */
export class TagRun {
  readonly #tags: readonly Uint8Array[];
  readonly #skipBlanks: (bytes: Uint8Array, at: number, stop: number) => number;
  #last: Block;

  /** @param skipBlanks Gives the index behind the blanks at a place. */
  constructor(tags: readonly string[], skipBlanks: (bytes: Uint8Array, at: number, stop: number) => number) {
    this.#tags = tags.map(ascii);
    this.#skipBlanks = skipBlanks;
    this.#last = blockOf(ascii(tags.join('')));
  }

  /** The index behind the tags at a place; -1 when others stand there, or when they end behind `stop`. */
  behind(bytes: Uint8Array, from: number, stop: number): number {
    const { words, length } = this.#last;
    const to = from + length;
    return to <= stop && areSame(wordsOf(bytes), from, to, words, 0) ? to : this.#walk(bytes, from, stop);
  }

  #walk(bytes: Uint8Array, from: number, stop: number): number {
    let at = from;
    for (const tag of this.#tags) {
      at = this.#skipBlanks(bytes, at, stop);
      if (!startsWith(tag, bytes, at, stop)) return -1;
      at += tag.length;
    }
    if (at - from <= MAX_RUN) this.#last = blockOf(bytes.slice(from, at));
    return at;
  }
}
