/** Larger buffers are not kept: one giant record must not cost memory for ever. */
const MOST_KEPT_BYTES = 8 * 1024 * 1024;
const ROUND_BYTES = 256 * 1024;

/** Buffers in which requests are joined, for one after the other: none has to be allocated, or swept away, for each. */
export class KeptBuffers {
  readonly #most: number;
  readonly #kept: Uint8Array<ArrayBuffer>[] = [];

  /** @param most How many are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  /** A buffer for at least so many bytes. */
  take(length: number): Uint8Array<ArrayBuffer> {
    const at = this.#kept.findIndex((buffer) => buffer.length >= length);
    const [found] = at === -1 ? [] : this.#kept.splice(at, 1);
    return found ?? new Uint8Array(Math.ceil(length / ROUND_BYTES) * ROUND_BYTES);
  }

  /** Nobody looks at it any more. */
  giveBack(buffer: Uint8Array<ArrayBuffer>): void {
    if (this.#kept.length < this.#most && buffer.length <= MOST_KEPT_BYTES) this.#kept.push(buffer);
  }
}
