import type { TimeRule } from '@cryptrail/catalogue';
import { joinBytes, NO_BYTES } from '../bytes.ts';
import type { FieldValue } from '../records.ts';
import { type ByteTest, secretBytes } from '../redact/secret-bytes.ts';
import { secretNames } from '../redact/secret-names.ts';
import { ByteCache } from './byte-cache.ts';
import type { HiddenText } from './hidden-texts.ts';
import { attributeBytes, intHead, RecordBuffer, textHead } from './record-buffer.ts';
import type { RecordPart } from './record-part.ts';
import { type FilledText, type PlanWriter, type RecordPlan, type Step, valuesOf } from './record-plan.ts';
import { safeGaps } from './safe-text.ts';
import { indexOfToken, type Token } from './shape.ts';
import { type Block, blockOf, viewOf, type Words } from './words.ts';

/** Kinds of {@link LineOp}. */
export const OP_BLOCK = 0;
export const OP_TEXT = 1;
export const OP_INT = 2;
export const OP_BOOLEAN = 3;
export const OP_CONVERT = 4;
export const OP_PAIR = 5;
export const OP_FILLED = 6;
export const OP_LIST = 7;
export const OP_ID = 8;
export const OP_MESSAGE = 9;
export const OP_SENTENCE = 10;

/** A sentence that stays as it is as long as its values name no secrets: see {@link safeGaps}. */
export const OP_SAFE_SENTENCE = 11;
/** Bytes that stand for something hidden: see {@link LineOp.known}. */
export const OP_KNOWN = 12;
/** The last step: the name of the event. */
export const OP_END = 13;
/** From here on: a part of a text with gaps, and the value before it, if any. The second one begins with a tie. */
export const OP_GAP = 14;
export const OP_TIED_GAP = 15;

/** Numbers of one step in {@link LinePlan.code}: its kind, its value as {@link LineOp} has it, and where among {@link LinePlan.words} begins and ends what is known of it. */
export const OP_SIZE = 4;
export const OP_VALUE = 1;
export const OP_FROM = 2;
export const OP_TO = 3;

/** What a step of writing a line needs beside its numbers. All have the same members, so that those who walk them stay fast. */
export interface LineOp {
  readonly kind: number;
  /** Number of a value of the line, or behind those of a captured text; -1 where there is none. */
  readonly value: number;
  readonly step: Step | undefined;
  /** Of the one attribute that it makes; '' where it makes others. */
  readonly name: string;
  /** A text with gaps. */
  readonly text: FilledText;
  /** What was made of values before. Undefined for conversions until one is asked for: those by the same rule share it in all lines. */
  made: ByteCache<Made> | undefined;
  /** What is the same in all lines of the plan, and hides something. */
  readonly known: Made | undefined;
  /** What the bytes say that are known of it beforehand, when it has been asked for. */
  part: RecordPart | undefined;
}

/** What a step made of values. */
export interface Made extends Block {
  /** The texts that it stands for, which must be nowhere else in the record. */
  readonly hidden: readonly HiddenText[];
  /** The same as objects, when they have been asked for. */
  part: RecordPart | undefined;
}

/** Where the time of a line is. */
export interface LineTime {
  readonly rule: TimeRule;
  readonly value: number;
  readonly timeZone: string;
  /** The time that a layout printed, or -1. */
  readonly beside: number;
}

/** Whether the nanoseconds of a time stand in what a layout printed beside it. */
export function isRefined({ rule, beside }: LineTime): boolean {
  return rule.form === 'iso' && rule.refinedBy !== undefined && beside !== -1;
}

/** How the lines of one class, or those of one message in it, are written. */
export interface LinePlan {
  readonly record: RecordPlan;
  /** Where the line has the values of the record, but for those captured out of its message. */
  readonly places: readonly number[];
  /** Whether a secret may be among bytes. */
  readonly mayHold: ByteTest;
  /** The time rule whose value the line has; undefined when it has none. */
  readonly time: LineTime | undefined;
  /** All between the time and the place of the record, and what stands last in it. */
  readonly ops: readonly LineOp[];
  /** The same in numbers, which stand closely together: see {@link OP_SIZE}. */
  readonly code: Int32Array;
  /** What is written as it is, the attributes up to their values, and the parts of texts. */
  readonly words: Words;
  /** Ids of a trace may be among the values. */
  readonly hasIds: boolean;
}

/** A record that a plan was made for, as its line shows it. */
export interface LineExample {
  /** The values of the line, and where those of the record are among them: see {@link placesOf}. */
  readonly tokens: readonly Token[];
  readonly places: readonly number[];
  /** Texts captured out of the message; the same for all lines of the plan when `message` is given. */
  readonly captured: readonly FieldValue[];
  /** The text of the message that the plan is for, and which value of the record it is. */
  readonly message: { readonly text: string; readonly value: number } | undefined;
  /** What steps have made of values, for all plans of lines of the shape. */
  readonly caches: Map<object, ByteCache<Made>>;
}

