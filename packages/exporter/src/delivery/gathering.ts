import { cutGroup } from '../otlp/cut-records.ts';
import type { BatchMemory } from './batch-memory.ts';
import type { Piece } from './pieces.ts';

/** How much one request may hold. */
export interface GatheringLimits {
  readonly maxBatchBytes: number;
  readonly maxBatchRecords: number;
}

/** What goes in one request, copied together: whoever pushed it may use its memory again. */
export interface Batch {
  readonly pieces: readonly Piece[];
  /** Where they lie; more than one piece of memory only for requests that are larger than one. */
  readonly memories: readonly Uint8Array<ArrayBuffer>[];
}

/** Gathers pieces until a request is full. Cuts pieces at the border of records; a record that is too long by itself goes alone. */
export class Gathering {
  readonly #limits: GatheringLimits;
  readonly #memories: BatchMemory;
  readonly #onFull: (batch: Batch) => void;
  #taken: Uint8Array<ArrayBuffer>[] = [];
  /** Bytes in use of the piece of memory that was taken last. */
  #used = 0;
  #pieces: Piece[] = [];
  #bytes = 0;
  #records = 0;

  constructor(limits: GatheringLimits, memories: BatchMemory, onFull: (batch: Batch) => void) {
    this.#limits = limits;
    this.#memories = memories;
    this.#onFull = onFull;
  }

  get isEmpty(): boolean {
    return this.#records === 0;
  }

  add(piece: Piece): void {
    const { ticket } = piece;
    let rest: Piece['group'] | undefined = piece.group;
    while (rest && rest.count > 0) {
      const [first, behind] = this.#cut(rest);
      if (first) {
        this.#pieces.push({ group: this.#copied(first), ticket });
        this.#records += first.count;
      }
      rest = behind;
      if (rest || this.#records >= this.#limits.maxBatchRecords) this.handOver();
    }
  }

  /** Hands over what there is, full or not. */
  handOver(): void {
    if (this.isEmpty) return;
    const batch = { pieces: this.#pieces, memories: this.#taken };
    this.#pieces = [];
    this.#taken = [];
    this.#bytes = 0;
    this.#records = 0;
    this.#onFull(batch);
  }

  /** Behind what is there: pieces of one resource that follow one another are one run of bytes. */
  #copied(group: Piece['group']): Piece['group'] {
    const { length } = group.records;
    let memory = this.#taken.at(-1);
    if (!memory || memory.length - this.#used < length) {
      memory = this.#memories.take(length);
      this.#taken.push(memory);
      this.#used = 0;
    }
    const start = this.#used;
    memory.set(group.records, start);
    this.#used += length;
    this.#bytes += length;
    return { ...group, records: memory.subarray(start, this.#used) };
  }

  /** What still fits, and the rest. Never gives nothing for an empty request. */
  #cut(group: Piece['group']): readonly [Piece['group'] | undefined, Piece['group'] | undefined] {
    const bytesLeft = this.#limits.maxBatchBytes - this.#bytes;
    const recordsLeft = this.#limits.maxBatchRecords - this.#records;
    if (group.records.length <= bytesLeft && group.count <= recordsLeft) return [group, undefined];
    const wasEmpty = this.isEmpty;
    return cutGroup(group, (records, bytes) => {
      const isOver = records > recordsLeft || bytes > bytesLeft;
      return isOver && !(wasEmpty && records === 1);
    });
  }
}
