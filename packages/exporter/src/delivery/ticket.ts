import type { Settlement } from './types.ts';

/** Counts what becomes of records that were pushed together, and tells when all are settled. */
export class Ticket {
  readonly #onSettled: ((settlement: Settlement) => void) | undefined;
  #left: number;
  #accepted = 0;
  #deadLettered = 0;
  #reason: string | undefined;

  constructor(records: number, onSettled: ((settlement: Settlement) => void) | undefined) {
    this.#left = records;
    this.#onSettled = onSettled;
    this.#tellWhenDone();
  }

  accept(records: number): void {
    this.#accepted += records;
    this.#settle(records);
  }

  refuse(records: number, reason: string): void {
    if (records > 0) this.#reason ??= reason;
    this.#deadLettered += records;
    this.#settle(records);
  }

  #settle(records: number): void {
    if (records === 0) return;
    this.#left -= records;
    this.#tellWhenDone();
  }

  #tellWhenDone(): void {
    if (this.#left > 0 || !this.#onSettled) return;
    const counts = { accepted: this.#accepted, deadLettered: this.#deadLettered };
    this.#onSettled(this.#reason === undefined ? counts : { ...counts, reason: this.#reason });
  }
}
