import type { FormatRule } from '@cryptrail/catalogue';
import type { CompiledProducts } from '../compiled-products.ts';
import type { ReadLine } from '../decode/line-formats.ts';
import { flat } from '../flat.ts';
import type { TableHead } from '../forms/form.ts';
import { createSink } from '../map/attribute-sink.ts';
import { NO_RESOURCE } from '../map/foreign.ts';
import type { Mapping } from '../map/to-log-record.ts';
import { lookUp } from '../recognise/conditions.ts';
import type { Recogniser } from '../recognise/recognise.ts';
import type { FieldValue, LogRecord, RawRecord, Recognition, Resource } from '../records.ts';
import { isSame } from './bytes.ts';
import { type FindControl, findControls } from './controls.ts';
import { ForeignLane, type ForeignRules } from './foreign-lane.ts';
import type { ResolveMessage } from './line-class.ts';
import { createLane, type Lesson, type LineLane } from './line-lane.ts';
import { LinePeeler } from './line-peeler.ts';
import { planRecord } from './plan-record.ts';
import { RecordBuffer } from './record-buffer.ts';
import { classOf, type RecordClass } from './record-class.ts';
import { PlanWriter, type RecordPlan, type WrittenPlace } from './record-plan.ts';
import { RowLane } from './row-lane.ts';
import { SCANNERS } from './scanners.ts';
import { createShapeFinder, type Shape, type ShapeFinder, type Token } from './shape.ts';
import { utf8Text } from './utf8.ts';
import { WrappedPlaces } from './wrapped-places.ts';

/** Records of one resource that follow one another. */
export interface EncodedRun {
  readonly resource: Resource;
  /** For each record: tag `0x12` (field 2 of `ScopeLogs` of OTLP), length, `LogRecord`. */
  readonly records: Uint8Array;
  readonly count: number;
}

/** Encodes one record as {@link EncodedRun.records} says. */
export type EncodeRecord = (record: LogRecord) => Uint8Array;

/** The steps behind decoding for one product. */
export interface DirectProduct extends Recogniser {
  readonly mapping: Mapping;
}

/** A record on its way, and what the ordinary way makes of it. */
export interface DirectTask {
  readonly read: Extract<ReadLine, { kind: 'record' }>;
  readonly place: WrittenPlace;
  readonly observedTimeUnixNano: bigint;
  /** Makes the record in the ordinary way, without anybody being told. */
  readonly ordinary: () => LogRecord;
}

/** Planning costs as much as some dozen records; each record that a plan saved pays for part of the next one. */
const PLAN_PRICE = 24;
const FIRST_CREDIT = 24_000;
const MAX_CREDIT = 24_000;
/** A class whose records are never plain is given up. */
const MAX_FAILURES = 8;
/** Texts of messages whose event is remembered, for each class, and the longest of them. */
const MAX_MESSAGES = 512;
const MAX_MESSAGE_LENGTH = 1024;

/** Records of one resource that are being written. */
interface Run {
  readonly resource: Resource;
  readonly start: number;
  count: number;
}

/** The shapes of one format. */
interface FormatShapes {
  readonly findControl: FindControl;
  readonly finder: ShapeFinder;
}

/** An event that a message made, in one of its classes. */
interface ByMessage {
  readonly plan: RecordPlan | null;
  /** What the template of the event captured. */
  readonly captured: readonly FieldValue[];
}

/**
 * Writes records straight as OTLP, by plans that are made once for all records that differ in nothing but free values. A record without a plan is left to
 * the ordinary way; so is whatever cannot be planned. Each plan is held against the ordinary way once, before it is used.
 */
export class DirectEncoder {
  readonly #products: CompiledProducts<DirectProduct>;
  readonly #application: string | undefined;
  readonly #encode: EncodeRecord;
  readonly #formats = new Map<FormatRule, FormatShapes>();
  readonly #messages = new WeakMap<RecordClass, Map<string, ByMessage>>();
  readonly #resolvers = new WeakMap<RecordClass, ResolveMessage>();
  readonly #buffer = new RecordBuffer(65_536);
  readonly #writer = new PlanWriter(this.#buffer, createSink());
  readonly #lanes: readonly LineLane[];
  readonly #rows: RowLane | undefined;
  readonly #foreign: ForeignLane | undefined;
  /** Whether the line that was written last from its bytes is one that no product knows. */
  tookForeign = false;
  /** The lane that took the line before. */
  #lane: LineLane | undefined;
  readonly #peeler = new LinePeeler();
  readonly #places = new WeakMap<WrittenPlace, WrappedPlaces>();
  /** The line before stood in wrappers. */
  #wasWrapped = false;
  /** The line that was taken out of its wrappers last without being written. */
  #inner: { readonly number: number; readonly text: string } | undefined;
  #lesson: Lesson | undefined;
  #runs: Run[] = [];
  /** The last of them. */
  #run: Run | undefined;
  #values: FieldValue[] = [];
  #credit = FIRST_CREDIT;

