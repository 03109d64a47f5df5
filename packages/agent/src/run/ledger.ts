import type { Position } from '../sources/source.ts';

/** A stream may go on at this position: everything before it is settled. */
export interface Release {
  readonly stream: string;
  readonly position: Position;
}

/** A stretch under way. Only the ledger looks inside. */
export interface Entry {
  readonly stream: string | undefined;
  readonly number: number;
  readonly position: Position | undefined;
  settled: boolean;
  next: Entry | undefined;
}

interface Queue {
  first: Entry;
  last: Entry;
}

/**
 * Keeps account of the stretches of one source. Stretches are settled in any order; positions are released in the order of
 * their stream, and never past a stretch that is not settled. Holds what is under way and nothing else.
 *
 * A report is a barrier: positions of what was entered behind it wait until it is settled, so that what happened to a source is
 * not forgotten when the agent ends between the two.
 */
export class Ledger {
  readonly #queues = new Map<string, Queue>();
  /** Reports under way, oldest first. */
  readonly #barriers = new Set<Entry>();
  #entered = 0;
  #open = 0;

  /** How many stretches and reports are not settled. */
  get open(): number {
    return this.#open;
  }

  /** Begins a stretch. Stretches of a stream are entered in its order. */
  enter(stream: string, position?: Position): Entry {
    const entry = this.#begin(stream, position);
    const queue = this.#queues.get(stream);
    if (queue) {
      queue.last.next = entry;
      queue.last = entry;
    } else this.#queues.set(stream, { first: entry, last: entry });
    return entry;
  }

  /** Begins a report. */
  enterReport(): Entry {
    const entry = this.#begin(undefined, undefined);
    this.#barriers.add(entry);
    return entry;
  }

  /** Ends a stretch or report; a second time changes nothing. Gives the positions that may be saved now. */
  settle(entry: Entry): readonly Release[] {
    if (entry.settled) return [];
    entry.settled = true;
    this.#open -= 1;
    if (entry.stream !== undefined) return this.#release(entry.stream);
    const wasOldest = entry === this.#oldestBarrier();
    this.#barriers.delete(entry);
    return wasOldest ? [...this.#queues.keys()].flatMap((stream) => this.#release(stream)) : [];
  }

  #begin(stream: string | undefined, position: Position | undefined): Entry {
    this.#open += 1;
    this.#entered += 1;
    return { stream, number: this.#entered, position, settled: false, next: undefined };
  }

  #oldestBarrier(): Entry | undefined {
    for (const barrier of this.#barriers) return barrier;
    return undefined;
  }

  #release(stream: string): readonly Release[] {
    const queue = this.#queues.get(stream);
    if (!queue) return [];
    const limit = this.#oldestBarrier()?.number ?? Number.POSITIVE_INFINITY;
    let position: Position | undefined;
    let entry: Entry | undefined = queue.first;
    while (entry?.settled && entry.number < limit) {
      if (entry.position !== undefined) position = entry.position;
      entry = entry.next;
    }
    if (entry) queue.first = entry;
    else this.#queues.delete(stream);
    return position === undefined ? [] : [{ stream, position }];
  }
}
