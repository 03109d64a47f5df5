import { isDigit, isHexDigit, lower, startsWith } from '../bytes.ts';
import { hash } from './byte-cache.ts';
import {
  AS_GAP,
  AS_INT,
  AS_ITEM,
  AS_OTHER,
  AS_SPAN,
  AS_TEXT,
  AS_TRACE,
  type Freedom,
  freedomOf,
  type PlannedLine,
} from './line-freedom.ts';
import { isRefined } from './line-plan.ts';
import {
  BY_DIGITS,
  BY_WORDS,
  CLEAN,
  ESCAPED,
  FIXED,
  INT,
  type LineHead,
  STRING,
  TELLING,
  TEXT,
} from './line-scanner.ts';
import type { LinePart } from './line-store.ts';

/** A line that was written, as far as others may be like it. */
export interface WrittenLine extends PlannedLine {
  /** Whether anything is hidden in the record, so that what changes must not be written. */
  readonly hides: boolean;
  /** Whether the sentence of the record is the bytes of its values as they stand in the line, with no name of secrets among them. */
  readonly isPlain: boolean;
}

/** A value that may be another one in other lines: which one it is, and where it stands. */
export interface FreeValue {
  readonly value: number;
  readonly start: number;
  readonly end: number;
  readonly kind: Exclude<LinePart['kind'], 'text'>;
}

/** What all lines have in common that are written like one of them. */
export interface LineTemplate {
  /** In the order in which they stand in the line. */
  readonly values: readonly FreeValue[];
  /** The same for all such lines. */
  readonly hash: number;
}

const ZERO = 0x30;
const MAX_DIGITS = 15;
const MAX_WORD = 255;
/** Shortest and longest time. */
const MIN_TIME = 8;
const MAX_TIME = 40;
/** Hexadecimal digits of ids. */
const TRACE_LENGTH = 32;
const SPAN_LENGTH = 16;
/** More than a line that is remembered. */
const MOST_BYTES = 4096;

/** Letters, digits and `+ - . / @ _`: what the walk takes for a word. */
const IS_WORD_SIGN = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[\w+\-./@]/.test(String.fromCharCode(byte)) ? 1 : 0,
);
/** Values with the same digit for all. */
const formed = new Uint8Array(MOST_BYTES);

/** What lines like this one have in common; undefined where there are none, because more is made of its time than the time. */
export function templateOf(bytes: Uint8Array, from: number, to: number, line: WrittenLine): LineTemplate | undefined {
  const values = freeValues(bytes, line);
  if (!values) return undefined;
  let at = from;
  let sum = line.plan.ops.length;
  for (const { start, end, kind } of values) {
    if (start < at) return undefined;
    sum = hash(bytes, at, start, sum);
    if (kind === 'formed') {
      for (let index = start; index < end; index += 1) formed[index - start] = formSign(bytes[index] ?? 0);
      sum = hash(formed, 0, end - start, sum);
    } else sum = Math.imul(sum, 31) + kind.length;
    at = end;
  }
  return { values, hash: hash(bytes, at, to, sum) };
}

/** The parts of such lines. */
export function partsOf(
  bytes: Uint8Array,
  from: number,
  to: number,
  { values }: LineTemplate,
  { plan }: WrittenLine,
): LinePart[] {
  const parts: LinePart[] = [];
  let at = from;
  for (const { start, end, kind } of values) {
    if (start > at) parts.push({ kind: 'text', bytes: bytes.slice(at, start) });
    if (kind === 'formed') parts.push({ kind, form: bytes.slice(start, end).map(formSign) });
    else if (kind === 'word') parts.push({ kind, length: longestWord(plan) });
    else parts.push(kind === 'hex' ? { kind, length: end - start } : { kind });
    at = end;
  }
  if (at < to) parts.push({ kind: 'text', bytes: bytes.slice(at, to) });
  return parts;
}

/** The parts of the head of a line. */
export function headParts(bytes: Uint8Array, start: number, head: LineHead): LinePart[] {
  const { length, timeEnd, threadStart, threadEnd } = head;
  const parts: LinePart[] = [{ kind: 'formed', form: bytes.slice(start, start + timeEnd).map(formSign) }];
  const add = (from: number, to: number) => {
    if (from < to) parts.push({ kind: 'text', bytes: bytes.slice(start + from, start + to) });
  };
  const thread = bytes.slice(start + threadStart, start + threadEnd);
  if (!thread.some(isDigit)) add(timeEnd, length);
  else {
    add(timeEnd, threadStart);
    parts.push({ kind: 'formed', form: thread.map(formSign) });
    add(threadEnd, length);
  }
  return parts;
}

function longestWord({ record }: WrittenLine['plan']): number {
  return Math.min(MAX_WORD, record.context.limits.maxValueLength);
}

