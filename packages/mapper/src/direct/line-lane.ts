import type { FormatRule, Product } from '@cryptrail/catalogue';
import type { MapContext } from '../map/conversions.ts';
import { readTime } from '../map/timestamp.ts';
import type { FieldValue, RawRecord } from '../records.ts';
import { secretNames } from '../redact/secret-names.ts';
import { redactText } from '../redact/text.ts';
import { ByteCache, hash, isSame } from './byte-cache.ts';
import { type FieldControl, findControls } from './controls.ts';
import { type ClassEdge, type LearntLine, type LineClass, newClass } from './line-class.ts';
import { planForLine } from './line-plan.ts';
import {
  BEYOND,
  type CreateScanner,
  ESCAPED,
  kindOf,
  type LineScanner,
  type LineShape,
  type ProductFormat,
  TELLING,
} from './line-scanner.ts';
import { attributeBytes, type RecordBuffer } from './record-buffer.ts';
import type { FilledText, PlanWriter, RecordPlan, Step, WrittenPlace } from './record-plan.ts';
import type { Token } from './shape.ts';
import { writeIsoTime, writeUnixTime } from './time-bytes.ts';
import { asciiText, isUtf8, utf8Text } from './utf8.ts';

/** What {@link LineLane.learn} is told. */
export interface Lesson {
  readonly record: RawRecord;
  readonly format: FormatRule;
  /** What the values of the record are, in order. */
  readonly tokens: readonly Token[];
  readonly plan: RecordPlan | null;
  /** Texts captured out of the message, behind the other values. */
  readonly captured: readonly FieldValue[];
  readonly byMessage: boolean;
}

/** The place of a line in its input. */
export interface LinePlace {
  readonly offset: number;
  readonly number: number;
}

const MAX_CLASS_EDGES = 512;
const MAX_CONTROL_BYTES = 128;
const MESSAGE_BITS = 10;
const VALUE_BITS = 9;
const ANSWER_BITS = 7;
const MAX_REMEMBERED_BYTES = 256;
const BODY_TAG = 0x2a;
const TEXT_TAG = 0x0a;
const TIME_TAG = 0x09;
const NOWHERE = { number: 0 };

/**
 * Writes lines straight from their bytes, for classes of records whose plan the ordinary way has made and proved. A line that is out of the
 * ordinary in any way is left to that one, which is always right.
 */
export class LineLane {
  /** Whether the line that was written last holds more than ASCII. */
  isBeyondAscii = false;
  readonly #scanner: LineScanner;
  readonly #formats: ReadonlySet<FormatRule>;
  readonly #buffer: RecordBuffer;
  readonly #writer: PlanWriter;
  readonly #plans = new WeakMap<LineShape, Map<RecordPlan, RecordPlan | null>>();
  readonly #bodies = new Map<MapContext, ByteCache<Uint8Array>>();
  readonly #converted = new Map<Step, ByteCache<Uint8Array>>();
  readonly #answers = new Map<FieldControl, ByteCache<{ readonly bits: number }>>();
  readonly #booleans = new Map<Step, readonly [Uint8Array, Uint8Array]>();
  #waiting:
    | {
        readonly shape: LineShape;
        readonly found: LineClass;
        readonly number: number;
        readonly message: Uint8Array | undefined;
      }
    | undefined;
  #bytes: Uint8Array = new Uint8Array();
  #shape: LineShape | undefined;
  #captured: readonly FieldValue[] = [];

  constructor(scanner: LineScanner, formats: readonly ProductFormat[], buffer: RecordBuffer, writer: PlanWriter) {
    this.#scanner = scanner;
    this.#formats = new Set(formats.map(({ format }) => format));
    this.#buffer = buffer;
    this.#writer = writer;
  }

  /** Whether a line may be one for this lane. */
  mayBegin(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#scanner.mayBegin(bytes, start, end);
  }

  /** See {@link LineScanner.unitEnd}. */
  unitEnd(bytes: Uint8Array, start: number, end: number, stop: number): number {
    return this.#scanner.unitEnd ? this.#scanner.unitEnd(bytes, start, end, stop) : end;
  }