  /** @param foreign How lines are written that no product knows; undefined to leave them to the ordinary way. */
  constructor(
    products: CompiledProducts<DirectProduct>,
    application: string | undefined,
    encode: EncodeRecord,
    foreign: ForeignRules | undefined,
  ) {
    this.#products = products;
    this.#application = application;
    this.#encode = encode;
    this.#lanes = SCANNERS.flatMap(
      ({ decoder, also = [], create }) =>
        createLane([decoder, ...also], create, products.products, this.#buffer, this.#writer) ?? [],
    );
    this.#rows = RowLane.create(products.products, this.#buffer, this.#writer);
    this.#foreign = foreign && ForeignLane.of(foreign, this.#buffer);
  }

  /** Whether a line begins like one that may be written from its bytes. */
  mayBegin(bytes: Uint8Array, start: number, end: number): boolean {
    return (
      this.#lanes.some((lane) => lane.mayBegin(bytes, start, end)) || this.#wrappedLane(bytes, start, end) !== undefined
    );
  }

  /** The places of lines in wrappers at a place. */
  placesIn(place: WrittenPlace): WrappedPlaces {
    const known = this.#places.get(place);
    if (known) return known;
    const made = new WrappedPlaces(place);
    this.#places.set(place, made);
    return made;
  }

  /** Whether a line begins something of its own for certain, whatever stands before it. */
  begins(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#lanes.some((lane) => lane.begins(bytes, start, end));
  }

