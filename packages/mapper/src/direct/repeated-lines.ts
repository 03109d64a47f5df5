import { hash } from './byte-cache.ts';
import type { HiddenText } from './hidden-texts.ts';
import type { LinePlan } from './line-plan.ts';
import { ESCAPED, type LineScanner, STRING, TEXT } from './line-scanner.ts';
import type { Step } from './record-plan.ts';

/** Where the values stand that change from line to line, such as the time. */
interface Frame {
  readonly id: number;
  /** From the beginning of the line, or from its end where it is negative. */
  readonly first: number;
  readonly firstLength: number;
  /** The same for another value behind the first; at the end of the line, and without length, where there is none. */
  readonly second: number;
  readonly secondLength: number;
  /** The time is the second value. */
  readonly isTimeSecond: boolean;
}

/** A line that was written, as all lines are written that differ from it in nothing but their time. */
export interface RepeatedLine {
  readonly plan: LinePlan;
  /** Whether there is more than ASCII in it. */
  readonly isBeyondAscii: boolean;
  /** All of the record between its time and its place. */
  readonly block: Uint8Array;
  readonly hidden: readonly HiddenText[];
}

/** The same where it is kept. */
interface Kept {
  readonly frame: Frame;
  readonly hash: number;
  /** The line without the values that change. */
  readonly key: Uint8Array;
  readonly line: RepeatedLine;
}

/** What is told of a line in order to have it remembered. */
export interface WrittenLine extends RepeatedLine {
  /** Values on which it depends what becomes of the line, beside those that the plan writes. */
  readonly deciding: readonly number[];
  readonly scanner: LineScanner;
  /** How many values it has. */
  readonly count: number;
}

const SLOTS = 4096;
const NO_SLOTS = new Int32Array(1);
const MAX_LINES = SLOTS / 4;
const MAX_PROBES = 8;
const MAX_FRAMES = 6;
const MAX_LINE_BYTES = 1024;
/** What comes nearer to the beginning of a line than this stands there in all of them. */
const AT_BEGINNING = 16;
/** After so many lines that were new it is asked whether one in {@link WORTH} came again; if not, so many lines pass unseen, and more each time. */
const MISSES = 512;
const WORTH = 8;
const FIRST_REST = 8192;
const LONGEST_REST = 1_000_000;

/** Shortest time. */
const MIN_TIME = 8;

/** Signs of times and numbers: none of them means anything to a scanner. */
const TIME_SIGNS: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  '0123456789.,:+-TZ'.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/**
 * Remembers whole lines but for their times: much of what a service says it says again and again, and then nothing is to be found out about it. Memory is bounded; where hardly any line comes again,
 * it forgets all and rests.
 */
export class RepeatedLines {
  /** Where the time of the line stands that was found last. */
  timeStart = 0;
  timeEnd = 0;
  readonly #frames: Frame[] = [];
  #slots = NO_SLOTS;
  #kept: Kept[] = [];
  #last: Frame | undefined;
  #hits = 0;
  #misses = 0;
  #rest = 0;
  #nextRest = FIRST_REST;

  get isResting(): boolean {
    return this.#rest > 0;
  }

