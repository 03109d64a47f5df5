const NO_PLACES = new Int32Array(1);
/** Places for hashes. */
const PLACES = 16_384;
/** After so many lines that were new it is asked whether one in {@link WORTH} came again; if not, so many lines pass unseen, and more each time. */
const MISSES = 8192;
const WORTH = 8;
const FIRST_REST = 8192;
const LONGEST_REST = 1_000_000;

/** Hashes of what has come, as far as there is room for them. */
export class SeenHashes {
  /** In pairs of which the first one is the later. */
  #seen = NO_PLACES;

  /** Whether a hash has come; from now on it has. */
  hasCome(hash: number): boolean {
    if (this.#seen === NO_PLACES) this.#seen = new Int32Array(PLACES);
    const seen = this.#seen;
    const at = (hash * 2) & (PLACES - 1);
    if (seen[at] === hash || seen[at + 1] === hash) return true;
    seen[at + 1] = seen[at] ?? 0;
    seen[at] = hash;
    return false;
  }

  clear(): void {
    this.#seen.fill(0);
  }
}

/** Tells whether lines come again so often that it is worth remembering them. */
export class Worth {
  /** Lines that came again. */
  hits = 0;
  #misses = 0;
  #rest = 0;
  #nextRest = FIRST_REST;

  /** Whether lines pass unseen for now. */
  get isResting(): boolean {
    return this.#rest > 0;
  }

  /** A line passes; true when it does so unseen. */
  passes(): boolean {
    if (this.#rest === 0) return false;
    this.#rest -= 1;
    return true;
  }

  /** A line is new; false when from now on lines pass unseen. */
  miss(): boolean {
    this.#misses += 1;
    if (this.#misses < MISSES) return true;
    const isWorth = this.hits * WORTH >= this.#misses;
    this.#misses = 0;
    this.hits = 0;
    if (isWorth) this.#nextRest = FIRST_REST;
    else {
      this.#rest = this.#nextRest;
      this.#nextRest = Math.min(LONGEST_REST, this.#nextRest * 4);
    }
    return isWorth;
  }
}
