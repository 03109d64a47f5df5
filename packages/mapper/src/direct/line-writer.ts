import { NO_BYTES } from '../bytes.ts';
import type { MapContext } from '../map/conversions.ts';
import { readTime } from '../map/timestamp.ts';
import type { FieldValue } from '../records.ts';
import type { ByteTest } from '../redact/secret-bytes.ts';
import { redactText } from '../redact/text.ts';
import { ByteCache } from './byte-cache.ts';
import type { WrittenSteps } from './known-steps.ts';
import {
  CONVERTED_BITS,
  isRefined,
  type LineOp,
  type LinePlan,
  type LineTime,
  type Made,
  OP_BLOCK,
  OP_BOOLEAN,
  OP_CONVERT,
  OP_END,
  OP_FILLED,
  OP_FROM,
  OP_GAP,
  OP_ID,
  OP_INT,
  OP_KNOWN,
  OP_LIST,
  OP_MESSAGE,
  OP_PAIR,
  OP_SAFE_SENTENCE,
  OP_SENTENCE,
  OP_SIZE,
  OP_TEXT,
  OP_TIED_GAP,
  OP_TO,
  OP_VALUE,
} from './line-plan.ts';
import {
  BEYOND,
  CLEAN,
  ESCAPED,
  FORBIDDEN,
  INT,
  KINDS,
  kindOf,
  MAX_TOKENS,
  PLAIN_SIGNS,
  STRING,
  TELLING,
  TEXT,
} from './line-scanner.ts';
import type { LineValues } from './line-values.ts';
import { TIME } from './otlp-tags.ts';
import { listItemLength, type RecordBuffer } from './record-buffer.ts';
import type { ConvertStep, PlanWriter, RecordPlan, Step, WrittenPlace } from './record-plan.ts';
import type { RepeatedLine, RepeatedTimes } from './repeated-lines.ts';
import { nanosBeside, writeGroupedTime, writeIsoTime, writeMillisTime, writeUnixTime } from './time-bytes.ts';
import { utf8Text } from './utf8.ts';
import { blockOf } from './words.ts';

const LETTER_T = 0x74;
const ZERO = 0x30;
const NINE = 0x39;
const EQUALS = 0x3d;
const MAX_DIGITS = 15;
const MAX_REMEMBERED_BYTES = 512;
const TEXT_BITS = 10;
const encoder = new TextEncoder();
const NOWHERE = { number: 0 };
/** Where nothing stands round a line. */
const BARE = { isWrapped: false };
/** What is remembered of a sentence out of which nothing has to be taken. */
const NOTHING_HIDDEN: Made = { ...blockOf(NO_BYTES), hidden: [], part: undefined };

/** Writes the record of a line by its plan, from bytes to bytes. */
export class LineWriter {
  readonly #buffer: RecordBuffer;
  readonly #writer: PlanWriter;
  readonly #values: LineValues;
  readonly #texts = new ByteCache<Uint8Array>(TEXT_BITS);
  /** What was made of values, by rule. */
  readonly #made = new WeakMap<object, ByteCache<Made>>();
  #mayHoldSecret: ByteTest | undefined;
  #maxLength = 0;
  #isPlain = false;
  /** What is remembered of the step that was made last. */
  made: Made | undefined;
  /** Of the record that was written last, from its first byte on: all between its time and its place, and its whole length. */
  #blockStart = 0;
  #blockEnd = 0;
  #length = 0;

  constructor(buffer: RecordBuffer, writer: PlanWriter, values: LineValues) {
    this.#buffer = buffer;
    this.#writer = writer;
    this.#values = values;
  }

