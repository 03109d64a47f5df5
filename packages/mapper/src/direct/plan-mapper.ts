import type { AttributeList } from '../attribute-list.ts';
import type { CompiledProducts } from '../compiled-products.ts';
import { createSink, resetSink } from '../map/attribute-sink.ts';
import type { MapContext } from '../map/conversions.ts';
import { type PositionNames, positionAttributes } from '../map/position.ts';
import { readTime } from '../map/timestamp.ts';
import { scrub } from '../map/to-log-record.ts';
import type { AttributeValue, FieldValue, LogRecord, Position } from '../records.ts';
import { removeSecrets } from '../redact/original.ts';
import { redactText } from '../redact/text.ts';
import type { LineLane } from './line-lane.ts';
import { LineLanes, type UnitTaker } from './line-lanes.ts';
import type { MappedLine } from './line-mapper.ts';
import { ALONE } from './line-scanner.ts';
import { LineText } from './line-text.ts';
import { plainJson } from './plain-json.ts';
import { PlanFinder, type PlannedProduct, type PlanTask } from './plan-finder.ts';
import { RecordBuffer } from './record-buffer.ts';
import { type ConvertStep, filled, PARSE_STATUS, PlanWriter, type RecordPlan, type Step } from './record-plan.ts';
import { isSameRecord } from './same-record.ts';

/** Most texts of a service are none of a product: they are not offered until one is again. */
const MAX_MISSES = 16;
/** Lanes cost some milliseconds to make, which the first records of a service do not pay for. */
const FIRST_RECORDS = 32;
const NOWHERE: PositionNames = [];

/** A record that is to be made as an object. */
export interface MapTask extends PlanTask {
  /** Position and transport attributes of the input. */
  readonly extra: readonly (readonly [string, AttributeValue])[];
  readonly observedTimeUnixNano: bigint;
}

/**
 * Makes records as objects, by the plans by which the direct way writes them as bytes: what the tables say of a class of records is found out once. Whatever
 * is not plain is left to the ordinary way, against which each plan is held before it is used.
 */
export class PlanMapper implements UnitTaker {
  /** The record that was taken last from its bytes. */
  taken: LogRecord | undefined;
  readonly #products: CompiledProducts<PlannedProduct>;
  readonly #now: () => bigint;
  readonly #finder: PlanFinder<MapTask, LogRecord>;
  // Only one record is made at a time, so what holds nothing of it at the end serves the next one, too.
  readonly #sink = createSink();
  readonly #scratch = createSink();
  readonly #text = new LineText();
  #lanes: LineLanes | undefined;
  /** A line was offered that no lane took: what the ordinary way finds out about it is news. */
  #isWaiting = false;
  #named: PositionNames = [];
  /** Texts one after the other that were nothing for the lanes. */
  #misses = MAX_MISSES;
  /** Records before the first text that is offered. */
  #before = FIRST_RECORDS;
  #source: string | undefined;

