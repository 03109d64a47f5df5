import { NO_BYTES } from '../bytes.ts';
import type { Resource } from '../records.ts';
import { hash } from './byte-cache.ts';
import { SeenHashes, Worth } from './coming-again.ts';
import { knownId, knownSteps, knownTime, type WrittenSteps } from './known-steps.ts';
import { type Forbidden, freedomOf } from './line-freedom.ts';
import { type KnownLine, LineStore, type TakenLines } from './line-store.ts';
import { headParts, type LineTemplate, partsOf, templateOf, type WrittenLine } from './line-template.ts';
import type { PlaceWriter } from './place-writer.ts';
import type { WrittenPlace } from './record-plan.ts';

/** A line that was written straight from its bytes, as whoever wrote it knows it. */
export interface LearntLine extends WrittenLine, Pick<KnownLine, 'waits' | 'isBeyondAscii'> {
  /** What its steps have written; undefined when that depends on more than the line. */
  readonly steps: () => WrittenSteps | undefined;
}

const MAX_LINE_BYTES = 4096;
const LONGEST_STEPS = 8000;
const LF = 0x0a;
const CR = 0x0d;
/** So many templates are kept when they come for the first time: a log soon begins to say again what it has said. */
const EAGER = 1024;

/**
 * Remembers lines but for their times and for values that are copied: much of what a service says it says again and again, and then nothing is to be found out about it. A line is kept
 * when one like it has come before, and at the beginning at once. Memory is bounded; where hardly any line comes again, it forgets all and rests.
 */
export class KnownLines {
  /** Made when there is something to keep; null where the runtime does not run it. */
  #store: LineStore | null | undefined;
  /** Hashes of templates, of those that are kept, and of beginnings of lines. */
  readonly #seen = new SeenHashes();
  readonly #kept = new SeenHashes();
  readonly #heads = new SeenHashes();
  /** What the store was told of. */
  readonly #forbidden = new Set<Forbidden>();
  #keeps = 0;
  readonly #worth = new Worth();

  /** Whether lines are looked for: not before there are any, nor while they do not come again. */
  get isAsked(): boolean {
    return this.#store !== undefined && !this.#worth.isResting;
  }

  /** The records that were taken last: see `EncodedRun.records`. They hold until more are taken. */
  get written(): Uint8Array {
    return this.#store?.written ?? NO_BYTES;
  }

  /** See {@link LineStore.forEachRun}. */
  forEachRun(call: (resource: Resource, start: number, count: number) => void): void {
    this.#store?.forEachRun(call);
  }

  /** Other bytes are read, which may stand in the same memory. */
  begin(): void {
    this.#store?.forgetBytes();
  }

  /** Takes the lines from `start` on as far as they are known; undefined when it is none of them. `stop`: behind a line break. */
  take(
    bytes: Uint8Array,
    start: number,
    stop: number,
    offset: number,
    number: number,
    place: WrittenPlace,
    places: PlaceWriter,
    observed: Uint8Array,
  ): TakenLines | undefined {
    const store = this.#store;
    if (!store) return undefined;
    if (store.isFull) this.#clear(store);
    const taken = store.take(bytes, start, stop, offset, number, place, places, observed);
    this.#worth.hits += taken.records;
    return taken.records > 0 ? taken : undefined;
  }

  /** Remembers a line that was not taken but written, when one like it has come before or few are kept. */
  learn(bytes: Uint8Array, from: number, to: number, written: () => LearntLine): void {
    if (this.#worth.passes()) return;
    if (this.#store === undefined) this.#store = LineStore.create() ?? null;
    const store = this.#store;
    if (!store || !this.#isWorthIt(store) || to - from > MAX_LINE_BYTES) return;
    const line = written();
    const template = templateOf(bytes, from, to, line);
    if (!template) return;
    const hasComeBefore = this.#seen.hasCome(template.hash);
    if (hasComeBefore) this.#worth.hits += 1;
    if (hasComeBefore || this.#keeps < EAGER) {
      if (!this.#kept.hasCome(template.hash)) this.#keep(store, bytes, from, to, template, line);
      // It was not taken for its time, or because the line behind it was not known to begin something.
      if (line.waits) this.#addHead(store, bytes, bytes[to] === CR ? to + 2 : to + 1, line);
    }
  }

  /** What the line at `start` begins with. */
  #addHead(store: LineStore, bytes: Uint8Array, start: number, { scanner }: WrittenLine): void {
    const end = bytes.indexOf(LF, start);
    const head = end === -1 ? undefined : scanner.headOf?.(bytes, start, bytes[end - 1] === CR ? end - 1 : end);
    if (!head) return;
    const sum = hash(bytes, start + head.timeEnd, start + head.length, head.timeEnd);
    if (!this.#heads.hasCome(sum) && !store.addHead(headParts(bytes, start, head))) this.#clear(store);
  }

  #keep(store: LineStore, bytes: Uint8Array, from: number, to: number, template: LineTemplate, line: LearntLine): void {
    this.#keeps += 1;
    const known = knownLine(bytes, from, to, template, line);
    if (!known || !this.#forbid(store, line) || store.add(known)) return;
    this.#clear(store);
    store.add(known);
  }

  /** Tells the store what no word of such lines may hold; false when it has no room for it. */
  #forbid(store: LineStore, line: WrittenLine): boolean {
    const { forbidden } = freedomOf(line);
    if (!forbidden || this.#forbidden.has(forbidden)) return true;
    this.#forbidden.add(forbidden);
    return store.forbid(forbidden.words);
  }

  #clear(store: LineStore): void {
    this.#kept.clear();
    this.#heads.clear();
    store.clear();
  }

  /** A line is new; false when lines pass unseen from now on, because they hardly come again. */
  #isWorthIt(store: LineStore): boolean {
    const isWorth = this.#worth.miss();
    if (!isWorth) this.#clear(store);
    return isWorth;
  }
}

/** How the lines of a template are written; undefined when that takes too much room, or depends on more than the line. */
function knownLine(
  bytes: Uint8Array,
  from: number,
  to: number,
  template: LineTemplate,
  line: LearntLine,
): KnownLine | undefined {
  const { plan, scanner, waits, isBeyondAscii } = line;
  const { values } = template;
  const written = line.steps();
  const time = knownTime(plan, values);
  if (!written || written.bytes.length > LONGEST_STEPS || time === null) return undefined;
  return {
    parts: partsOf(bytes, from, to, template, line),
    time,
    steps: knownSteps(values, plan, scanner, written),
    status: plan.record.status,
    eventName: plan.record.eventName,
    resource: plan.record.resource,
    traceId: knownId(plan, values, 'trace_id'),
    spanId: knownId(plan, values, 'span_id'),
    waits,
    isBeyondAscii,
  };
}
