import { isSame } from '../bytes.ts';
import type { CompiledProducts } from '../compiled-products.ts';
import type { TableHead } from '../forms/form.ts';
import { createSink } from '../map/attribute-sink.ts';
import { NO_RESOURCE } from '../map/foreign.ts';
import type { FieldValue, LogRecord, RawRecord, Resource } from '../records.ts';
import { ForeignLane, type ForeignRules } from './foreign-lane.ts';
import { KnownLines } from './known-lines.ts';
import type { Lesson, LineLane } from './line-lane.ts';
import { LineLanes, type UnitTaker } from './line-lanes.ts';
import { LinePeeler } from './line-peeler.ts';
import type { TakenLines } from './line-store.ts';
import { PlanFinder, type PlannedProduct, type PlanTask } from './plan-finder.ts';
import { RecordBuffer } from './record-buffer.ts';
import { PlanWriter, type RecordPlan, type WrittenPlace } from './record-plan.ts';
import { RowLane } from './row-lane.ts';
import { utf8Text } from './utf8.ts';
import { WrappedPlaces } from './wrapped-places.ts';

/** Records of one resource that follow one another. */
export interface EncodedRun {
  readonly resource: Resource;
  /** For each record: tag `0x12` (field 2 of `ScopeLogs` of OTLP), length, `LogRecord`. */
  readonly records: Uint8Array;
  readonly count: number;
}

/** Encodes one record as {@link EncodedRun.records} says. The bytes are lent: they hold until the next one is encoded. */
export type EncodeRecord = (record: LogRecord) => Uint8Array;

/** A record on its way, and what the ordinary way makes of it. */
export interface DirectTask extends PlanTask {
  readonly place: WrittenPlace;
  readonly observedTimeUnixNano: bigint;
}

/** A record that was written by a plan, and where it begins. */
interface Written {
  readonly plan: RecordPlan;
  readonly start: number;
}

/** Records of one resource that are being written. */
interface Run {
  readonly resource: Resource;
  readonly start: number;
  count: number;
}

/**
 * Writes records straight as OTLP, by plans that are made once for all records that differ in nothing but free values. A record without a plan is left to
 * the ordinary way; so is whatever cannot be planned. Each plan is held against the ordinary way once, before it is used.
 */
export class DirectEncoder implements UnitTaker {
  readonly #encode: EncodeRecord;
  readonly #finder: PlanFinder<DirectTask, Written>;
  readonly #buffer = new RecordBuffer(65_536);
  readonly #writer = new PlanWriter(this.#buffer, createSink());
  readonly #lanes: LineLanes;
  readonly #known = new KnownLines();
  readonly #rows: RowLane | undefined;
  readonly #foreign: ForeignLane | undefined;
  /** Whether the line that was written last from its bytes is one that no product knows. */
  tookForeign = false;
  /** Where the line stands that is offered, and when it was read. */
  #place: WrittenPlace | undefined;
  #observed = 0n;
  readonly #peeler = new LinePeeler();
  readonly #places = new WeakMap<WrittenPlace, WrappedPlaces>();
  /** The line before stood in wrappers. */
  #wasWrapped = false;
  /** The line that was taken out of its wrappers last without being written. */
  #inner: { readonly number: number; readonly text: string } | undefined;
  #runs: Run[] = [];
  /** The last of them. */
  #run: Run | undefined;

  /** @param foreign How lines are written that no product knows; undefined to leave them to the ordinary way. */
  constructor(
    products: CompiledProducts<PlannedProduct>,
    application: string | undefined,
    encode: EncodeRecord,
    foreign: ForeignRules | undefined,
  ) {
    this.#encode = encode;
    this.#finder = new PlanFinder(
      products,
      application,
      { makeBy: (...given) => this.#writeBy(...given), prove: (made, task) => this.#prove(made, task) },
      () => this.#tidy(),
    );
    this.#lanes = new LineLanes(products.products, this.#buffer, this.#writer, this.#known);
    this.#rows = RowLane.create(products.products, this.#buffer, this.#writer);
    this.#foreign = foreign && ForeignLane.of(foreign, this.#buffer, this.#writer.places);
  }

