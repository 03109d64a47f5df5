import type { Product } from '@cryptrail/catalogue';
import type { MapContext } from '../map/conversions.ts';
import type { FieldValue, RawRecord } from '../records.ts';
import { secretNames } from '../redact/secret-names.ts';
import { redactText } from '../redact/text.ts';
import { ByteCache, hash, isSame } from './byte-cache.ts';
import { type FieldControl, findControls } from './controls.ts';
import { ESCAPED, JsonScanner, type JsonShape, kindOf, looksLikeObject, TELLING } from './json-scanner.ts';
import { attributeBytes, type RecordBuffer } from './record-buffer.ts';
import type { FilledText, PlanWriter, RecordPlan, Step, WrittenPlace } from './record-plan.ts';
import { writeIsoTime, writeUnixTime } from './time-bytes.ts';

/** JSON lines of one shape that agree so far in the values that decide. */
export interface JsonClass {
  readonly byBytes: Map<number, ClassEdge[]>;
  readonly byBits: Map<number, JsonClass>;
  /** Where the record before went. */
  last: ClassEdge | undefined;
  /** Undefined: the ordinary way has not told yet; null: it is the only one. */
  plan: RecordPlan | null | undefined;
  messages: Messages | undefined;
}

interface ClassEdge {
  readonly key: Uint8Array;
  readonly to: JsonClass;
}

/** What the messages of a class make of its records. */
interface Messages {
  readonly token: number;
  readonly known: ByteCache<Learnt>;
}

/** What the ordinary way found out about a record. */
export interface Learnt {
  readonly plan: RecordPlan | null;
  /** Texts captured out of the message, behind the other values. */
  readonly captured: readonly FieldValue[];
}

/** What {@link JsonLane.learn} is told. */
export interface Lesson extends Learnt {
  readonly record: RawRecord;
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

/**
 * Writes JSON lines straight from their bytes, for classes of records whose plan the ordinary way has made and proved. A line that is out of the
 * ordinary in any way is left to that one, which is always right.
 */
export class JsonLane {
  readonly #scanner: JsonScanner;
  readonly #buffer: RecordBuffer;
  readonly #writer: PlanWriter;
  readonly #bodies = new Map<MapContext, ByteCache<Uint8Array>>();
  readonly #converted = new Map<Step, ByteCache<Uint8Array>>();
  readonly #answers = new Map<FieldControl, ByteCache<{ readonly bits: number }>>();
  readonly #booleans = new Map<Step, readonly [Uint8Array, Uint8Array]>();
  #waiting:
    | {
        readonly shape: JsonShape;
        readonly found: JsonClass;
        readonly number: number;
        readonly message: Uint8Array | undefined;
      }
    | undefined;
  #bytes: Uint8Array = new Uint8Array();
  #shape: JsonShape | undefined;
  #captured: readonly FieldValue[] = [];

  constructor(products: readonly Product[], buffer: RecordBuffer, writer: PlanWriter) {
    const finders = products.flatMap((product) =>
      product.formats.filter(({ decoder }) => decoder === 'json').map((format) => findControls(product, format)),
    );
    this.#scanner = new JsonScanner((space, field) => together(finders.flatMap((find) => find(space, field) ?? [])));
    this.#buffer = buffer;
    this.#writer = writer;
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
    if (!looksLikeObject(bytes, from, to)) return undefined;
    const shape = this.#scanner.scan(bytes, from, to);
    if (!shape) return undefined;
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
  learn({ record, plan, captured, byMessage }: Lesson, messageFields: readonly string[]): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (!waiting || waiting.number !== record.position.number || record.fields.size !== waiting.shape.names.length)
      return;
    if (!byMessage) {
      waiting.found.plan = plan;
      return;
    }
    const name = messageFields.find((field) => waiting.shape.names.includes(field)) ?? '';
    const token = waiting.shape.names.indexOf(name);
    if (token === -1) return;
    waiting.found.messages ??= { token, known: new ByteCache(MESSAGE_BITS) };
    const { message } = waiting;
    if (message) waiting.found.messages.known.set(message, 0, message.length, { plan, captured });
  }