  /** The plan by which the line was written; undefined when nothing was. */
  write(
    bytes: Uint8Array,
    from: number,
    to: number,
    line: LinePlace,
    place: WrittenPlace,
    observed: bigint,
  ): RecordPlan | undefined {
    this.#waiting = undefined;
    const scanner = this.#scanner;
    const shape = scanner.scan(bytes, from, to);
    if (!shape) return undefined;
    this.isBeyondAscii = (scanner.seen & BEYOND) !== 0;
    if (this.isBeyondAscii && !isUtf8(bytes, from, to)) return undefined;
    this.#bytes = bytes;
    this.#shape = shape;
    const found = this.#classOf(shape);
    if (!found) return undefined;
    const learnt = this.#look(found, shape, line.number);
    if (!learnt?.plan) return undefined;
    this.#captured = learnt.captured;
    return this.#write(learnt.plan, line, place, observed) ? learnt.plan : undefined;
  }

  /** Called when a line was left to the ordinary way, and that has found out about it. */
  learn({ record, format, tokens, plan, captured, byMessage }: Lesson): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (!waiting || waiting.number !== record.position.number || !this.#formats.has(format)) return;
    if (!covers(waiting.shape.tokens, tokens)) return;
    const made = this.#planFor(waiting.shape, tokens, plan);
    if (!byMessage) {
      waiting.found.plan = made;
      return;
    }
    const { found, message, shape } = waiting;
    const token = messageToken(format, shape.tokens);
    if (token === -1) return;
    found.messages ??= { token, known: new ByteCache(MESSAGE_BITS) };
    if (message) found.messages.known.set(message, 0, message.length, { plan: made, captured });
  }

  /** Makes room when there is none for more shapes. */
  tidy(): void {
    this.#scanner.tidy();
  }