  /** @param now The time of reading. */
  constructor(products: CompiledProducts<PlannedProduct>, application: string | undefined, now: () => bigint) {
    this.#now = now;
    this.#products = products;
    this.#finder = new PlanFinder(products, application, {
      makeBy: (...given) => this.#makeBy(...given),
      prove: (made, { ordinary }) => isSameRecord(made, ordinary()),
    });
  }

  /** The record as its plan says; undefined when it goes the ordinary way. */
  map(task: MapTask): LogRecord | undefined {
    if (this.#before > 0) this.#before -= 1;
    else this.#misses = 0;
    const made = this.#finder.make(task);
    if (made) this.#finder.earn();
    if (this.#isWaiting) this.#learn(task);
    return made;
  }

  /** What stands in wrappers is not what the lanes saw. */
  #learn(task: MapTask): void {
    this.#isWaiting = false;
    const lesson = task.read.record.outer ? undefined : this.#finder.lessonOf(task);
    if (lesson) this.#lanes?.learn(lesson);
  }

  /** Something else is read, which may stand in the same memory, and has lines of the same numbers. */
  begin(): void {
    this.#isWaiting = false;
    this.#lanes?.forget();
  }

  /** Whether a line begins like one that {@link takeLine} takes. */
  mayBegin(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#allLanes().mayBegin(bytes, start, end);
  }

  /** Whether a line begins something of its own for certain. */
  begins(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#allLanes().begins(bytes, start, end);
  }

  /** Whether the line that was taken last holds more than ASCII. */
  get isBeyondAscii(): boolean {
    return this.#lanes?.isBeyondAscii ?? false;
  }

  /** Takes the record that begins in a line from its bytes, when it is like others before it: it is {@link taken}. Gives where it ends, or -1: it is to be given as a record. */
  takeLine(
    bytes: Uint8Array,
    start: number,
    end: number,
    stop: number,
    offset: number,
    number: number,
    named: PositionNames,
    source?: string,
  ): number {
    this.#named = named;
    this.#source = source;
    const done = this.#allLanes().offer(bytes, start, end, stop, offset, number, this);
    this.#isWaiting = done === -1;
    return done;
  }

  /** The same for a text that is one line and nothing else. */
  takeText(text: string): LogRecord | undefined {
    this.begin();
    const line = this.#text;
    if (this.#misses >= MAX_MISSES || !line.take(text)) return undefined;
    const source = line.isAscii ? text : undefined;
    const isTaken = this.takeLine(line.bytes, 0, line.end, ALONE, 0, 1, NOWHERE, source) !== -1;
    this.#misses = isTaken ? 0 : this.#misses + 1;
    return isTaken ? this.taken : undefined;
  }

  /** The same for an object: its JSON is such a line. `isBare`: whether a line stands in no wrapper, so that it teaches something about lines. */
  takeObject(value: Readonly<Record<string, unknown>>, isBare: (text: string) => boolean): LogRecord | undefined {
    this.begin();
    const text = this.#misses < MAX_MISSES ? plainJson(value) : undefined;
    const taken = text === undefined ? undefined : this.takeText(text);
    if (this.#isWaiting && text !== undefined) this.#isWaiting = isBare(text);
    return taken;
  }

  takeUnit(lane: LineLane, bytes: Uint8Array, start: number, end: number, offset: number, number: number): boolean {
    const isPlaced = this.#named.length > 0;
    const line = lane.map(bytes, start, end, number, isPlaced, this.#source);
    // A path may hold what the rest of the record may not.
    if (!line || (line.hides && isPlaced)) return false;
    this.taken = isPlaced ? this.#placed(line, { offset, number }) : this.#unplaced(line);
    if (this.taken) this.#finder.earn();
    return this.taken !== undefined;
  }

  #placed(line: MappedLine, position: Position): LogRecord | undefined {
    addPlace(line.attributes, line.plan, positionAttributes(this.#named, position));
    return this.#finish(line, this.#now());
  }

  /** Records of lines that repeat others share all but their times. */
  #unplaced(line: MappedLine): LogRecord | undefined {
    const { repeats, nanos: timeUnixNano } = line;
    if (repeats?.record) return { ...repeats.record, timeUnixNano, observedTimeUnixNano: this.#now() };
    addPlace(line.attributes, line.plan, []);
    const made = this.#finish(line, this.#now());
    if (repeats) repeats.record = made;
    return made;
  }

  /** Made when they are asked for: whoever reads objects only has none. */
  #allLanes(): LineLanes {
    if (this.#lanes) return this.#lanes;
    const buffer = new RecordBuffer();
    this.#lanes = new LineLanes(this.#products.products, buffer, new PlanWriter(buffer, createSink()));
    return this.#lanes;
  }

  #makeBy(plan: RecordPlan, values: readonly FieldValue[], task: MapTask): LogRecord | undefined {
    const { record } = task.read;
    const time = readTime(record, plan.format, plan.timeZone);
    if (time.nanos === undefined && time.found) return undefined;
    const nanos = time.nanos ?? record.outer?.timeUnixNano ?? 0n;
    return this.#record(plan, values, nanos, task.observedTimeUnixNano, task.extra);
  }

  #record(
    plan: RecordPlan,
    values: readonly FieldValue[],
    timeUnixNano: bigint,
    observedTimeUnixNano: bigint,
    extra: MapTask['extra'],
  ): LogRecord | undefined {
    const { context } = plan;
    const sink = resetSink(this.#sink);
    for (const step of plan.steps) if (!this.#step(step, values, context)) return undefined;
    const { attributes, traceId, spanId } = sink;
    addPlace(attributes, plan, extra);
    const body = this.#body(plan, values);
    if (sink.secrets.size > 0) scrub(sink);
    return this.#finish({ plan, nanos: timeUnixNano, attributes, body, traceId, spanId }, observedTimeUnixNano);
  }

  #finish(made: Omit<MappedLine, 'hides' | 'repeats'>, observedTimeUnixNano: bigint): LogRecord | undefined {
    const { plan, nanos: timeUnixNano, attributes, body, traceId, spanId } = made;
    const { context, common } = plan;
    // Values that are too long are cut, which the ordinary way does.
    if (attributes.hasLonger(context.limits.maxValueLength)) return undefined;
    const names = attributes.namesLike(plan.names);
    plan.names = names;
    const record: { -readonly [Key in keyof LogRecord]: LogRecord[Key] } = {
      timeUnixNano,
      observedTimeUnixNano,
      severityNumber: common.severityNumber,
      body,
      attributes: attributes.snapshot(names),
      resource: plan.resource,
      product: context.product.id,
      issues: common.issues,
    };
    if (common.severityText !== undefined) record.severityText = common.severityText;
    if (common.eventName !== undefined) record.eventName = common.eventName;
    if (common.parseStatus !== undefined) record.parseStatus = common.parseStatus;
    if (traceId !== undefined) record.traceId = traceId;
    if (spanId !== undefined) record.spanId = spanId;
    return record;
  }

  #body({ body, context }: RecordPlan, values: readonly FieldValue[]): string {
    const { secrets } = this.#sink;
    if (body.kind === 'message')
      return removeSecrets(context.redactMessage(values[body.value]?.text ?? '', secrets), secrets);
    const sentence = removeSecrets(filled(body.text, values), secrets);
    return removeSecrets(redactText(sentence, context.product.redaction), secrets);
  }

  /** Adds the attributes of a step; false when the record is no plain one. */
  #step(step: Step, values: readonly FieldValue[], context: MapContext): boolean {
    const { attributes } = this.#sink;
    const { redaction } = context.product;
    switch (step.kind) {
      case 'known':
        step.attributes.forEach((value, name) => {
          attributes.add(name, value);
        });
        return true;
      case 'text':
        attributes.add(step.name, redactText(values[step.value]?.text ?? '', redaction));
        return true;
      case 'convert':
        return this.#convert(step, step.taken, values, context);
      case 'pair': {
        const { first, second } = step;
        return (
          this.#convert(first, first.taken, values, context) && this.#convert(second, first.taken, values, context)
        );
      }
      case 'filled':
        attributes.add(step.name, redactText(filled(step.text, values), redaction));
        return true;
      case 'list':
        attributes.add(
          step.name,
          step.values.map((index) => redactText(values[index]?.text ?? '', redaction)),
        );
        return true;
    }
  }

  /** Adds what a conversion makes, but for the attributes that are `taken`: they stay as they are. */
  #convert(
    { value: index, rule, convert }: ConvertStep,
    taken: ReadonlySet<string>,
    values: readonly FieldValue[],
    context: MapContext,
  ): boolean {
    const sink = this.#sink;
    const value = values[index];
    if (value === undefined) return false;
    if (taken.size === 0) return convert(rule, value, context, sink) && sink.issues.length === 0;
    const apart = resetSink(this.#scratch);
    if (!convert(rule, value, context, apart) || apart.issues.length > 0) return false;
    for (const [name, made] of apart.attributes) if (!taken.has(name)) sink.attributes.set(name, made);
    for (const [secret, shown] of apart.secrets) sink.secrets.set(secret, shown);
    sink.traceId = apart.traceId ?? sink.traceId;
    sink.spanId = apart.spanId ?? sink.spanId;
    return true;
  }
}

/** Adds where a record was read, and how well. */
function addPlace(attributes: AttributeList, { common }: RecordPlan, extra: MapTask['extra']): void {
  for (const [name, value] of extra) attributes.set(name, value);
  if (common.parseStatus !== undefined) attributes.set(PARSE_STATUS, common.parseStatus);
}
