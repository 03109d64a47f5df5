import type { FieldRule, FormatRule, TimeRule } from '@cryptrail/catalogue';
import { NO_BYTES } from '../bytes.ts';
import { type AttributeSink, resetSink } from '../map/attribute-sink.ts';
import type { Segment } from '../map/body.ts';
import type { Convert, MapContext } from '../map/conversions.ts';
import { readTime } from '../map/timestamp.ts';
import { cutText } from '../map/to-log-record.ts';
import type { AttributeValue, FieldValue, LogRecord, Position, RawRecord, Resource } from '../records.ts';
import { removeSecrets } from '../redact/original.ts';
import { redactText } from '../redact/text.ts';
import { HiddenTexts } from './hidden-texts.ts';
import { BODY, SPAN_ID, STRING_VALUE, TIME, TRACE_ID } from './otlp-tags.ts';
import { NO_OFFSET, PlaceWriter } from './place-writer.ts';
import { attributeBytes, keyBytes, type RecordBuffer, widthOf } from './record-buffer.ts';

/** An attribute that a step makes: its name, and the same as bytes. */
interface Named {
  readonly name: string;
  readonly key: Uint8Array;
}

/** One step of making the attributes of a record. `value` is an index into its values. */
export type Step =
  | {
      readonly kind: 'known';
      readonly attributes: ReadonlyMap<string, AttributeValue>;
      readonly bytes: Uint8Array;
    }
  | (Named & { readonly kind: 'text'; readonly value: number })
  | ConvertStep
  | {
      /** A value that overrides what the one before made. */
      readonly kind: 'pair';
      readonly first: ConvertStep;
      readonly second: ConvertStep;
    }
  | (Named & { readonly kind: 'list'; readonly values: readonly number[] })
  | (Named & { readonly kind: 'filled'; readonly text: FilledText });

/** The values of a record that a step writes, by their numbers. */
export function valuesOf(step: Step): readonly number[] {
  switch (step.kind) {
    case 'known':
      return [];
    case 'list':
      return step.values;
    case 'filled':
      return step.text.values;
    case 'pair':
      return [step.first.value, step.second.value];
    default:
      return [step.value];
  }
}

/** A conversion of a value. */
export interface ConvertStep {
  readonly kind: 'convert';
  readonly value: number;
  readonly rule: FieldRule;
  readonly convert: Convert;
  /** Attributes that are there already, so that the first one stays. */
  readonly taken: ReadonlySet<string>;
}

/** A text with gaps for values. */
export interface FilledText {
  readonly texts: readonly string[];
  readonly values: readonly number[];
}

/** Where the body comes from. */
export type BodyPlan =
  | { readonly kind: 'message'; readonly value: number }
  | { readonly kind: 'filled'; readonly text: FilledText };

/** What the records of one class have in common beside attributes. */
export type CommonParts = Pick<LogRecord, 'severityNumber' | 'severityText' | 'eventName' | 'issues' | 'parseStatus'>;

/** Says how well a record was read. */
export const PARSE_STATUS = 'cryptrail.parse.status';

/** The status of records with a value that was too long. */
const CUT = attributeBytes(PARSE_STATUS, 'truncated');

/** How the records of one class are made. */
export interface RecordPlan {
  readonly context: MapContext;
  readonly format: FormatRule;
  readonly timeZone: string;
  /** The time rules for which there is a value, in order. */
  readonly times: readonly { readonly rule: TimeRule; readonly value: number }[];
  /** Number and text of the severity. */
  readonly severity: Uint8Array;
  readonly common: CommonParts;
  readonly body: BodyPlan;
  readonly steps: readonly Step[];
  /** Stands behind the place of the record; empty where there is nothing to say. */
  readonly status: Uint8Array;
  readonly eventName: Uint8Array;
  readonly resource: Resource;
  /** Of the attributes of the last record that was made as an object: most have the same. */
  names: string[] | undefined;
}