  #planFor(shape: LineShape, tokens: readonly Token[], plan: RecordPlan | null): RecordPlan | null {
    if (!plan) return null;
    const plans = this.#plans.get(shape) ?? new Map<RecordPlan, RecordPlan | null>();
    this.#plans.set(shape, plans);
    const known = plans.get(plan);
    if (known !== undefined) return known;
    const made = planForLine(plan, tokens, shape.tokens);
    plans.set(plan, made);
    return made;
  }

  #look(found: LineClass, shape: LineShape, number: number): LearntLine | undefined {
    if (found.plan !== undefined) return { plan: found.plan, captured: NOTHING };
    let message: Uint8Array | undefined;
    if (found.messages) {
      const { token, known } = found.messages;
      const start = this.#scanner.starts[token] ?? 0;
      const end = this.#scanner.ends[token] ?? 0;
      const learnt = known.get(this.#bytes, start, end);
      if (learnt) return learnt;
      if (end - start <= MAX_REMEMBERED_BYTES) message = this.#bytes.slice(start, end);
    }
    this.#waiting = { shape, found, number, message };
    return undefined;
  }

  #classOf({ controls, root }: LineShape): LineClass | undefined {
    let found = root;
    for (const { token, control } of controls) {
      const start = this.#scanner.starts[token] ?? 0;
      const end = this.#scanner.ends[token] ?? 0;
      if (end - start > MAX_CONTROL_BYTES && control.identity) return undefined;
      if (control.identity) {
        const next = this.#byBytes(found, start, end);
        if (!next) return undefined;
        found = next;
      } else if (control.tests.length > 0) {
        const bits = this.#bitsOf(control, token, start, end);
        const next = bits === -1 ? undefined : this.#byBits(found, bits);
        if (!next) return undefined;
        found = next;
      }
    }
    return found;
  }

  #byBytes(found: LineClass, start: number, end: number): LineClass | undefined {
    if (found.last && isSame(found.last.key, this.#bytes, start, end)) return found.last.to;
    const place = hash(this.#bytes, start, end);
    const edges = found.byBytes.get(place);
    for (const edge of edges ?? []) {
      if (!isSame(edge.key, this.#bytes, start, end)) continue;
      found.last = edge;
      return edge.to;
    }
    if (found.byBytes.size >= MAX_CLASS_EDGES) return undefined;
    const made: ClassEdge = { key: this.#bytes.slice(start, end), to: newClass() };
    found.byBytes.set(place, [...(edges ?? []), made]);
    return made.to;
  }

  #byBits({ byBits }: LineClass, bits: number): LineClass | undefined {
    const known = byBits.get(bits);
    if (known || byBits.size >= MAX_CLASS_EDGES) return known;
    const made = newClass();
    byBits.set(bits, made);
    return made;
  }

  /** The answers to the tests of a control, or -1. */
  #bitsOf(control: FieldControl, token: number, start: number, end: number): number {
    const kind = kindOf(this.#scanner.kinds[token] ?? 0);
    if (kind === 'null') return 0;
    const short = end - start <= MAX_CONTROL_BYTES;
    // A text and a number of the same digits have different answers.
    const answers =
      (kind === 'string' || kind === 'text') && short ? cacheOf(this.#answers, control, ANSWER_BITS) : undefined;
    const known = answers?.get(this.#bytes, start, end);
    if (known) return known.bits;
    const text = this.#text(token);
    if (text === undefined) return -1;
    let bits = 0;
    for (const test of control.tests) bits = bits * 2 + (test({ kind, text }) ? 1 : 0);
    answers?.set(this.#bytes, start, end, { bits });
    return bits;
  }

  /** The text of a value, or undefined when its escapes are none. */
  #text(index: number): string | undefined {
    const length = this.#count;
    if (index >= length) return this.#captured[index - length]?.text;
    const signs = this.#scanner.signs[index] ?? 0;
    if ((signs & ESCAPED) !== 0) return this.#scanner.text(index);
    const start = this.#scanner.starts[index] ?? 0;
    const end = this.#scanner.ends[index] ?? 0;
    return ((signs & BEYOND) === 0 ? asciiText : utf8Text)(this.#bytes, start, end);
  }

  /** How many values the line has; the texts captured out of its message have the numbers behind them. */
  get #count(): number {
    return this.#shape?.tokens.length ?? 0;
  }

  #write(plan: RecordPlan, line: LinePlace, place: WrittenPlace, observed: bigint): boolean {
    const buffer = this.#buffer;
    const before = buffer.at;
    const start = buffer.beginRecord();
    if (this.#writeTime(plan)) {
      buffer.raw(plan.severity);
      if (this.#writeBody(plan) && this.#writeSteps(plan)) {
        this.#writer.writeEnd(plan, line, place, observed);
        buffer.endRecord(start);
        return true;
      }
    }
    buffer.at = before;
    return false;
  }

  #writeTime(plan: RecordPlan): boolean {
    const [first] = plan.times;
    if (!first) {
      this.#buffer.fixed64(TIME_TAG, 0n);
      return true;
    }
    const { rule, value } = first;
    const start = this.#scanner.starts[value] ?? 0;
    const end = this.#scanner.ends[value] ?? 0;
    const { form } = rule;
    if (form === 'unix_seconds' && writeUnixTime(this.#buffer, this.#bytes, start, end)) return true;
    const isIso = form === 'layout' || (form === 'iso' && !rule.refinedBy);
    const zone = form === 'layout' || (form === 'iso' && rule.zone === 'option') ? plan.timeZone : 'UTC';
    return (isIso && writeIsoTime(this.#buffer, this.#bytes, start, end, zone)) || this.#writeOtherTime(plan);
  }

  /** A time in another form, read as the ordinary way does. */
  #writeOtherTime({ times, timeZone, format }: RecordPlan): boolean {
    const fields = new Map<string, FieldValue>();
    const details = new Map<string, FieldValue>();
    for (const { rule, value } of times) {
      if (rule.form === 'layout') continue;
      const text = this.#text(value);
      const kind = kindOf(this.#scanner.kinds[value] ?? 0);
      if (text === undefined || rule.in === 'layout') return false;
      (rule.in === 'details' ? details : fields).set(rule.field, { kind, text });
    }
    const shown = this.#shape?.tokens.findIndex(({ space, name }) => space === 'layout' && name === 'time') ?? -1;
    const time = shown === -1 ? undefined : this.#text(shown);
    const layout = time === undefined ? undefined : { time };
    const record = { fields, details, original: '', position: NOWHERE, issues: [], ...(layout ? { layout } : {}) };
    const { nanos } = readTime(record, format, timeZone);
    if (nanos !== undefined) this.#buffer.fixed64(TIME_TAG, nanos);
    return nanos !== undefined;
  }

  #writeBody(plan: RecordPlan): boolean {
    const { body, context } = plan;
    if (body.kind === 'filled') return this.#writeSentence(body.text, context);
    const start = this.#scanner.starts[body.value] ?? 0;
    const end = this.#scanner.ends[body.value] ?? 0;
    const bodies = end - start <= MAX_REMEMBERED_BYTES ? cacheOf(this.#bodies, context, MESSAGE_BITS) : undefined;
    const known = bodies?.get(this.#bytes, start, end);
    if (known) {
      this.#buffer.raw(known);
      return true;
    }
    const text = this.#text(body.value);
    const from = this.#buffer.at;
    if (text === undefined || !this.#writer.writeMessage(context, text)) return false;
    bodies?.set(this.#bytes, start, end, this.#buffer.bytes.slice(from, this.#buffer.at));
    return true;
  }

  /** Puts a sentence together out of bytes, and takes it back when there could be a secret in it. */
  #writeSentence(text: FilledText, context: MapContext): boolean {
    const buffer = this.#buffer;
    const before = buffer.at;
    buffer.reserve(16);
    buffer.at += 6;
    const from = buffer.at;
    if (!this.#fill(text)) {
      buffer.at = before;
      return this.#writeSentenceText(text, context);
    }
    const length = buffer.at - from;
    if (secretNames(context.product.redaction).mayHoldBytes(buffer.bytes, from, buffer.at)) {
      const shown = (this.isBeyondAscii ? utf8Text : asciiText)(buffer.bytes, from, from + length);
      buffer.at = before;
      this.#writer.writeBodyText(redactText(shown, context.product.redaction));
      return true;
    }
    buffer.putHeads(before, from, BODY_TAG, TEXT_TAG);
    return true;
  }

  /** The same for texts beyond ASCII. */
  #writeSentenceText({ texts, values }: FilledText, context: MapContext): boolean {
    const parts = values.map((index) => this.#text(index));
    if (parts.includes(undefined)) return false;
    const shown = texts.reduce((sentence, text, at) => sentence + text + (parts[at] ?? ''), '');
    this.#writer.writeBodyText(redactText(shown, context.product.redaction));
    return true;
  }

  #fill({ texts, values }: FilledText): boolean {
    for (let at = 0; at < texts.length; at += 1) {
      const text = texts[at] ?? '';
      if (text !== '' && !this.#buffer.ascii(text)) return false;
      if (at === values.length) break;
      const index = values[at] ?? 0;
      if (index >= this.#count || ((this.#scanner.signs[index] ?? 0) & ESCAPED) !== 0) {
        const shown = this.#text(index);
        if (shown === undefined || !this.#buffer.ascii(shown)) return false;
      } else this.#buffer.copy(this.#bytes, this.#scanner.starts[index] ?? 0, this.#scanner.ends[index] ?? 0);
    }
    return true;
  }

  #writeSteps({ steps, context }: RecordPlan): boolean {
    for (const step of steps) {
      if (step.kind === 'known') this.#buffer.raw(step.bytes);
      else if (step.kind === 'text') {
        if (!this.#writeText(step, context)) return false;
      } else if (!this.#writeOther(step, context)) return false;
    }
    return true;
  }

  #writeText({ value, key }: Extract<Step, { kind: 'text' }>, context: MapContext): boolean {
    if (value < this.#count) {
      const signs = this.#scanner.signs[value] ?? 0;
      const start = this.#scanner.starts[value] ?? 0;
      const end = this.#scanner.ends[value] ?? 0;
      const asIs = (signs & ESCAPED) === 0 && end - start <= context.limits.maxValueLength;
      const names = secretNames(context.product.redaction);
      if (asIs && ((signs & TELLING) === 0 || !names.mayHoldBytes(this.#bytes, start, end))) {
        this.#buffer.bytesAttribute(key, this.#bytes, start, end);
        return true;
      }
    }
    const text = this.#text(value);
    if (text === undefined) return false;
    const shown = redactText(text, context.product.redaction);
    if (shown.length > context.limits.maxValueLength) return false;
    this.#buffer.textAttribute(key, shown);
    return true;
  }

  #writeOther(step: Exclude<Step, { kind: 'known' | 'text' }>, context: MapContext): boolean {
    if (step.kind === 'list') return this.#writeList(step, context);
    if (step.kind === 'filled') {
      const parts = step.text.values.map((index) => this.#text(index));
      if (parts.includes(undefined)) return false;
      const shown = step.text.texts.reduce((text, part, at) => text + part + (parts[at] ?? ''), '');
      if (shown.length > context.limits.maxValueLength) return false;
      this.#buffer.textAttribute(step.key, shown);
      return true;
    }
    const { rule, value } = step;
    if (value >= this.#count) return this.#convert(step, this.#captured[value - this.#count], context);
    const kind = kindOf(this.#scanner.kinds[value] ?? 0);
    const start = this.#scanner.starts[value] ?? 0;
    const end = this.#scanner.ends[value] ?? 0;
    if (rule.convert === undefined && kind === 'int' && rule.type === 'int' && this.#writeInt(step, start, end))
      return true;
    if (kind === 'boolean' && rule.convert === undefined && rule.type === 'boolean')
      return this.#writeBoolean(step, start);
    // Ids stand elsewhere in a record than attributes.
    if (rule.to === 'trace_id' || rule.to === 'span_id') return false;
    return this.#convertRemembered(step, kind, start, end, context);
  }

  #writeList({ values, key }: Extract<Step, { kind: 'list' }>, context: MapContext): boolean {
    const texts: string[] = [];
    for (const value of values) {
      const text = this.#text(value);
      if (text === undefined) return false;
      texts.push(redactText(text, context.product.redaction));
    }
    this.#buffer.attribute(key, texts);
    return true;
  }

  #writeInt({ rule, taken }: Extract<Step, { kind: 'convert' }>, start: number, end: number): boolean {
    if (end - start > 15 || rule.attribute === undefined || rule.also || taken.size > 0) return false;
    let value = 0;
    for (let at = start; at < end; at += 1) {
      const digit = (this.#bytes[at] ?? 0) - 0x30;
      if (digit < 0) return false;
      value = value * 10 + digit;
    }
    this.#buffer.intAttribute(this.#writer.keyOf(rule.attribute), value);
    return true;
  }

  #writeBoolean(step: Extract<Step, { kind: 'convert' }>, start: number): boolean {
    const { rule, taken } = step;
    if (rule.attribute === undefined || rule.also || taken.size > 0) return false;
    const known = this.#booleans.get(step) ?? [
      attributeBytes(rule.attribute, false),
      attributeBytes(rule.attribute, true),
    ];
    this.#booleans.set(step, known);
    // `true` or `false`: nothing else is a boolean.
    this.#buffer.raw(known[this.#bytes[start] === 0x74 ? 1 : 0]);
    return true;
  }

  /** What a conversion makes depends on the value alone, and values come again. */
  #convertRemembered(
    step: Extract<Step, { kind: 'convert' }>,
    kind: FieldValue['kind'],
    start: number,
    end: number,
    context: MapContext,
  ): boolean {
    const converted = end - start <= MAX_REMEMBERED_BYTES ? cacheOf(this.#converted, step, VALUE_BITS) : undefined;
    const known = converted?.get(this.#bytes, start, end);
    if (known) {
      this.#buffer.raw(known);
      return true;
    }
    const text = this.#text(step.value);
    const from = this.#buffer.at;
    if (text === undefined || !this.#convert(step, { kind, text }, context)) return false;
    converted?.set(this.#bytes, start, end, this.#buffer.bytes.slice(from, this.#buffer.at));
    return true;
  }

  #convert(step: Extract<Step, { kind: 'convert' }>, value: FieldValue | undefined, context: MapContext): boolean {
    return value !== undefined && this.#writer.convert(step, value, context);
  }
}

const NOTHING: readonly FieldValue[] = [];

function cacheOf<Key, Value>(caches: Map<Key, ByteCache<Value>>, key: Key, bits: number): ByteCache<Value> {
  const known = caches.get(key);
  if (known) return known;
  const made = new ByteCache<Value>(bits);
  caches.set(key, made);
  return made;
}

function together(controls: readonly FieldControl[]): FieldControl | undefined {
  if (controls.length === 0) return undefined;
  return { identity: controls.some(({ identity }) => identity), tests: controls.flatMap(({ tests }) => tests) };
}

/** Whether all values of a record are in the line. */
function covers(line: readonly Token[], record: readonly Token[]): boolean {
  return record.every(({ space, name }) => line.some((one) => one.space === space && one.name === name));
}

function messageToken({ message = [] }: FormatRule, tokens: readonly Token[]): number {
  for (const { field, in: space = 'fields' } of message) {
    const token = tokens.findIndex((one) => one.space === space && one.name === field);
    if (token !== -1) return token;
  }
  return -1;
}

/** The lane of a decoder's formats; undefined when there is none. */
export function createLane(
  decoder: FormatRule['decoder'],
  create: CreateScanner,
  products: readonly Product[],
  buffer: RecordBuffer,
  writer: PlanWriter,
): LineLane | undefined {
  const formats = products.flatMap((product) =>
    product.formats.filter((format) => format.decoder === decoder).map((format) => ({ product, format })),
  );
  const finders = formats.map(({ product, format }) => findControls(product, format));
  const scanner = create(formats, (space, field) => together(finders.flatMap((find) => find(space, field) ?? [])));
  return scanner && formats.length > 0 ? new LineLane(scanner, formats, buffer, writer) : undefined;
}
