import { cutGroup } from '../otlp/cut-records.ts';
import type { EncodedGroup, EncodedLogs } from '../otlp/encoded-logs.ts';
import type { BatchMemory } from './batch-memory.ts';
import type { Piece } from './pieces.ts';
import type { Ticket } from './ticket.ts';

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

  /** Adds what was pushed together. */
  add(groups: EncodedLogs, ticket: Ticket): void {
    let fitting: EncodedGroup[] = [];
    for (const group of groups) {
      let rest: EncodedGroup | undefined = group;
      while (rest && rest.count > 0) {
        const [first, behind] = this.#cut(rest);
        if (first) {
          fitting.push(first);
          this.#records += first.count;
          this.#bytes += first.records.length;
        }
        rest = behind;
        if (!rest && this.#records < this.#limits.maxBatchRecords) continue;
        this.#place(fitting, ticket);
        fitting = [];
        this.handOver();
      }
    }
    this.#place(fitting, ticket);
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

  /** One piece for each resource and scope: where they take turns, each record would be one of its own. */
  #place(groups: readonly EncodedGroup[], ticket: Ticket): void {
    const [first] = groups;
    if (!first) return;
    for (const alike of groups.length === 1 ? [groups] : alikeOf(groups)) this.#copy(alike, ticket);
  }

  /** Behind what is there: pieces of one resource that follow one another are one run of bytes. */
  #copy(groups: readonly EncodedGroup[], ticket: Ticket): void {
    const [head] = groups;
    if (!head) return;
    let length = 0;
    let count = 0;
    for (const group of groups) {
      length += group.records.length;
      count += group.count;
    }
    let memory = this.#taken.at(-1);
    if (!memory || memory.length - this.#used < length) {
      memory = this.#memories.take(length);
      this.#taken.push(memory);
      this.#used = 0;
    }
    const start = this.#used;
    for (const { records } of groups) {
      memory.set(records, this.#used);
      this.#used += records.length;
    }
    const records = memory.subarray(start, this.#used);
    this.#pieces.push({ group: { ...head, records, count }, ticket });
  }

  /** What still fits, and the rest. Never gives nothing for an empty request. */
  #cut(group: EncodedGroup): readonly [EncodedGroup | undefined, EncodedGroup | undefined] {
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

/** Groups of one resource and scope together, as far as these are made once: in the order of the first of each. */
function alikeOf(groups: readonly EncodedGroup[]): EncodedGroup[][] {
  const all: EncodedGroup[][] = [];
  const known = new Map<Uint8Array, EncodedGroup[]>();
  for (const group of groups) {
    const list = known.get(group.resource);
    if (list?.[0] && isAlike(list[0], group)) list.push(group);
    else {
      const made = [group];
      all.push(made);
      known.set(group.resource, made);
    }
  }
  return all;
}

function isAlike(one: EncodedGroup, other: EncodedGroup): boolean {
  return (
    one.scope === other.scope &&
    one.scopeSchemaUrl === other.scopeSchemaUrl &&
    one.resourceSchemaUrl === other.resourceSchemaUrl
  );
}