  /** False: the line is no plain one of its class, and nothing was written. */
  write(plan: LinePlan, offset: number, number: number, place: WrittenPlace, observed: bigint): boolean {
    const writer = this.#writer;
    this.begin(plan);
    if (this.#write(plan, offset, number, place, observed)) return true;
    return writer.beginAgain(plan.record) && this.#write(plan, offset, number, place, observed);
  }

  /** Makes ready for the steps of a plan, of which {@link step} makes one. */
  begin({ mayHold, record }: LinePlan): void {
    this.#mayHoldSecret = mayHold;
    this.#maxLength = record.context.limits.maxValueLength;
    this.#writer.beginRecord();
    this.#isPlain = true;
  }

  #write(plan: LinePlan, offset: number, number: number, place: WrittenPlace, observed: bigint): boolean {
    const buffer = this.#buffer;
    const before = buffer.at;
    const start = buffer.beginRecord();
    if (plan.hasIds) this.#writer.forgetIds();
    if (this.#time(plan, place)) {
      this.#blockStart = buffer.at - start;
      if (this.#ops(plan)) {
        this.#blockEnd = buffer.at - start;
        if (this.#end(plan, start, offset, number, place, observed)) return true;
      }
    }
    buffer.at = before;
    return false;
  }

  #end(
    { hasIds, code, words, record }: LinePlan,
    start: number,
    offset: number,
    number: number,
    place: WrittenPlace,
    observed: bigint,
  ): boolean {
    const buffer = this.#buffer;
    const writer = this.#writer;
    writer.places.write(offset, number, place);
    writer.writeStatus(record.status);
    if (hasIds) writer.writeIds();
    writer.places.observed(observed);
    const last = code.length - OP_SIZE;
    buffer.part(words, code[last + OP_FROM] ?? 0, code[last + OP_TO] ?? 0);
    if (!writer.staysHidden(record, start)) return false;
    this.#length = buffer.at - start;
    buffer.endRecord(start);
    return true;
  }

  /** What stands between the time and the place of the record that was written last, and what that hides; undefined when it depends on more than the line. */
  lastBlock(): Pick<RepeatedLine, 'block' | 'hidden'> | undefined {
    const { bytes, at } = this.#buffer;
    const { hidden, isCut } = this.#writer;
    if (isCut) return undefined;
    const start = at - this.#length;
    const block = blockOf(bytes.slice(start + this.#blockStart, start + this.#blockEnd));
    return { block, hidden: hidden.since(0) };
  }

  /** Whether the record that was written last hides anything that may not stand in it. */
  get hides(): boolean {
    return this.#writer.hidden.count > 0 || this.#writer.removes;
  }

  /** Whether its sentence, if it has one, is the bytes of its values as they stand in the line, with no name of secrets among them. */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** What the steps of its plan wrote of the line that was written last; undefined when that depends on more than the line. */
  lastSteps(plan: LinePlan): WrittenSteps | undefined {
    const buffer = this.#buffer;
    if (this.#writer.isCut) return undefined;
    const before = buffer.at;
    const starts: number[] = [];
    const isDone = this.#ops(plan, starts);
    const bytes = buffer.bytes.slice(before, buffer.at);
    buffer.at = before;
    return isDone ? { bytes, starts: starts.map((start) => start - before) } : undefined;
  }

  /** Writes the record of a line that is like one before it but for its time. False: it is none, and nothing was written. */
  writeAgain(
    line: RepeatedLine,
    bytes: Uint8Array,
    times: RepeatedTimes,
    offset: number,
    number: number,
    place: WrittenPlace,
    observed: bigint,
  ): boolean {
    const { plan, block, hidden } = line;
    const buffer = this.#buffer;
    const before = buffer.at;
    const start = buffer.beginRecord();
    const writer = this.#writer;
    writer.beginRecord();
    if (this.#timeAgain(line, bytes, times, place)) {
      buffer.block(block);
      if (hidden.length > 0) writer.hidden.addAgain(hidden);
      if (this.#end(plan, start, offset, number, place, observed)) return true;
    }
    buffer.at = before;
    return false;
  }

  /** The time of the line that was scanned last, in nanoseconds since 1970; 0n when it has none, undefined when it is none that can be read. */
  nanos(plan: LinePlan): bigint | undefined {
    return this.#nanos(() => this.#time(plan, BARE));
  }

  /** The same for a line that is like one before it but for its time. */
  nanosAgain(line: RepeatedLine, bytes: Uint8Array, times: RepeatedTimes): bigint | undefined {
    return this.#nanos(() => this.#timeAgain(line, bytes, times, BARE));
  }

  #nanos(writeTime: () => boolean): bigint | undefined {
    const buffer = this.#buffer;
    const { at } = buffer;
    const isRead = writeTime();
    buffer.at = at;
    return isRead ? buffer.fixed64At(at) : undefined;
  }

  #timeAgain(
    { plan: { time } }: RepeatedLine,
    bytes: Uint8Array,
    { timeStart, timeEnd, besideStart, besideEnd }: RepeatedTimes,
    place: Pick<WrittenPlace, 'isWrapped'>,
  ): boolean {
    if (!time) return this.#noTime(place);
    const refined = isRefined(time) ? nanosBeside(bytes, timeStart, besideStart, besideEnd) : 0;
    return writeTime(this.#buffer, time, bytes, timeStart, timeEnd, refined);
  }

  /** What stands round a line may have a time for it. */
  #noTime({ isWrapped }: Pick<WrittenPlace, 'isWrapped'>): boolean {
    if (!isWrapped) this.#buffer.time(0, 0);
    return !isWrapped;
  }

  #time({ time, record }: LinePlan, place: Pick<WrittenPlace, 'isWrapped'>): boolean {
    if (!time) return this.#noTime(place);
    const buffer = this.#buffer;
    const { bytes, scanner } = this.#values;
    const { value, beside } = time;
    const start = scanner.starts[value] ?? 0;
    const end = scanner.ends[value] ?? 0;
    const refined = isRefined(time)
      ? nanosBeside(bytes, start, scanner.starts[beside] ?? 0, scanner.ends[beside] ?? 0)
      : 0;
    return writeTime(buffer, time, bytes, start, end, refined) || this.#otherTime(record);
  }

  /** A time in another form, read as the ordinary way does. */
  #otherTime({ format, timeZone }: RecordPlan): boolean {
    const fields = new Map<string, FieldValue>();
    const details = new Map<string, FieldValue>();
    for (const { form, field, in: space = 'fields' } of format.time) {
      if (form === 'layout' || (space !== 'fields' && space !== 'details')) continue;
      const value = this.#find(space, field);
      if (value) (space === 'details' ? details : fields).set(field, value);
    }
    const time = this.#find('layout', 'time')?.text;
    const layout = time === undefined ? undefined : { time };
    const record = { fields, details, original: '', position: NOWHERE, issues: [], ...(layout ? { layout } : {}) };
    const { nanos } = readTime(record, format, timeZone);
    if (nanos !== undefined) this.#buffer.fixed64(TIME, nanos);
    return nanos !== undefined;
  }