  /** The line that this one repeats; undefined when it is another one. */
  find(bytes: Uint8Array, from: number, to: number): RepeatedLine | undefined {
    if (this.#rest > 0) {
      this.#rest -= 1;
      return undefined;
    }
    const last = this.#last;
    if (!last || to - from > MAX_LINE_BYTES) return undefined;
    const frames = this.#frames;
    // One function, with the frame of the line before first: it is compiled once.
    for (let index = -1; index < frames.length; index += 1) {
      const frame: Frame | undefined = index === -1 ? last : frames[index];
      if (!frame || (frame === last && index !== -1)) continue;
      const first = frame.first + (frame.first < 0 ? to : from);
      const second = to + frame.second;
      const behind = first + frame.firstLength;
      if (first < from || behind > second) continue;
      const rest = second + frame.secondLength;
      if (!isTime(bytes, first, behind) || !isTime(bytes, second, rest)) continue;
      const sum = sumOf(frame, bytes, from, first, behind, second, rest, to);
      for (let probe = 0; probe < MAX_PROBES; probe += 1) {
        const place = (this.#slots[(sum + probe) & (SLOTS - 1)] ?? 0) - 1;
        const kept = place < 0 ? undefined : this.#kept[place];
        if (!kept) break;
        if (kept.hash !== sum || kept.frame !== frame || !isKey(kept.key, bytes, from, first, behind, second, rest, to))
          continue;
        this.timeStart = frame.isTimeSecond ? second : first;
        this.timeEnd = frame.isTimeSecond ? rest : behind;
        this.#hits += 1;
        this.#last = frame;
        return kept.line;
      }
    }
    return undefined;
  }

  /** Remembers a line that was written, when nothing but its time and what nobody asks for can change in it. */
  learn(bytes: Uint8Array, from: number, to: number, written: WrittenLine): void {
    if (this.isResting || !this.#isWorthIt()) return;
    const isShort = to - from <= MAX_LINE_BYTES;
    const frame = isShort && isRepeatable(written) ? this.#frameOf(bytes, from, to, written) : undefined;
    if (!frame) return;
    if (this.#kept.length >= MAX_LINES) this.#clear();
    if (this.#slots === NO_SLOTS) this.#slots = new Int32Array(SLOTS);
    this.#last = frame;
    this.#keep(frame, bytes, from, to, written);
  }

  #keep(frame: Frame, bytes: Uint8Array, from: number, to: number, written: WrittenLine): void {
    const first = frame.first + (frame.first < 0 ? to : from);
    const behind = first + frame.firstLength;
    const second = to + frame.second;
    const rest = second + frame.secondLength;
    const sum = sumOf(frame, bytes, from, first, behind, second, rest, to);
    const key = new Uint8Array(first - from + second - behind + to - rest);
    key.set(bytes.subarray(from, first));
    key.set(bytes.subarray(behind, second), first - from);
    key.set(bytes.subarray(rest, to), first - from + second - behind);
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const slot = (sum + probe) & (SLOTS - 1);
      if (this.#slots[slot] !== 0) continue;
      const { plan, isBeyondAscii, block, hidden } = written;
      this.#kept.push({ frame, hash: sum, key, line: { plan, isBeyondAscii, block, hidden } });
      this.#slots[slot] = this.#kept.length;
      return;
    }
  }

  /** Looks now and then whether lines come again; false when it rests from now on. */
  #isWorthIt(): boolean {
    this.#misses += 1;
    if (this.#misses < MISSES) return true;
    const isWorth = this.#hits * WORTH >= this.#misses;
    this.#misses = 0;
    this.#hits = 0;
    if (isWorth) {
      this.#nextRest = FIRST_REST;
      return true;
    }
    this.#rest = this.#nextRest;
    this.#nextRest = Math.min(LONGEST_REST, this.#nextRest * 4);
    this.#clear();
    return false;
  }

  #clear(): void {
    if (this.#kept.length > 0) this.#slots.fill(0);
    this.#kept = [];
  }

  /** Where the values of a line stand that may change; undefined when there is no time among them. */
  #frameOf(bytes: Uint8Array, from: number, to: number, written: WrittenLine): Frame | undefined {
    const { scanner, plan } = written;
    const time = plan.time?.value ?? -1;
    const free = freeValues(bytes, written);
    if (!free.includes(time)) return undefined;
    // The time, and the value before it or behind it, which may be another form of it.
    const [one = time, other] = [time - 1, time, time + 1].filter((value) => free.includes(value)).slice(0, 2);
    const start = (scanner.starts[one] ?? 0) - from;
    const spec = {
      first: start < AT_BEGINNING ? start : start - (to - from),
      firstLength: (scanner.ends[one] ?? 0) - (scanner.starts[one] ?? 0),
      second: other === undefined ? 0 : (scanner.starts[other] ?? 0) - to,
      secondLength: other === undefined ? 0 : (scanner.ends[other] ?? 0) - (scanner.starts[other] ?? 0),
      isTimeSecond: one !== time,
    };
    const known = this.#frames.find((frame) => isSameFrame(frame, spec));
    if (known || this.#frames.length >= MAX_FRAMES) return known;
    const made = { id: this.#frames.length + 1, ...spec };
    this.#frames.push(made);
    return made;
  }
}

function isSameFrame(frame: Frame, spec: Omit<Frame, 'id'>): boolean {
  return (
    frame.first === spec.first &&
    frame.firstLength === spec.firstLength &&
    frame.second === spec.second &&
    frame.secondLength === spec.secondLength &&
    frame.isTimeSecond === spec.isTimeSecond
  );
}

/** Whether the time of the line is one that is read from one value alone. */
function isRepeatable({ plan: { time, hasIds } }: WrittenLine): boolean {
  if (!time || hasIds) return false;
  const { rule, beside } = time;
  return rule.form === 'unix_seconds' || (rule.form === 'iso' && (rule.refinedBy === undefined || beside === -1));
}

/** The values that nothing is made of but the time, in their order. */
function freeValues(bytes: Uint8Array, { plan, deciding, scanner, count }: WrittenLine): number[] {
  const used = new Set(deciding);
  for (const { value, text, step } of plan.ops) {
    used.add(value);
    for (const one of text.values) used.add(one);
    if (step) for (const one of valuesOf(step)) used.add(one);
  }
  const free: number[] = [];
  for (let value = 0; value < count; value += 1) {
    const start = scanner.starts[value] ?? 0;
    const end = scanner.ends[value] ?? 0;
    const kind = scanner.kinds[value] ?? TEXT;
    const isText = (kind === TEXT || kind === STRING) && ((scanner.signs[value] ?? 0) & ESCAPED) === 0;
    if (!used.has(value) && isText && end - start >= MIN_TIME && isTime(bytes, start, end)) free.push(value);
  }
  return free;
}

function valuesOf(step: Step): readonly number[] {
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

function isTime(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (TIME_SIGNS[bytes[at] ?? 0] === 0) return false;
  return true;
}

/** The hash of the three parts of a line that do not change. */
function sumOf(
  { id }: Frame,
  bytes: Uint8Array,
  from: number,
  first: number,
  behind: number,
  second: number,
  rest: number,
  to: number,
): number {
  return hash(bytes, from, first, id) ^ hash(bytes, behind, second) ^ hash(bytes, rest, to, 1);
}

/** Whether three parts of a line are these bytes. */
function isKey(
  key: Uint8Array,
  bytes: Uint8Array,
  from: number,
  first: number,
  behind: number,
  second: number,
  rest: number,
  to: number,
): boolean {
  if (key.length !== first - from + second - behind + to - rest) return false;
  let at = 0;
  for (let index = from; index < first; index += 1, at += 1) if (key[at] !== bytes[index]) return false;
  for (let index = behind; index < second; index += 1, at += 1) if (key[at] !== bytes[index]) return false;
  for (let index = rest; index < to; index += 1, at += 1) if (key[at] !== bytes[index]) return false;
  return true;
}