/** Attributes that say where a record was read. */
export interface WrittenPlace {
  /** Those that all records of the input share. */
  readonly named: Uint8Array;
  /** Whether positions are written at all. */
  readonly positions: boolean;
  /** The lines stand in wrappers, which may know a time where a record has none. */
  readonly isWrapped: boolean;
}

/** For records that are read back at once. */
export const NO_PLACE: WrittenPlace = { named: NO_BYTES, positions: false, isWrapped: false };

/** Writes records by plans. One record at a time. */
export class PlanWriter {
  readonly #buffer: RecordBuffer;
  readonly #sink: AttributeSink;
  /** Texts of the record that something else stands for. Whoever writes a record clears them and asks {@link staysHidden} at its end. */
  readonly hidden = new HiddenTexts();
  /** Where records were read, and when. */
  readonly places: PlaceWriter;
  readonly #secrets = new Map<string, string>();
  /** What is taken out of the sentence, and what stands for it. */
  #removed: ReadonlyMap<string, string> | undefined;
  #isSentenceChanged = false;
  #isCut = false;

  constructor(buffer: RecordBuffer, sink: AttributeSink) {
    this.#buffer = buffer;
    this.#sink = sink;
    this.places = new PlaceWriter(buffer);
  }

  /** False: the record is no plain one of its class, and nothing was written. */
  write(
    plan: RecordPlan,
    record: RawRecord,
    values: readonly FieldValue[],
    place: WrittenPlace,
    observed: bigint,
  ): boolean {
    const time = readTime(record, plan.format, plan.timeZone);
    if (time.nanos === undefined && (time.found || place.isWrapped)) return false;
    const nanos = time.nanos ?? 0n;
    this.beginRecord();
    if (this.#write(plan, nanos, record.position, values, place, observed)) return true;
    return this.beginAgain(plan) && this.#write(plan, nanos, record.position, values, place, observed);
  }

  #write(
    plan: RecordPlan,
    nanos: bigint,
    position: Position,
    values: readonly FieldValue[],
    place: WrittenPlace,
    observed: bigint,
  ): boolean {
    const buffer = this.#buffer;
    const before = buffer.at;
    const start = buffer.beginRecord();
    buffer.fixed64(TIME, nanos);
    buffer.raw(plan.severity);
    this.forgetIds();
    this.#writeBody(plan, values);
    if (this.#writeSteps(plan, values)) {
      this.#writeEnd(plan, position, place, observed);
      if (this.staysHidden(plan, start)) {
        buffer.endRecord(start);
        return true;
      }
    }
    buffer.at = before;
    return false;
  }

  /** A value of the record was too long, so that more depends on it than what stands for it. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** The length of a value of the record that is too long. */
  cutAt({ limits }: MapContext): number {
    this.#isCut = true;
    return limits.maxValueLength;
  }

  /** Makes ready for another record. */
  beginRecord(): void {
    if (this.hidden.count > 0) this.hidden.clear();
    this.#removed = undefined;
    this.#isSentenceChanged = false;
    this.#isCut = false;
  }

  /** Makes ready for the same record once more, in whose sentence stood what it hides; false when that cannot be all that was amiss. */
  beginAgain({ body }: RecordPlan): boolean {
    const only = body.kind === 'filled' && !this.#isCut && !this.#removed ? this.hidden.only : undefined;
    if (!only) return false;
    this.beginRecord();
    this.#removed = only;
    return true;
  }

  /** Whether something must be taken out of the sentence of the record. */
  get removes(): boolean {
    return this.#removed !== undefined;
  }

