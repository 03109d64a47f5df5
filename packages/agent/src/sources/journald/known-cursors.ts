/** An entry that was given to the reader. */
export interface KnownCursor {
  readonly number: number;
  readonly cursor: string;
}

/** Cursors that are remembered while an entry is held. */
const MOST = 4096;

/** Which cursor belongs to which entry, from the first that a position may still name. */
export class KnownCursors {
  #known: KnownCursor[] = [];
  #count = 0;

  /** How many entries were given to the reader. */
  get count(): number {
    return this.#count;
  }

  /** The next entry that is given to the reader. */
  add(cursor: string): void {
    this.#count += 1;
    this.#known.push({ number: this.#count, cursor });
    // An entry that is held for very long: fewer places to go on from do no harm but repeats after a kill.
    if (this.#known.length > MOST) this.#known = this.#known.filter((_, index) => index % 2 === 1);
  }

  /** The last entry before this number that is known; everything up to it has been given out. */
  before(number: number): KnownCursor | undefined {
    const next = this.#known.findIndex((one) => one.number >= number);
    const at = next === -1 ? this.#known.length - 1 : next - 1;
    if (at > 0) this.#known.splice(0, at);
    return at < 0 ? undefined : this.#known[0];
  }
}