function formSign(byte: number): number {
  return isDigit(byte) ? ZERO : byte;
}

function freeValues(bytes: Uint8Array, line: WrittenLine): FreeValue[] | undefined {
  const { scanner, tokens, hides } = line;
  const freedom = freedomOf(line);
  const { uses, varies, must } = freedom;
  const other = otherTime(line, freedom);
  const found: FreeValue[] = [];
  for (let value = 0; value < tokens.length; value += 1) {
    const use = uses[value] ?? AS_OTHER;
    const isMust = must.includes(value);
    const isTime = isMust || value === other;
    const variance = isTime ? Math.max(varies[value] ?? FIXED, BY_DIGITS) : (varies[value] ?? FIXED);
    const isFree = use === 0 || (!isTime && !hides);
    const kind = isFree && variance !== FIXED ? kindOf(bytes, line, freedom, value, variance) : undefined;
    if (kind) found.push({ value, start: scanner.starts[value] ?? 0, end: scanner.ends[value] ?? 0, kind });
    else if (isMust || (use & (AS_TRACE | AS_SPAN)) !== 0) return undefined;
  }
  return found.sort((one, another) => one.start - another.start);
}

/** One value that nothing is made of: the time that a layout printed, or one before or behind the time, which may be another form of it. */
function otherTime({ plan: { time }, scanner, tokens }: WrittenLine, { uses }: Freedom): number {
  if (!time || isRefined(time)) return -1;
  const isTime = (value: number) => {
    const length = (scanner.ends[value] ?? 0) - (scanner.starts[value] ?? 0);
    return value >= 0 && value < tokens.length && uses[value] === 0 && length >= MIN_TIME && length <= MAX_TIME;
  };
  return [time.beside, time.value - 1, time.value + 1].find(isTime) ?? -1;
}

/** How a value may change; undefined where it may not. */
function kindOf(
  bytes: Uint8Array,
  { scanner, plan, isPlain }: WrittenLine,
  { uses, forbidden, digitsAreFree }: Freedom,
  value: number,
  varies: number,
): FreeValue['kind'] | undefined {
  const start = scanner.starts[value] ?? 0;
  const end = scanner.ends[value] ?? 0;
  const length = end - start;
  const signs = scanner.signs[value] ?? 0;
  const kind = scanner.kinds[value] ?? TEXT;
  const use = uses[value] ?? AS_OTHER;
  const isGap = (use & AS_GAP) !== 0;
  if ((use & AS_OTHER) !== 0 || (signs & ESCAPED) !== 0 || length === 0 || (isGap && !isPlain)) return undefined;
  let digits = 0;
  let hexDigits = 0;
  let wordSigns = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (isDigit(byte)) digits += 1;
    if (isHexDigit(byte)) hexDigits += 1;
    wordSigns += IS_WORD_SIGN[byte] ?? 0;
  }
  if ((use & (AS_TRACE | AS_SPAN)) !== 0) {
    const isId = hexDigits === length && length === (use === AS_TRACE ? TRACE_LENGTH : SPAN_LENGTH);
    return isId && (use === AS_TRACE || use === AS_SPAN) ? 'hex' : undefined;
  }
  const isNumber = digits === length && length <= MAX_DIGITS && varies === BY_WORDS && (use & (AS_GAP | AS_ITEM)) === 0;
  if (kind === INT) return isNumber ? 'number' : undefined;
  if (kind !== TEXT && kind !== STRING) return undefined;
  if ((use & AS_INT) !== 0) return isNumber ? 'digits' : undefined;
  const mayBeWord = varies === BY_WORDS && (use & AS_ITEM) === 0 && length <= longestWord(plan);
  if (mayBeWord && wordSigns === length && forbidden && !forbidden.holds(bytes, start, end)) return 'word';
  if (digits === 0 || isSpecial(scanner.specialBeginning, bytes, start, end)) return undefined;
  if (use === 0) return 'formed';
  // What is part of a plain sentence alone needs no look of its own.
  const isClean = use === AS_GAP || (signs & (TELLING | CLEAN)) !== TELLING;
  const isHarmless = (use & AS_ITEM) === 0 || !plan.mayHold(bytes, start, end);
  return digitsAreFree && isClean && isHarmless && (use & ~(AS_TEXT | AS_GAP | AS_ITEM)) === 0 ? 'formed' : undefined;
}

/** Whether a value may be read in another way for its first signs, with these digits or with others. */
function isSpecial(beginning: Uint8Array | undefined, bytes: Uint8Array, start: number, end: number): boolean {
  if (!beginning || end - start < beginning.length) return false;
  const first = bytes.slice(start, start + beginning.length).map((byte) => lower(formSign(byte)));
  return startsWith(beginning.map(formSign), first, 0);
}
