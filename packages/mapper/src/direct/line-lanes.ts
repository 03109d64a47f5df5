import type { Product } from '@cryptrail/catalogue';
import type { KnownLines } from './known-lines.ts';
import { createLane, type Lesson, type LineLane } from './line-lane.ts';
import type { RecordBuffer } from './record-buffer.ts';
import type { PlanWriter } from './record-plan.ts';
import { SCANNERS } from './scanners.ts';

/** Takes what a lane says is one record. */
export interface UnitTaker {
  /** False: the lane cannot say what it is. */
  takeUnit(lane: LineLane, bytes: Uint8Array, start: number, end: number, offset: number, number: number): boolean;
}

/** The lanes of all formats that are walked. A line is offered first to the one that took the line before. */
export class LineLanes {
  readonly #lanes: readonly LineLane[];
  #last: LineLane | undefined;

  constructor(products: readonly Product[], buffer: RecordBuffer, writer: PlanWriter, known?: KnownLines) {
    this.#lanes = SCANNERS.flatMap(
      ({ decoders, create }) => createLane(decoders, create, products, buffer, writer, known) ?? [],
    );
  }

  /** Whether the line that was taken last holds more than ASCII. */
  get isBeyondAscii(): boolean {
    return this.#last?.isBeyondAscii ?? false;
  }

  /** Whether a line begins like one that may be taken. */
  mayBegin(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#lanes.some((lane) => lane.mayBegin(bytes, start, end));
  }

  /** Whether a line begins something of its own for certain, whatever stands before it. */
  begins(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#lanes.some((lane) => lane.begins(bytes, start, end));
  }

  /** The lane of records of one line that may take this one. */
  oneLineLane(bytes: Uint8Array, start: number, end: number): LineLane | undefined {
    for (const lane of this.#lanes) if (lane.isOneLine && lane.mayBegin(bytes, start, end)) return lane;
    return undefined;
  }

  /** Offers the record that begins in a line to each lane; gives where it ends, `end` or the end of a later line up to `stop`. -1: none took it; `WAITS` as `unitEnd` says. */
  offer(
    bytes: Uint8Array,
    start: number,
    end: number,
    stop: number,
    offset: number,
    number: number,
    taker: UnitTaker,
  ): number {
    const last = this.#last;
    const done = last ? offerTo(last, bytes, start, end, stop, offset, number, taker) : -1;
    if (done !== -1) return done;
    for (const lane of this.#lanes) {
      const found = lane === last ? -1 : offerTo(lane, bytes, start, end, stop, offset, number, taker);
      if (found === -1) continue;
      this.#last = lane;
      return found;
    }
    return -1;
  }

  /** A lane took a line that was not offered. */
  took(lane: LineLane): void {
    this.#last = lane;
  }

  learn(lesson: Lesson): void {
    this.#lanes.forEach((lane) => {
      lane.learn(lesson);
    });
  }

  /** Other bytes are read, which may stand in the same memory. */
  forget(): void {
    for (const lane of this.#lanes) lane.forget();
  }

  tidy(): void {
    for (const lane of this.#lanes) lane.tidy();
  }
}

function offerTo(
  lane: LineLane,
  bytes: Uint8Array,
  start: number,
  end: number,
  stop: number,
  offset: number,
  number: number,
  taker: UnitTaker,
): number {
  if (!lane.mayBegin(bytes, start, end)) return -1;
  const unitEnd = lane.unitEnd(bytes, start, end, stop);
  if (unitEnd < 0) return unitEnd;
  return taker.takeUnit(lane, bytes, start, unitEnd, offset, number) ? unitEnd : -1;
}