  #find(wanted: string, field: string): FieldValue | undefined {
    const values = this.#values;
    const index = values.shape?.tokens.findIndex(({ space, name }) => space === wanted && name === field) ?? -1;
    const text = index === -1 ? undefined : values.text(index);
    return text === undefined ? undefined : { kind: kindOf(values.scanner.kinds[index] ?? TEXT), text };
  }

  /** @param starts Takes where each step begins. */
  #ops(plan: LinePlan, starts?: number[]): boolean {
    const { code, words } = plan;
    const buffer = this.#buffer;
    for (let at = 0; ; at += OP_SIZE) {
      const kind = code[at];
      starts?.push(buffer.at);
      if (kind === OP_BLOCK) buffer.part(words, code[at + OP_FROM] ?? 0, code[at + OP_TO] ?? 0);
      else if (kind === OP_TEXT) {
        if (!this.#text(plan, at)) return false;
      } else if (kind === OP_INT) {
        if (!this.#int(plan, at)) return false;
      } else if (kind === OP_SAFE_SENTENCE) {
        if (!this.#safeSentence(plan, at)) return false;
      } else if (kind === OP_END) return true;
      else if (kind === undefined || (kind < OP_GAP && !this.#other(plan, at))) return false;
    }
  }

  /** Writes what one step makes, which is {@link made} where it is remembered. False: the line is no plain one. */
  step(plan: LinePlan, at: number): boolean {
    this.made = undefined;
    const kind = plan.code[at];
    if (kind === OP_TEXT) return this.#text(plan, at);
    if (kind === OP_INT) return this.#int(plan, at);
    return kind === OP_SAFE_SENTENCE ? this.#safeSentence(plan, at) : this.#other(plan, at);
  }

  #other(plan: LinePlan, at: number): boolean {
    const op = plan.ops[at / OP_SIZE];
    const { context } = plan.record;
    switch (op?.kind) {
      case OP_SENTENCE:
        return this.#sentence(plan, at);
      case OP_CONVERT:
      case OP_MESSAGE:
        return this.#converted(op, op.value, op.value, context);
      case OP_BOOLEAN:
        return this.#boolean(plan, at, op);
      case OP_PAIR:
        return op.step?.kind === 'pair' && this.#converted(op, op.step.first.value, op.step.second.value, context);
      case OP_FILLED:
        return this.#filled(plan, at, op);
      case OP_ID:
        return op.step?.kind === 'convert' && this.#convert(op.step, context);
      case OP_LIST:
        return this.#list(op, context);
      case OP_KNOWN:
        return op.known !== undefined && this.#addMade(op.known);
      default:
        return false;
    }
  }

  #text(plan: LinePlan, at: number): boolean {
    const { code, words } = plan;
    const value = code[at + OP_VALUE] ?? 0;
    const { scanner, bytes, count } = this.#values;
    const signs = scanner.signs[value] ?? 0;
    const start = scanner.starts[value] ?? 0;
    const end = scanner.ends[value] ?? 0;
    const isLong = end - start > this.#maxLength;
    const isOther = (signs & ESCAPED) !== 0 || (isLong && (signs & BEYOND) !== 0);
    if (value >= count || isOther) return this.#otherText(plan, at);
    if (!this.isClean(value)) return this.#otherText(plan, at);
    const stop = isLong ? start + this.#writer.cutAt(plan.record.context) : end;
    this.#buffer.beginText(words, code[at + OP_FROM] ?? 0, code[at + OP_TO] ?? 0, stop - start);
    this.#buffer.copy(bytes, start, stop);
    return true;
  }

  /** Whether a value of the line that is its bytes names no secret. */
  isClean(value: number): boolean {
    const { scanner, bytes } = this.#values;
    const signs = scanner.signs[value] ?? 0;
    if ((signs & (TELLING | CLEAN)) !== TELLING) return true;
    if (this.#mayHold(bytes, scanner.starts[value] ?? 0, scanner.ends[value] ?? 0)) return false;
    // Texts of some values become several attributes.
    scanner.signs[value] = signs | CLEAN;
    return true;
  }

  /** A text that is not its bytes, or not all of them. */
  #otherText({ ops, record: { context } }: LinePlan, at: number): boolean {
    const op = ops[at / OP_SIZE];
    return op !== undefined && this.#converted(op, op.value, op.value, context);
  }

  /** A text that needs a closer look. */
  #textOf({ step, value }: LineOp, context: MapContext): boolean {
    const text = this.#values.text(value);
    if (step?.kind !== 'text' || text === undefined) return false;
    this.#writer.writeText(step.key, text, context);
    return true;
  }

  #int(plan: LinePlan, at: number): boolean {
    const { code, words } = plan;
    const number = this.wholeNumber(code[at + OP_VALUE] ?? 0);
    if (number === -1) return this.#otherText(plan, at);
    this.#buffer.int(words, code[at + OP_FROM] ?? 0, code[at + OP_TO] ?? 0, number);
    return true;
  }

  /** The number that the digits of a value are; -1 when it is anything else. */
  wholeNumber(value: number): number {
    const { scanner, bytes, count } = this.#values;
    const kind = scanner.kinds[value] ?? TEXT;
    const start = scanner.starts[value] ?? 0;
    const end = scanner.ends[value] ?? 0;
    const isText = kind === INT || kind === STRING || kind === TEXT;
    if (value >= count || !isText || start === end || end - start > MAX_DIGITS) return -1;
    let number = 0;
    for (let place = start; place < end; place += 1) {
      const digit = (bytes[place] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) return -1;
      number = number * 10 + digit;
    }
    return number;
  }

  #boolean({ code, words, record: { context } }: LinePlan, at: number, op: LineOp): boolean {
    const { scanner, bytes, count } = this.#values;
    const { value } = op;
    if (value >= count || kindOf(scanner.kinds[value] ?? TEXT) !== 'boolean')
      return this.#converted(op, value, value, context);
    const from = code[at + OP_FROM] ?? 0;
    const to = code[at + OP_TO] ?? 0;
    const middle = (from + to) / 2;
    // `true` or `false`: nothing else is a boolean.
    const isTrue = bytes[scanner.starts[value] ?? 0] === LETTER_T;
    this.#buffer.part(words, isTrue ? middle : from, isTrue ? to : middle);
    return true;
  }

  /** What is made of values depends on them alone, and values come again. */
  #converted(op: LineOp, first: number, last: number, context: MapContext): boolean {
    const { scanner, bytes, count } = this.#values;
    const start = scanner.starts[first] ?? 0;
    const end = scanner.ends[last] ?? 0;
    const isKept = last < count && end >= start && end - start <= MAX_REMEMBERED_BYTES;
    const cache = op.made ?? this.#madeBy(op);
    const seed = isKept ? this.#seedOf(first) : 0;
    const known = isKept ? cache.get(bytes, start, end, seed) : undefined;
    if (known) return this.#addMade(known);
    const from = this.#buffer.at;
    const { hidden } = this.#writer;
    const before = hidden.count;
    if (!this.#make(op, context)) return false;
    // What was cut says so each time.
    if (isKept && !this.#writer.isCut) {
      const block = blockOf(this.#buffer.bytes.slice(from, this.#buffer.at));
      this.made = { ...block, hidden: hidden.since(before), part: undefined };
      cache.set(bytes, start, end, this.made, seed);
    }
    return true;
  }

  #addMade(made: Made): true {
    this.made = made;
    this.#buffer.block(made);
    if (made.hidden.length > 0) this.#writer.hidden.addAgain(made.hidden);
    return true;
  }

  /** What was made by the rule of a step, whatever the lines. */
  #madeBy(op: LineOp): ByteCache<Made> {
    const rule = op.step?.kind === 'convert' ? op.step.rule : op;
    op.made = this.#made.get(rule) ?? new ByteCache<Made>(CONVERTED_BITS);
    this.#made.set(rule, op.made);
    return op.made;
  }

  /** Beside its bytes the kind of a value counts, and where their text is another one, whose value it is. */
  #seedOf(value: number): number {
    const { scanner } = this.#values;
    const kind = scanner.kinds[value] ?? TEXT;
    return ((scanner.signs[value] ?? 0) & ESCAPED) === 0 ? kind : this.#ownSeed(value) * KINDS.length + kind;
  }

  #ownSeed(value: number): number {
    return (this.#values.shape?.id ?? 0) * MAX_TOKENS + value;
  }

  #make(op: LineOp, context: MapContext): boolean {
    if (op.kind === OP_TEXT) return this.#textOf(op, context);
    if (op.kind === OP_MESSAGE) {
      const text = this.#values.text(op.value);
      if (text === undefined) return false;
      this.#writer.writeMessage(context, text);
      return true;
    }
    const { step } = op;
    if (step?.kind === 'convert') return this.#convert(step, context);
    if (step?.kind !== 'pair') return false;
    const first = this.#value(step.first.value);
    const second = this.#value(step.second.value);
    return first !== undefined && second !== undefined && this.#writer.convertPair(step, first, second, context);
  }

  #convert(step: ConvertStep, context: MapContext): boolean {
    const value = this.#value(step.value);
    return value !== undefined && this.#writer.convert(step, value, context);
  }

  #value(index: number): FieldValue | undefined {
    const { captured, count, scanner } = this.#values;
    if (index >= count) return captured[index - count];
    const text = this.#values.text(index);
    return text === undefined ? undefined : { kind: kindOf(scanner.kinds[index] ?? TEXT), text };
  }

  /** Puts a sentence together out of bytes, unless one of its values names a secret. */
  #safeSentence(plan: LinePlan, at: number): boolean {
    if (this.#writer.removes || !this.nameNothing(plan, at)) return this.#sentence(plan, at);
    const length = this.#lengthOf(plan, at);
    if (length === -1) return this.#sentence(plan, at);
    this.#buffer.beginBody(length);
    this.#fill(plan, at);
    return true;
  }

  /** The same for any other, which is taken back when there could be a secret in it. */
  #sentence(plan: LinePlan, at: number): boolean {
    const op = plan.ops[at / OP_SIZE];
    if (!op) return false;
    const buffer = this.#buffer;
    const { context } = plan.record;
    const length = this.#writer.removes ? -1 : this.#lengthOf(plan, at);
    if (length === -1) {
      this.#isPlain = false;
      return this.#sentenceText(op, context);
    }
    const before = buffer.at;
    buffer.beginBody(length);
    const from = buffer.at;
    this.#fill(plan, at);
    if (!this.#mayHold(buffer.bytes, from, buffer.at)) return true;
    this.#isPlain = false;
    // Sentences come again, and most that could hold a secret hold none.
    const isKept = buffer.at - from <= MAX_REMEMBERED_BYTES;
    if (isKept && op.made?.get(buffer.bytes, from, buffer.at)) return true;
    const sentence = utf8Text(buffer.bytes, from, buffer.at);
    buffer.at = before;
    const isWhole = this.#writer.writeSentence(context, sentence);
    if (isWhole && isKept) op.made?.set(buffer.bytes, from, buffer.at, NOTHING_HIDDEN);
    return true;
  }

  /** Whether the values of the text whose parts follow a step name no secrets, and tie nothing to a name before them. */
  nameNothing({ code }: LinePlan, at: number): boolean {
    const { scanner, bytes, count } = this.#values;
    for (let gap = at + OP_SIZE; (code[gap] ?? 0) >= OP_GAP; gap += OP_SIZE) {
      const value = code[gap + OP_VALUE] ?? -1;
      if (value === -1) continue;
      const signs = scanner.signs[value] ?? 0;
      const isTied = code[gap] === OP_TIED_GAP;
      if (value >= count || (signs & ESCAPED) !== 0) {
        const whole = value < count ? this.#unescaped(value) : undefined;
        if (!whole || !this.#namesNothing(whole, 0, whole.length, !tells(whole), isTied)) return false;
        continue;
      }
      const start = scanner.starts[value] ?? 0;
      const end = scanner.ends[value] ?? 0;
      if (!this.#namesNothing(bytes, start, end, (signs & TELLING) === 0, isTied)) return false;
      // Most of them are attributes, too.
      scanner.signs[value] = signs | CLEAN;
    }
    return true;
  }

  /** The same for one value. `isWord`: nothing in it ties a name to a value; `isTied`: what follows does. */
  #namesNothing(bytes: Uint8Array, start: number, end: number, isWord: boolean, isTied: boolean): boolean {
    if (!isWord && !isHarmless(bytes, start, end)) return false;
    if (!this.#mayHold(bytes, start, end)) return true;
    // A name that nothing ties to a value, but the one that needs no tie.
    return isWord && !isTied && !utf8Text(bytes, start, end).toLowerCase().includes('bearer');
  }

  /** The same where a value is not its bytes. */
  #sentenceText(op: LineOp, context: MapContext): boolean {
    const shown = this.filledText(op);
    if (shown === undefined) return false;
    this.#writer.writeSentence(context, shown);
    return true;
  }

  /** Whether a secret may be among bytes. */
  #mayHold(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#mayHoldSecret?.(bytes, start, end) !== false;
  }

  #filled(plan: LinePlan, at: number, op: LineOp): boolean {
    const buffer = this.#buffer;
    const { code, words } = plan;
    const { context } = plan.record;
    const length = this.#lengthOf(plan, at);
    if (length === -1 || length > context.limits.maxValueLength) return this.#filledAttribute(op, context);
    const before = buffer.at;
    buffer.beginText(words, code[at + OP_FROM] ?? 0, code[at + OP_TO] ?? 0, length);
    const from = buffer.at;
    this.#fill(plan, at);
    if (!this.#mayHold(buffer.bytes, from, buffer.at)) return true;
    buffer.at = before;
    return this.#filledAttribute(op, context);
  }

  #filledAttribute(op: LineOp, context: MapContext): boolean {
    const text = this.filledText(op);
    if (op.step?.kind !== 'filled' || text === undefined) return false;
    this.#writer.writeText(op.step.key, text, context);
    return true;
  }

  /** The length in bytes of the text whose parts follow a step; -1 when a value is not its bytes. */
  #lengthOf({ code }: LinePlan, at: number): number {
    const { scanner, count } = this.#values;
    let length = 0;
    for (let gap = at + OP_SIZE; (code[gap] ?? 0) >= OP_GAP; gap += OP_SIZE) {
      length += (code[gap + OP_TO] ?? 0) - (code[gap + OP_FROM] ?? 0);
      const value = code[gap + OP_VALUE] ?? -1;
      if (value === -1) continue;
      if (value >= count) return -1;
      if (((scanner.signs[value] ?? 0) & ESCAPED) !== 0) {
        const part = this.#unescaped(value);
        if (!part) return -1;
        length += part.length;
      } else length += (scanner.ends[value] ?? 0) - (scanner.starts[value] ?? 0);
    }
    return length;
  }

  #fill({ code, words }: LinePlan, at: number): void {
    const { scanner, bytes } = this.#values;
    const buffer = this.#buffer;
    for (let gap = at + OP_SIZE; (code[gap] ?? 0) >= OP_GAP; gap += OP_SIZE) {
      const value = code[gap + OP_VALUE] ?? -1;
      const isEscaped = value !== -1 && ((scanner.signs[value] ?? 0) & ESCAPED) !== 0;
      const whole = isEscaped ? this.#unescaped(value) : undefined;
      if (isEscaped) this.#isPlain = false;
      if (whole) buffer.raw(whole);
      else if (value !== -1) buffer.copy(bytes, scanner.starts[value] ?? 0, scanner.ends[value] ?? 0);
      buffer.part(words, code[gap + OP_FROM] ?? 0, code[gap + OP_TO] ?? 0);
    }
  }

  /** The text of an escaped value in UTF-8. Values come again. */
  #unescaped(value: number): Uint8Array | undefined {
    const { scanner, bytes } = this.#values;
    const start = scanner.starts[value] ?? 0;
    const end = scanner.ends[value] ?? 0;
    if (end - start > MAX_REMEMBERED_BYTES) return undefined;
    const seed = this.#ownSeed(value);
    const known = this.#texts.get(bytes, start, end, seed);
    if (known) return known;
    const text = this.#values.text(value);
    const made = text === undefined ? undefined : encoder.encode(text);
    if (made) this.#texts.set(bytes, start, end, made, seed);
    return made;
  }

  filledText({ text: { texts, values } }: LineOp): string | undefined {
    let shown = texts[0] ?? '';
    for (let index = 0; index < values.length; index += 1) {
      const part = this.#values.text(values[index] ?? 0);
      if (part === undefined) return undefined;
      shown += part + (texts[index + 1] ?? '');
    }
    return shown;
  }

  #list({ step }: LineOp, context: MapContext): boolean {
    if (step?.kind !== 'list') return false;
    const length = this.#listLength(step.values);
    if (length === -1) return this.#listTexts(step, context);
    const { scanner, bytes } = this.#values;
    this.#buffer.beginList(step.key, length);
    for (const value of step.values) this.#buffer.listItem(bytes, scanner.starts[value] ?? 0, scanner.ends[value] ?? 0);
    return true;
  }

  /** The length of a list in bytes; -1 when a text is not its bytes, or there may be a secret in it. */
  #listLength(values: readonly number[]): number {
    const { scanner, bytes, count } = this.#values;
    let length = 0;
    for (const value of values) {
      const signs = scanner.signs[value] ?? 0;
      const start = scanner.starts[value] ?? 0;
      const end = scanner.ends[value] ?? 0;
      if (value >= count || (signs & ESCAPED) !== 0) return -1;
      if ((signs & TELLING) !== 0 && this.#mayHold(bytes, start, end)) return -1;
      length += listItemLength(end - start);
    }
    return length;
  }

  #listTexts(step: Extract<Step, { kind: 'list' }>, context: MapContext): boolean {
    const texts: string[] = [];
    for (const value of step.values) {
      const text = this.#values.text(value);
      if (text === undefined) return false;
      texts.push(redactText(text, context.product.redaction));
    }
    this.#buffer.attribute(step.key, texts);
    return true;
  }
}

