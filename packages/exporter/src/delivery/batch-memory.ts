/** Batches are gathered in the same few pieces of memory for as long as the delivery lives: none has to be allocated, or swept away, for each. */
export class BatchMemory {
  readonly #bytes: number;
  readonly #mostKept: number;
  readonly #free: Uint8Array<ArrayBuffer>[] = [];

  /** @param mostKept How many pieces of `bytes` each are kept for the next batches. */
  constructor(bytes: number, mostKept: number) {
    this.#bytes = bytes;
    this.#mostKept = mostKept;
  }

  /** Memory for a batch that holds at least so many bytes. */
  take(atLeast: number): Uint8Array<ArrayBuffer> {
    return (atLeast <= this.#bytes && this.#free.pop()) || new Uint8Array(Math.max(atLeast, this.#bytes));
  }

  /** Nobody looks at it any more. One that was made for a giant is let go. */
  giveBack(memory: Uint8Array<ArrayBuffer>): void {
    if (memory.length === this.#bytes && this.#free.length < this.#mostKept) this.#free.push(memory);
  }
}