  /** Whether a line begins like one that may be written from its bytes. */
  mayBegin(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#lanes.mayBegin(bytes, start, end) || this.#wrappedLane(bytes, start, end) !== undefined;
  }

  /** The places of lines in wrappers at a place. */
  placesIn(place: WrittenPlace): WrappedPlaces {
    const known = this.#places.get(place);
    if (known) return known;
    const made = new WrappedPlaces(place);
    this.#places.set(place, made);
    return made;
  }

  /** Other bytes are read, which may stand in the same memory. */
  begin(): void {
    this.#lanes.forget();
    this.#known.begin();
  }

  /** Whether a line begins something of its own for certain, whatever stands before it. */
  begins(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#lanes.begins(bytes, start, end);
  }

  /** Whether the line that was written last from its bytes holds more than ASCII. */
  get isBeyondAscii(): boolean {
    return (this.tookForeign ? this.#foreign?.isBeyondAscii : this.#lanes.isBeyondAscii) ?? false;
  }

  /** Writes the records of the lines from `start` on as far as they are known; undefined when it is none of them. `stop`: behind a line break. */
  writeKnown(
    bytes: Uint8Array,
    start: number,
    stop: number,
    offset: number,
    number: number,
    place: WrittenPlace,
    observed: bigint,
  ): TakenLines | undefined {
    const known = this.#known;
    if (!known.isAsked || this.#wasWrapped) return undefined;
    const { places } = this.#writer;
    const taken = known.take(bytes, start, stop, offset, number, place, places, places.observedBlock(observed).bytes);
    if (!taken) return undefined;
    const at = this.#buffer.at;
    known.forEachRun((resource, from, count) => {
      this.#runFrom(at + from, resource).count += count;
    });
    this.#buffer.raw(known.written);
    this.#finder.earn(taken.records);
    this.tookForeign = false;
    return taken;
  }

  /**
   * Writes the record that begins in a line from its bytes, when it is like others before it; gives where it ends, `end` or the end of a later line up to `stop`. -1: it is to be given as
   * a record; `WAITS` as `LineTaker.take` says.
   */
  writeLine(
    bytes: Uint8Array,
    start: number,
    end: number,
    stop: number,
    offset: number,
    number: number,
    place: WrittenPlace,
    observed: bigint,
  ): number {
    this.tookForeign = false;
    if (this.#wasWrapped) {
      const done = this.#writeWrapped(bytes, start, end, offset, number, place, observed);
      if (this.#wasWrapped) return done;
    }
    this.#place = place;
    this.#observed = observed;
    const taken = this.#lanes.offer(bytes, start, end, stop, offset, number, this);
    if (taken !== -1) return taken;
    const inner = this.#writeWrapped(bytes, start, end, offset, number, place, observed);
    if (this.#wasWrapped) return inner;
    return this.#writeForeign(bytes, start, end, stop, offset, number, place, observed);
  }

  #writeForeign(
    bytes: Uint8Array,
    start: number,
    end: number,
    stop: number,
    offset: number,
    number: number,
    place: WrittenPlace,
    observed: bigint,
  ): number {
    const at = this.#buffer.at;
    const done = this.#foreign?.write(bytes, start, end, stop, offset, number, place, observed) ?? -1;
    if (done < 0) return done;
    this.tookForeign = true;
    this.#runFrom(at, NO_RESOURCE).count += 1;
    return done;
  }

  /** The same for a line in wrappers. */
  #writeWrapped(
    bytes: Uint8Array,
    start: number,
    end: number,
    offset: number,
    number: number,
    place: WrittenPlace,
    observed: bigint,
  ): number {
    const lane = this.#wrappedLane(bytes, start, end);
    this.#wasWrapped = lane !== undefined;
    if (!lane) return -1;
    const { bytes: inner, from, to, stream, nameStart, nameEnd } = this.#peeler;
    const within = this.placesIn(place).at(stream, bytes, nameStart, nameEnd);
    const at = this.#buffer.at;
    const plan = lane.write(inner, from, to, offset, number, within, observed);
    if (!plan) {
      this.#inner = { number, text: utf8Text(inner, from, to) };
      return -1;
    }
    this.#lanes.took(lane);
    this.#wrote(at, plan);
    return end;
  }

  /** Whose line stands in the wrappers of a line; undefined when it has none that are known, or when it may go on in the next one. */
  #wrappedLane(bytes: Uint8Array, start: number, end: number): LineLane | undefined {
    const peeler = this.#peeler;
    if (!peeler.peel(bytes, start, end)) return undefined;
    return this.#lanes.oneLineLane(peeler.bytes, peeler.from, peeler.to);
  }

  /** Writes what a lane says is one record; false when it is not for this way. */
  takeUnit(lane: LineLane, bytes: Uint8Array, start: number, end: number, offset: number, number: number): boolean {
    const at = this.#buffer.at;
    const plan = this.#place && lane.write(bytes, start, end, offset, number, this.#place, this.#observed);
    if (plan) this.#wrote(at, plan);
    return plan !== undefined;
  }

  /** Writes the row of a table that begins at `start`, when it is like others before it; gives the index behind it, or -1: see `RowTaker`. */
  writeRow(
    bytes: Uint8Array,
    start: number,
    stop: number,
    number: number,
    table: TableHead,
    place: WrittenPlace,
    observed: bigint,
  ): number {
    const at = this.#buffer.at;
    const plan = this.#rows?.write(bytes, start, stop, number, table, place, observed);
    if (!this.#rows || !plan) return -1;
    this.#wrote(at, plan);
    return this.#rows.end;
  }

  /** A record that cost next to nothing pays for plans. */
  #wrote(start: number, { resource }: RecordPlan): void {
    this.#runFrom(start, resource).count += 1;
    this.#finder.earn();
  }

  /** Adds a record that was made in the ordinary way. */
  add(record: LogRecord): void {
    this.#runFrom(this.#buffer.at, record.resource).count += 1;
    this.#buffer.raw(this.#encode(record));
  }

  /** Writes a record by its plan; false when it has none. */
  write(task: DirectTask): boolean {
    const written = this.#finder.make(task);
    if (written) this.#wrote(written.start, written.plan);
    const lesson = this.#isSeen(task.read.record) ? this.#finder.lessonOf(task) : undefined;
    if (lesson) this.#learn(lesson);
    return written !== undefined;
  }

  /** Whether a record is what the lanes saw of its line: what stood in wrappers may be in more of them than they took off. */
  #isSeen({ outer, original, position: { number } }: RawRecord): boolean {
    return !outer || (this.#inner?.number === number && this.#inner.text === original);
  }

  #learn(lesson: Lesson): void {
    this.#lanes.learn(lesson);
    this.#rows?.lane.learn(lesson);
  }