/** Whether there are signs among bytes by which a secret is told; control signs are taken for such. */
function tells(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1)
    if (((PLAIN_SIGNS[bytes[at] ?? 0] ?? 0) & (TELLING | FORBIDDEN)) !== 0) return true;
  return false;
}

/** Whether bytes tie nothing to a name before them, and are no parameter of a query. */
function isHarmless(bytes: Uint8Array, start: number, end: number): boolean {
  const letter = (bytes[start] ?? 0) | 0x20;
  if (!(letter >= 0x61 && letter <= 0x7a) && !((bytes[start] ?? 0) >= ZERO && (bytes[start] ?? 0) <= NINE))
    return false;
  for (let at = start; at < end; at += 1) if (bytes[at] === EQUALS) return false;
  return true;
}

/** Writes a time in one of the forms that are read from bytes; false for any other. `refined`: nanoseconds that stand elsewhere, negative when they cannot be read. */
function writeTime(
  buffer: RecordBuffer,
  { rule, timeZone }: LineTime,
  bytes: Uint8Array,
  start: number,
  end: number,
  refined = 0,
): boolean {
  const { form } = rule;
  if (form === 'unix_seconds') return writeUnixTime(buffer, bytes, start, end);
  if (form === 'epoch_millis') return writeMillisTime(buffer, bytes, start, end);
  if (form === 'digit_groups')
    return rule.refinedBy === undefined && writeGroupedTime(buffer, bytes, start, end, timeZone);
  const isIso = refined >= 0 && (form === 'layout' || form === 'iso');
  return isIso && writeIsoTime(buffer, bytes, start, end, timeZone, refined);
}
