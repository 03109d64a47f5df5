import { monotonicMillis } from './monotonic-millis.ts';

const FIRST_PAUSE_MILLIS = 250;
const LEAST_PAUSE_MILLIS = 50;
const LONGEST_PAUSE_MILLIS = 15_000;

/** A backend that asks for more, by mistake or malice, is asked again after this time. */
const LONGEST_RETRY_AFTER_MILLIS = 5 * 60_000;

/**
 * When to ask again. Pauses double, with jitter so that many senders do not ask at once; what the backend asks for holds for all requests; and as
 * soon as one request gets through, all others are tried at once.
 */
export class Patience {
  readonly #signal: AbortSignal;
  readonly #background: boolean;
  #notBefore = 0;
  readonly #waiting = new Set<() => void>();

  /** @param background Pauses do not keep the process from ending. */
  constructor(signal: AbortSignal, background: boolean) {
    this.#signal = signal;
    this.#background = background;
    signal.addEventListener('abort', () => this.#wakeAll(), { once: true });
  }

  /** How long a request that failed `attempts` times is to wait. */
  pauseAfter(attempts: number, retryAfterMillis: number | undefined): number {
    if (retryAfterMillis !== undefined) {
      // `Retry-After: 0` again and again, or a date that is over, must not become a flood.
      const least = Math.min(LEAST_PAUSE_MILLIS * attempts, LONGEST_PAUSE_MILLIS);
      return Math.min(Math.max(retryAfterMillis, least), LONGEST_RETRY_AFTER_MILLIS);
    }
    const longest = Math.min(FIRST_PAUSE_MILLIS * 2 ** Math.min(attempts - 1, 16), LONGEST_PAUSE_MILLIS);
    return longest * (0.5 + Math.random() / 2);
  }

  /** The backend asks everybody to wait. */
  holdAll(millis: number): void {
    this.#notBefore = Math.max(this.#notBefore, monotonicMillis() + millis);
  }

  /** Waits; ends early when another request gets through, unless the backend has asked for the time. */
  async wait(millis: number): Promise<void> {
    if (millis > 0) await this.#sleep(millis);
    await this.turn();
  }

  /** Waits while the backend has asked for it. */
  async turn(): Promise<void> {
    for (let left = this.#left(); left > 0 && !this.#signal.aborted; left = this.#left()) await this.#sleep(left);
  }

  /** A request got through. */
  encourage(): void {
    if (this.#waiting.size > 0 && this.#left() <= 0) this.#wakeAll();
  }

  #left(): number {
    return this.#notBefore - monotonicMillis();
  }

  #sleep(millis: number): Promise<void> {
    if (this.#signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, Math.ceil(millis));
      if (this.#background) timer.unref();
      this.#waiting.add(done);
    });
  }

  #wakeAll(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
