import type { PositionChange, PositionStore } from './position-store.ts';

const EVERY_MILLIS = 200;
const COPY_EVERY_MILLIS = 60_000;

/** What a saver tells. */
export interface SaverEvents {
  /** The positions could not be saved, e.g. because the disk is full. They are kept and tried again. */
  onTrouble(error: unknown): void;
  /** They were saved after there had been trouble. */
  onRecovery(): void;
}

/** Saves positions in batches: one write to disk serves all that was settled in 200 ms. */
export class PositionSaver {
  readonly #store: Pick<PositionStore, 'save' | 'copy'>;
  readonly #events: SaverEvents;
  readonly #pending = new Map<string, PositionChange>();
  #timer: NodeJS.Timeout | undefined;
  #inTrouble = false;
  #copiedMillis = Date.now();

  constructor(store: Pick<PositionStore, 'save' | 'copy'>, events: SaverEvents) {
    this.#store = store;
    this.#events = events;
  }

  /** Takes a change; a later one of the same stream replaces it. */
  put(change: PositionChange): void {
    this.#pending.set(JSON.stringify([change.source, change.stream]), change);
    this.#timer ??= setTimeout(() => this.flush(), EVERY_MILLIS);
  }

  /** Saves what waits. False when that was not possible. */
  flush(): boolean {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.#store.save([...this.#pending.values()]);
    } catch (error) {
      this.#timer = setTimeout(() => this.flush(), EVERY_MILLIS * 5);
      if (!this.#inTrouble) this.#events.onTrouble(error);
      this.#inTrouble = true;
      return false;
    }
    this.#pending.clear();
    if (this.#inTrouble) this.#events.onRecovery();
    this.#inTrouble = false;
    this.#copyNowAndThen();
    return true;
  }

  /** Saves for the last time. */
  end(): boolean {
    const saved = this.flush();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return saved;
  }

  #copyNowAndThen(): void {
    if (Date.now() - this.#copiedMillis < COPY_EVERY_MILLIS) return;
    this.#copiedMillis = Date.now();
    // The copy is a second line of defence: the database itself was saved.
    this.#store.copy().catch(() => undefined);
  }
}