  #writeBy(
    plan: RecordPlan,
    values: readonly FieldValue[],
    { read, place, observedTimeUnixNano }: DirectTask,
  ): Written | undefined {
    const start = this.#buffer.at;
    const isPlain = this.#writer.write(plan, read.record, values, place, observedTimeUnixNano);
    return isPlain ? { plan, start } : undefined;
  }

  /** Whether the ordinary way writes the same; what was written is taken back when it does not. */
  #prove({ plan, start }: Written, { ordinary }: DirectTask): boolean {
    const record = ordinary();
    const made = this.#buffer.bytes.subarray(start, this.#buffer.at);
    const encoded = this.#encode(record);
    const isRight = record.resource === plan.resource && isSame(made, encoded, 0, encoded.length);
    if (!isRight) this.#buffer.at = start;
    return isRight;
  }

  #tidy(): void {
    this.#lanes.tidy();
    this.#rows?.lane.tidy();
  }

  /** What was written since the last time. It holds until the next record is written. */
  take(): EncodedRun[] {
    const bytes = this.#buffer.bytes.subarray(0, this.#buffer.at);
    const runs = this.#runs;
    const taken = runs.map(({ resource, start, count }, index) => ({
      resource,
      records: bytes.subarray(start, runs[index + 1]?.start ?? bytes.length),
      count,
    }));
    this.#runs = [];
    this.#run = undefined;
    this.#buffer.at = 0;
    return taken;
  }

  #runFrom(start: number, resource: Resource): { count: number } {
    const last = this.#run;
    if (last?.resource === resource) return last;
    const made = { resource, start, count: 0 };
    this.#runs.push(made);
    this.#run = made;
    return made;
  }
}