/** Room for so many values, as a power of two. */
export const CONVERTED_BITS = 10;
const NO_CACHE = new ByteCache<Made>(0);
const NO_TEXT: FilledText = { texts: [], values: [] };
const encoder = new TextEncoder();

/** Where a line has the values of its record; -1 for those that it does not have. */
export function placesOf(record: readonly Token[], line: readonly Token[]): readonly number[] {
  return record.map(({ space, name }) => indexOfToken(line, space, name));
}

/**
 * Makes the plan of a record one for its line: its values are found where the line has them, and all that is known beforehand becomes bytes that are copied
 * in one go. Null when a value that the plan uses is not in the line, or when such records are no plain ones.
 */
export function planLine(
  plan: RecordPlan,
  example: LineExample,
  writer: PlanWriter,
  buffer: RecordBuffer,
): LinePlan | null {
  return new LinePlanner(plan, example, writer, buffer).plan();
}

let scratch: RecordBuffer | undefined;

class LinePlanner {
  readonly #plan: RecordPlan;
  readonly #example: LineExample;
  readonly #writer: PlanWriter;
  readonly #buffer: RecordBuffer;
  readonly #places: readonly number[];
  readonly #ops: LineOp[] = [];
  readonly #code: number[] = [];
  /** All that is known beforehand. One line is planned at a time. */
  readonly #known: RecordBuffer;
  #isWhole = true;

  constructor(plan: RecordPlan, example: LineExample, writer: PlanWriter, buffer: RecordBuffer) {
    this.#plan = plan;
    this.#example = example;
    this.#writer = writer;
    this.#buffer = buffer;
    this.#places = example.places;
    scratch ??= new RecordBuffer(1024);
    this.#known = scratch;
    this.#known.at = 0;
  }

  plan(): LinePlan | null {
    const record = this.#plan;
    this.#block(record.severity);
    if (!this.#body()) return null;
    for (let at = 0; at < record.steps.length; at += 1) {
      const step = record.steps[at];
      if (step && !this.#step(step)) return null;
    }
    const first = record.times[0];
    const hasIds = this.#ops.some(({ kind }) => kind === OP_ID);
    const time = first && {
      ...first,
      value: this.#at(first.value),
      timeZone: zoneOf(first.rule, record),
      beside: indexOfToken(this.#example.tokens, 'layout', 'time'),
    };
    this.#op({ kind: OP_END, bytes: record.eventName });
    const mayHold = secretBytes(secretNames(record.context.product.redaction));
    const code = new Int32Array(this.#code);
    const words = viewOf(this.#known.bytes.slice(0, this.#known.at));
    return this.#isWhole ? { record, places: this.#places, mayHold, time, ops: this.#ops, code, words, hasIds } : null;
  }

  /** Where the line has a value of the record. */
  #at(value: number): number {
    const { length } = this.#places;
    const place = value < length ? (this.#places[value] ?? -1) : value - length + this.#example.tokens.length;
    if (place === -1) this.#isWhole = false;
    return place;
  }

  #body(): boolean {
    const { body, context } = this.#plan;
    if (body.kind === 'filled') {
      this.#sentence(body.text);
      return true;
    }
    const { message } = this.#example;
    if (message?.value === body.value) {
      return this.#written(() => {
        this.#writer.writeMessage(context, message.text);
        return true;
      });
    }
    const { secretMessages = [], sqlMessages = [] } = context.product.redaction;
    if (secretMessages.length + sqlMessages.length > 0)
      this.#op({ kind: OP_MESSAGE, value: this.#at(body.value) }, body);
    else this.#sentence({ texts: ['', ''], values: [body.value] });
    return true;
  }

  #sentence(filled: FilledText): void {
    const text = { texts: filled.texts, values: filled.values.map((value) => this.#at(value)) };
    const gaps = safeGaps(text, this.#plan.context.product.redaction);
    this.#filled({ kind: gaps ? OP_SAFE_SENTENCE : OP_SENTENCE, text }, gaps, this.#plan.body);
  }

  /** A step, and behind it the parts of a text with the values before them. */
  #filled(op: NewOp & Pick<LineOp, 'text'>, ties: readonly boolean[] = [], owner?: object): void {
    this.#op(op, owner);
    const { texts, values } = op.text;
    for (let index = 0; index < texts.length; index += 1) {
      const kind = ties[index - 1] ? OP_TIED_GAP : OP_GAP;
      this.#op({ kind, value: values[index - 1] ?? -1, bytes: encoder.encode(texts[index]) });
    }
  }

  /** Values that the message holds are the same in all lines of a plan for one message. */
  #step(step: Step): boolean {
    if (step.kind === 'known') {
      this.#block(step.bytes);
      return true;
    }
    const isId = step.kind === 'convert' && (step.rule.to === 'trace_id' || step.rule.to === 'span_id');
    if (this.#example.message && !isId && valuesOf(step).every((value) => value >= this.#places.length))
      return this.#written(() => this.#writer.writeStep(step, this.#knownValues(), this.#plan.context));
    const moved = moveStep(step, (value) => this.#at(value));
    if (moved.kind === 'text')
      this.#op({ kind: OP_TEXT, value: moved.value, bytes: textHead(moved.name), step: moved }, step);
    else if (moved.kind === 'filled')
      this.#filled({ kind: OP_FILLED, bytes: textHead(moved.name), step: moved, text: moved.text });
    else if (moved.kind === 'list') this.#op({ kind: OP_LIST, step: moved });
    else if (moved.kind === 'pair') this.#op({ kind: OP_PAIR, value: moved.first.value, step: moved }, step);
    else if (moved.taken.size > 0) this.#op({ ...convertOp(moved), value: moved.value, step: moved }, step);
    else this.#op({ ...convertOp(moved), value: moved.value, step: moved, made: undefined });
    return true;
  }

  /** The values of the record as far as they are the same in all lines. */
  #knownValues(): FieldValue[] {
    const missing: FieldValue = { kind: 'null', text: '' };
    return [...this.#places.map(() => missing), ...this.#example.captured];
  }

  /** Adds what is written now; false when nothing could be, or when it says something of the whole record. */
  #written(write: () => boolean): boolean {
    const before = this.#buffer.at;
    this.#writer.beginRecord();
    const done = write() && !this.#writer.isCut;
    const bytes = this.#buffer.bytes.slice(before, this.#buffer.at);
    const hidden = this.#writer.hidden.since(0);
    this.#buffer.at = before;
    if (hidden.length === 0) this.#block(bytes);
    else this.#op({ kind: OP_KNOWN, known: { ...blockOf(bytes), hidden, part: undefined } });
    return done;
  }

  /** Neighbouring bytes are one step. */
  #block(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.#ops.at(-1)?.kind !== OP_BLOCK) {
      this.#op({ kind: OP_BLOCK, bytes });
      return;
    }
    this.#known.raw(bytes);
    this.#code[this.#code.length - OP_SIZE + OP_TO] = this.#known.at;
  }

  /** `owner`: whose conversions are remembered. */
  #op(op: NewOp, owner?: object): void {
    const { kind, value = -1, bytes = NO_BYTES, step, text = NO_TEXT, known } = op;
    const made = owner ? this.#cacheOf(owner) : 'made' in op ? op.made : NO_CACHE;
    const from = this.#known.at;
    this.#known.raw(bytes);
    this.#code.push(kind, value, from, this.#known.at);
    this.#ops.push({ kind, value, step, name: nameOf(step), text, made, known, part: undefined });
  }