  /** Makes room when there is none for more shapes. */
  tidy(): void {
    this.#scanner.clearWhenFull();
  }

  #look(found: JsonClass, shape: JsonShape, number: number): Learnt | undefined {
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

  #classOf({ controls, root }: JsonShape): JsonClass | undefined {
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

  #byBytes(found: JsonClass, start: number, end: number): JsonClass | undefined {
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

  #byBits({ byBits }: JsonClass, bits: number): JsonClass | undefined {
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
    const answers = kind === 'string' && short ? cacheOf(this.#answers, control, ANSWER_BITS) : undefined;
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
    const { length } = this.#shape?.names ?? [];
    if (index >= length) return this.#captured[index - length]?.text;
    const start = this.#scanner.starts[index] ?? 0;
    const end = this.#scanner.ends[index] ?? 0;
    const text = asciiText(this.#bytes, start, end);
    return ((this.#scanner.signs[index] ?? 0) & ESCAPED) === 0 ? text : withoutEscapes(text);
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

  #writeTime({ times, timeZone }: RecordPlan): boolean {
    const [first] = times;
    if (!first) {
      this.#buffer.fixed64(0x09, 0n);
      return true;
    }
    const { rule, value } = first;
    const start = this.#scanner.starts[value] ?? 0;
    const end = this.#scanner.ends[value] ?? 0;
    if (rule.form === 'unix_seconds') return writeUnixTime(this.#buffer, this.#bytes, start, end);
    if (rule.form !== 'iso' || rule.refinedBy) return false;
    return writeIsoTime(this.#buffer, this.#bytes, start, end, rule.zone === 'option' ? timeZone : 'UTC');
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
      const shown = asciiText(buffer.bytes, from, from + length);
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
      if (index >= (this.#shape?.names.length ?? 0) || ((this.#scanner.signs[index] ?? 0) & ESCAPED) !== 0) {
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
    if (value < (this.#shape?.names.length ?? 0)) {
      const signs = this.#scanner.signs[value] ?? 0;
      const start = this.#scanner.starts[value] ?? 0;
      const end = this.#scanner.ends[value] ?? 0;
      if (end - start > context.limits.maxValueLength) return false;
      const isPlain =
        (signs & TELLING) === 0 || !secretNames(context.product.redaction).mayHoldBytes(this.#bytes, start, end);
      if ((signs & ESCAPED) === 0 && isPlain) {
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
    if (step.kind === 'list') return false;
    if (step.kind === 'filled') {
      const parts = step.text.values.map((index) => this.#text(index));
      if (parts.includes(undefined)) return false;
      const shown = step.text.texts.reduce((text, part, at) => text + part + (parts[at] ?? ''), '');
      if (shown.length > context.limits.maxValueLength) return false;
      this.#buffer.textAttribute(step.key, shown);
      return true;
    }
    const { rule, value } = step;
    if (value >= (this.#shape?.names.length ?? 0))
      return this.#convert(step, this.#captured[value - (this.#shape?.names.length ?? 0)], context);
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

/** A class of which nothing is known yet. */
export function newClass(): JsonClass {
  return { byBytes: new Map(), byBits: new Map(), last: undefined, plan: undefined, messages: undefined };
}

const CHUNK = 4096;

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= CHUNK)
    return String.fromCharCode.apply(undefined, bytes.subarray(start, end) as unknown as number[]);
  let text = '';
  for (let from = start; from < end; from += CHUNK) text += asciiText(bytes, from, Math.min(end, from + CHUNK));
  return text;
}

function withoutEscapes(text: string): string | undefined {
  try {
    const read: unknown = JSON.parse(`"${text}"`);
    return typeof read === 'string' ? read.toWellFormed() : undefined;
  } catch {
    return undefined;
  }
}