  /**
   * Whether nothing that is hidden stands anywhere else in the record from `start` on. In a sentence out of which something was taken it could have done so, and at the end of a value that
   * was cut: that is left to the ordinary way.
   */
  staysHidden({ body }: RecordPlan, start: number): boolean {
    if (this.hidden.count === 0) return true;
    if (this.#isCut || (body.kind === 'filled' && this.#isSentenceChanged)) return false;
    return !this.hidden.standIn(this.#buffer.bytes, start, this.#buffer.at);
  }

  #writeEnd(
    { format, status, eventName }: RecordPlan,
    { offset, number }: Position,
    place: WrittenPlace,
    observed: bigint,
  ): void {
    // Where a row begins in a file depends on how it was exported.
    this.places.write(format.decoder === 'row' ? NO_OFFSET : (offset ?? NO_OFFSET), number, place);
    this.writeStatus(status);
    this.writeIds();
    this.places.observed(observed);
    this.#buffer.raw(eventName);
  }

  /** How well the record was read. */
  writeStatus(status: Uint8Array): void {
    const shown = this.#isCut ? CUT : status;
    if (shown.length > 0) this.#buffer.raw(shown);
  }

  /** The ids of a trace that conversions found since {@link forgetIds}. */
  writeIds(): void {
    const { traceId, spanId } = this.#sink;
    if (traceId !== undefined) this.#writeId(TRACE_ID, traceId);
    if (spanId !== undefined) this.#writeId(SPAN_ID, spanId);
  }

  /** The same as text. */
  get ids(): Pick<AttributeSink, 'traceId' | 'spanId'> {
    return this.#sink;
  }

  /** A record begins, which has no ids yet. */
  forgetIds(): void {
    this.#sink.traceId = undefined;
    this.#sink.spanId = undefined;
  }

  #writeId(tag: number, hex: string): void {
    const bytes = new Uint8Array(hex.length / 2 + 2);
    bytes[0] = tag;
    bytes[1] = hex.length / 2;
    for (let at = 0; at < hex.length; at += 2) bytes[2 + at / 2] = Number.parseInt(hex.slice(at, at + 2), 16);
    this.#buffer.raw(bytes);
  }

