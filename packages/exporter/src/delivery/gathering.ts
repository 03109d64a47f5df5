import { cutGroup } from '../otlp/cut-records.ts';
import type { Piece } from './pieces.ts';

/** How much one request may hold. */
export interface GatheringLimits {
  readonly maxBatchBytes: number;
  readonly maxBatchRecords: number;
}

/** Gathers pieces until a request is full. Cuts pieces at the border of records; a record that is too long by itself goes alone. */
export class Gathering {
  readonly #limits: GatheringLimits;
  readonly #onFull: (batch: readonly Piece[]) => void;
  #pieces: Piece[] = [];
  #bytes = 0;
  #records = 0;

  constructor(limits: GatheringLimits, onFull: (batch: readonly Piece[]) => void) {
    this.#limits = limits;
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
        this.#pieces.push({ group: first, ticket });
        this.#bytes += first.records.length;
        this.#records += first.count;
      }
      rest = behind;
      if (rest || this.#records >= this.#limits.maxBatchRecords) this.handOver();
    }
  }

  /** Hands over what there is, full or not. */
  handOver(): void {
    if (this.isEmpty) return;
    const batch = this.#pieces;
    this.#pieces = [];
    this.#bytes = 0;
    this.#records = 0;
    this.#onFull(batch);
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