  /** Whether the line that was written last from its bytes holds more than ASCII. */
  get isBeyondAscii(): boolean {
    return (this.tookForeign ? this.#foreign?.isBeyondAscii : this.#lane?.isBeyondAscii) ?? false;
  }

  /**
   * Writes the record that begins in a line from its bytes, when it is like others before it; gives where it ends, `end` or the end of a later line up to `stop`. -1: it is to be given as
   * a record.
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
    const last = this.#lane;
    const done = last ? this.#writeBy(last, bytes, start, end, stop, offset, number, place, observed) : -1;
    if (done !== -1) return done;
    for (const lane of this.#lanes) {
      const found = lane === last ? -1 : this.#writeBy(lane, bytes, start, end, stop, offset, number, place, observed);
      if (found === -1) continue;
      this.#lane = lane;
      return found;
    }
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
    if (done === -1) return -1;
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
    this.#lane = lane;
    this.#wrote(at, plan);
    return end;
  }

  /** Whose line stands in the wrappers of a line; undefined when it has none that are known, or when it may go on in the next one. */
  #wrappedLane(bytes: Uint8Array, start: number, end: number): LineLane | undefined {
    const peeler = this.#peeler;
    if (!peeler.peel(bytes, start, end)) return undefined;
    for (const lane of this.#lanes)
      if (lane.isOneLine && lane.mayBegin(peeler.bytes, peeler.from, peeler.to)) return lane;
    return undefined;
  }

  #writeBy(
    lane: LineLane,
    bytes: Uint8Array,
    start: number,
    end: number,
    stop: number,
    offset: number,
    number: number,
    place: WrittenPlace,
    observed: bigint,
  ): number {
    if (!lane.mayBegin(bytes, start, end)) return -1;
    const unitEnd = lane.unitEnd(bytes, start, end, stop);
    if (unitEnd === -1) return -1;
    const at = this.#buffer.at;
    const plan = lane.write(bytes, start, unitEnd, offset, number, place, observed);
    if (!plan) return -1;
    this.#wrote(at, plan);
    return unitEnd;
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
    if (this.#credit < MAX_CREDIT) this.#credit += 1;
  }

  /** Adds a record that was made in the ordinary way. */
  add(record: LogRecord): void {
    this.#runFrom(this.#buffer.at, record.resource).count += 1;
    this.#buffer.raw(this.#encode(record));
  }

  /** Writes a record by its plan; false when it has none. */
  write(task: DirectTask): boolean {
    this.#lesson = undefined;
    const written = this.#write(task);
    if (this.#lesson && this.#isSeen(task.read.record)) this.#learn(this.#lesson);
    return written;
  }

  /** Whether a record is what the lanes saw of its line: what stood in wrappers may be in more of them than they took off. */
  #isSeen({ outer, original, position: { number } }: RawRecord): boolean {
    return !outer || (this.#inner?.number === number && this.#inner.text === original);
  }

  #learn(lesson: Lesson): void {
    for (const lane of this.#lanes) lane.learn(lesson);
    this.#rows?.lane.learn(lesson);
  }

  #write(task: DirectTask): boolean {
    const { read, place, observedTimeUnixNano } = task;
    const { record, product, format } = read;
    if (record.truncated || record.issues.length > 0) return false;
    const parts = this.#products.get(product.id);
    if (!parts) return false;
    this.#values = [];
    const { finder } = this.#shapesOf(parts, format);
    const shape = finder.find(record, this.#values);
    const found = shape && classOf(shape, this.#values);
    if (!shape || !found) {
      this.#forget(finder);
      return false;
    }
    const plan = this.#planOf(found, shape, parts, task);
    if (!plan) return false;
    const start = this.#buffer.at;
    if (!this.#writer.write(plan, record, this.#values, place, observedTimeUnixNano)) return false;
    this.#wrote(start, plan);
    return true;
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

  #shapesOf({ mapping }: DirectProduct, format: FormatRule): FormatShapes {
    const known = this.#formats.get(format);
    if (known) return known;
    const findControl = findControls(mapping.context.product, format);
    const made = { findControl, finder: createShapeFinder(findControl) };
    this.#formats.set(format, made);
    return made;
  }

  /** There is no room for more shapes: a log that goes on with others than it began with begins anew, one that has too many pays for it. */
  #forget(finder: ShapeFinder): void {
    if (this.#credit < MAX_CREDIT / 2) return;
    this.#credit -= MAX_CREDIT / 2;
    finder.clear();
    for (const lane of this.#lanes) lane.tidy();
    this.#rows?.lane.tidy();
  }

  #planOf(found: RecordClass, shape: Shape, parts: DirectProduct, task: DirectTask): RecordPlan | null | undefined {
    if (found.byMessage) return this.#planByMessage(found, shape, parts, task);
    if (found.plan !== undefined) {
      this.#lesson = { ...lessonOf(task, shape), plan: found.plan, resolve: undefined };
      return found.plan;
    }
    if (!this.#pays()) return undefined;
    const { record, format } = task.read;
    if (parts.goesByMessage(record, format)) {
      found.byMessage = new Map();
      return this.#planByMessage(found, shape, parts, task);
    }
    const recognition = parts.recognise(record, format, this.#application);
    const made = this.#plan({ recognition, tokens: shape.tokens, values: this.#values }, parts, task);
    if (made === undefined) found.failures += 1;
    if (made !== undefined) found.plan = made;
    else if (found.failures >= MAX_FAILURES) found.plan = null;
    if (found.plan !== undefined) this.#lesson = { ...lessonOf(task, shape), plan: found.plan, resolve: undefined };
    return made;
  }

  #pays(): boolean {
    if (this.#credit < PLAN_PRICE) return false;
    this.#credit -= PLAN_PRICE;
    return true;
  }

  #planByMessage(
    found: RecordClass,
    shape: Shape,
    parts: DirectProduct,
    task: DirectTask,
  ): RecordPlan | null | undefined {
    const { record, format } = task.read;
    const message = messageOf(record, format);
    const messages = this.#messages.get(found) ?? new Map<string, ByMessage>();
    const known = message === undefined ? undefined : messages.get(message);
    if (known) {
      for (const value of known.captured) this.#values.push(value);
      this.#lesson = { ...lessonOf(task, shape), plan: known.plan, resolve: this.#resolverOf(found, parts, task) };
      return known.plan;
    }
    const recognition = parts.recognise(record, format, this.#application);
    const captured = [...recognition.captures].map(([, text]): FieldValue => ({ kind: 'text', text }));
    const key = messageKey(recognition);
    for (const value of captured) this.#values.push(value);
    let plan = found.byMessage?.get(key);
    if (plan === undefined) {
      if (!this.#pays()) return undefined;
      const tokens = [
        ...shape.tokens,
        ...[...recognition.captures.keys()].map((name): Token => ({ space: 'message', name })),
      ];
      const { findControl } = this.#shapesOf(parts, format);
      const isFree = tokens.every(({ space, name }) => space !== 'message' || !findControl(space, name));
      plan = isFree ? this.#plan({ recognition, tokens, values: this.#values }, parts, task) : null;
      if (plan === undefined) found.failures += 1;
      if (plan === undefined && found.failures < MAX_FAILURES) return undefined;
      plan ??= null;
      found.byMessage?.set(key, plan);
    }
    if (message !== undefined && message.length <= MAX_MESSAGE_LENGTH) {
      if (messages.size >= MAX_MESSAGES) messages.clear();
      const kept = captured.map(({ kind, text }) => ({ kind, text: flat(text) }));
      messages.set(flat(message), { plan, captured: kept });
      this.#messages.set(found, messages);
      this.#lesson = {
        ...lessonOf(task, shape),
        plan,
        resolve: this.#resolverOf(found, parts, task),
      };
    }
    return plan;
  }

  /** Tells what another message makes of the records of a class. */
  #resolverOf(found: RecordClass, parts: DirectProduct, { read: { record, format } }: DirectTask): ResolveMessage {
    const known = this.#resolvers.get(found);
    if (known) return known;
    const example = exampleOf(record);
    const made: ResolveMessage = (message) => {
      const other = withMessage(example, format, message);
      const recognition = other && parts.recognise(other, format, this.#application);
      const plan = recognition && found.byMessage?.get(messageKey(recognition));
      if (!recognition || plan === undefined) return undefined;
      return { plan, captured: [...recognition.captures].map(([, text]) => ({ kind: 'text', text: flat(text) })) };
    };
    this.#resolvers.set(found, made);
    return made;
  }

  /** A plan that gave for its first record what the ordinary way gives; null when there is none; undefined when this record cannot tell. */
  #plan(
    example: Parameters<typeof planRecord>[0],
    parts: DirectProduct,
    task: DirectTask,
  ): RecordPlan | null | undefined {
    const plan = planRecord(example, parts.mapping);
    if (!plan) return null;
    const buffer = this.#buffer;
    const start = buffer.at;
    const written = this.#writer.write(plan, task.read.record, example.values, task.place, task.observedTimeUnixNano);
    if (!written) return undefined;
    const made = buffer.bytes.slice(start, buffer.at);
    buffer.at = start;
    const record = task.ordinary();
    if (record.resource !== plan.resource) return null;
    const encoded = this.#encode(record);
    return isSame(made, encoded, 0, encoded.length) ? plan : null;
  }
}

function lessonOf(
  { read: { record, format } }: DirectTask,
  { tokens }: Shape,
): Pick<Lesson, 'record' | 'format' | 'tokens'> {
  return { record, format, tokens };
}

/** A record of the same values that keeps nothing else in memory. */
function exampleOf({ fields, details, layout, position, issues }: RawRecord): RawRecord {
  const copyOf = (values: RawRecord['fields']) =>
    new Map([...values].map(([name, { kind, text }]) => [flat(name), { kind, text: flat(text) }]));
  return {
    fields: copyOf(fields),
    details: copyOf(details),
    original: '',
    position,
    issues,
    ...(layout ? { layout } : {}),
  };
}

/** The record with another message; undefined when its message does not stand among its fields or details. */
function withMessage(record: RawRecord, { message = [] }: FormatRule, text: string): RawRecord | undefined {
  for (const { field, in: space = 'fields' } of message) {
    if (!lookUp(record, field, space)) continue;
    if (space !== 'fields' && space !== 'details') return undefined;
    const { kind } = record[space].get(field) ?? { kind: 'text' };
    return { ...record, [space]: new Map(record[space]).set(field, { kind, text }) };
  }
  return undefined;
}

function messageOf(record: RawRecord, format: FormatRule): string | undefined {
  for (const { field, in: space } of format.message ?? []) {
    const value = lookUp(record, field, space);
    if (value) return value.text;
  }
  return undefined;
}

/** Messages of one class that make the same event and capture as much. */
function messageKey({ eventName = '', captures }: Recognition): string {
  const shapes = [...captures].map(([name, text]) => `${name}:${text === '' ? 0 : text.trim() === '' ? 1 : 2}`);
  return [eventName, ...shapes].join('\n');
}