  #writeBody({ body, context }: RecordPlan, values: readonly FieldValue[]): void {
    if (body.kind === 'message') this.writeMessage(context, values[body.value]?.text ?? '');
    else this.writeSentence(context, filled(body.text, values));
  }

  /** A sentence as the body; says whether it stayed as it was but for what it must not show. */
  writeSentence({ product }: MapContext, sentence: string): boolean {
    const text = this.#removed ? removeSecrets(sentence, this.#removed) : sentence;
    const shown = redactText(text, product.redaction);
    this.#isSentenceChanged = shown !== text;
    this.writeBodyText(shown);
    return !this.#isSentenceChanged;
  }

  /** The message as the body. */
  writeMessage(context: MapContext, message: string): void {
    const secrets = this.#secrets;
    const text = context.redactMessage(message, secrets);
    this.#hide(secrets);
    this.writeBodyText(text);
  }

  #hide(secrets: Map<string, string>): void {
    if (secrets.size === 0) return;
    this.hidden.add(secrets);
    secrets.clear();
  }

  /** `AnyValue` of the body, with its text. */
  writeBodyText(text: string): void {
    const buffer = this.#buffer;
    buffer.reserve(text.length * 3 + 16);
    const before = buffer.at;
    // Lengths of two bytes come out right for texts from 125 on, and shorter ones are moved together.
    buffer.at += 3;
    const from = buffer.at;
    buffer.text(STRING_VALUE, text);
    const length = buffer.at - from;
    const to = before + 1 + widthOf(length);
    buffer.reserve(8);
    if (to !== from) buffer.bytes.copyWithin(to, from, from + length);
    buffer.at = before;
    buffer.bytes[buffer.at++] = BODY;
    buffer.varint(length);
    buffer.at = to + length;
  }

  #writeSteps({ steps, context }: RecordPlan, values: readonly FieldValue[]): boolean {
    for (let at = 0; at < steps.length; at += 1) {
      const step = steps[at];
      if (step && !this.writeStep(step, values, context)) return false;
    }
    return true;
  }

  /** What a step makes of the values of a record; false when it is no plain one. */
  writeStep(step: Step, values: readonly FieldValue[], context: MapContext): boolean {
    const buffer = this.#buffer;
    if (step.kind === 'known') {
      buffer.raw(step.bytes);
      return true;
    }
    if (step.kind === 'text') {
      this.writeText(step.key, values[step.value]?.text ?? '', context);
      return true;
    }
    if (step.kind === 'convert') {
      const value = values[step.value];
      return value !== undefined && this.convert(step, value, context);
    }
    if (step.kind === 'pair') {
      const [first, second] = [values[step.first.value], values[step.second.value]];
      return first !== undefined && second !== undefined && this.convertPair(step, first, second, context);
    }
    if (step.kind === 'filled') {
      this.writeText(step.key, filled(step.text, values), context);
      return true;
    }
    const texts = step.values.map((index) => redactText(values[index]?.text ?? '', context.product.redaction));
    buffer.attribute(step.key, texts);
    return true;
  }

  /** A text without its secrets, as far as there is room for it. */
  writeText(key: Uint8Array, text: string, context: MapContext): void {
    const shown = redactText(text, context.product.redaction);
    const isLong = shown.length > context.limits.maxValueLength;
    this.#buffer.textAttribute(key, isLong ? cutText(shown, this.cutAt(context)) : shown);
  }

  /** The attributes that a conversion makes of a value. */
  convert(step: ConvertStep, value: FieldValue, context: MapContext): boolean {
    return this.#beginAttributes() && this.#convert(step, value, context) && this.#endAttributes(step, context);
  }

  /** The same for two values, of which the second one may override what the first one made. */
  convertPair(
    { first, second }: Extract<Step, { kind: 'pair' }>,
    one: FieldValue,
    other: FieldValue,
    context: MapContext,
  ): boolean {
    return (
      this.#beginAttributes() &&
      this.#convert(first, one, context) &&
      this.#convert(second, other, context) &&
      this.#endAttributes(first, context)
    );
  }

  #beginAttributes(): true {
    if (this.#sink.attributes.size > 0) this.#sink.attributes.clear();
    return true;
  }

  #convert(step: ConvertStep, value: FieldValue, context: MapContext): boolean {
    const sink = this.#sink;
    const isDone = step.convert(step.rule, value, context, sink);
    this.#hide(sink.secrets);
    if (isDone && sink.issues.length === 0) return true;
    resetSink(sink);
    return false;
  }

  #endAttributes({ taken }: ConvertStep, context: MapContext): boolean {
    const { attributes } = this.#sink;
    if (attributes.hasLonger(context.limits.maxValueLength)) return false;
    attributes.forEach((made, name) => {
      if (!taken.has(name)) this.#buffer.attribute(keyBytes(name), made);
    });
    return true;
  }
}

/** The text of a segment whose gaps are values. */
export function filled({ texts, values: indexes }: FilledText, values: readonly FieldValue[]): string {
  let text = texts[0] ?? '';
  for (let at = 0; at < indexes.length; at += 1)
    text += (values[indexes[at] ?? -1]?.text ?? '') + (texts[at + 1] ?? '');
  return text;
}

/** A segment as a text with gaps; `indexOf` finds a value, or a text that is known. Undefined when something is missing. */
export function fillKnown(
  { texts, names }: Segment,
  find: (name: string) => number | string | undefined,
): FilledText | undefined {
  const made: FilledText & { texts: string[]; values: number[] } = { texts: [texts[0] ?? ''], values: [] };
  for (let index = 0; index < names.length; index += 1) {
    const found = find(names[index] ?? '');
    const behind = texts[index + 1] ?? '';
    if (found === undefined) return undefined;
    if (typeof found === 'number') {
      made.values.push(found);
      made.texts.push(behind);
    } else made.texts[made.texts.length - 1] += found + behind;
  }
  return made;
}