  #cacheOf(owner: object): ByteCache<Made> {
    const { caches } = this.#example;
    const known = caches.get(owner);
    if (known) return known;
    const made = new ByteCache<Made>(CONVERTED_BITS);
    caches.set(owner, made);
    return made;
  }
}

/** `bytes`: what is known beforehand. */
type NewOp = Partial<LineOp> & Pick<LineOp, 'kind'> & { readonly bytes?: Uint8Array };

/** The attribute that a step makes, when it is the only one. */
function nameOf(step: Step | undefined): string {
  if (step?.kind === 'convert') return step.rule.attribute ?? '';
  return step && 'name' in step ? step.name : '';
}

/** What is known of the attributes that a conversion makes. */
function convertOp({ rule, taken }: Extract<Step, { kind: 'convert' }>): NewOp {
  if (rule.to === 'trace_id' || rule.to === 'span_id') return { kind: OP_ID };
  const { attribute, convert, words, type } = rule;
  if (convert !== undefined || words || rule.also || attribute === undefined || taken.size > 0)
    return { kind: OP_CONVERT };
  const head = type === 'int' ? intHead(attribute) : undefined;
  if (head) return { kind: OP_INT, bytes: head };
  if (type !== 'boolean') return { kind: OP_CONVERT };
  // Both are of the same length.
  return { kind: OP_BOOLEAN, bytes: joinBytes([attributeBytes(attribute, false), attributeBytes(attribute, true)]) };
}

function zoneOf(rule: TimeRule, { timeZone }: RecordPlan): string {
  return rule.form === 'layout' || ('zone' in rule && rule.zone === 'option') ? timeZone : 'UTC';
}

function moveStep(
  step: Exclude<Step, { kind: 'known' }>,
  at: (value: number) => number,
): Exclude<Step, { kind: 'known' }> {
  if (step.kind === 'list') return { ...step, values: step.values.map(at) };
  if (step.kind === 'filled') return { ...step, text: { ...step.text, values: step.text.values.map(at) } };
  if (step.kind !== 'pair') return { ...step, value: at(step.value) };
  const { first, second } = step;
  return { ...step, first: { ...first, value: at(first.value) }, second: { ...second, value: at(second.value) } };
}
