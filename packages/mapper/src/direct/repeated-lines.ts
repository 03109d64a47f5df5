import { grown, isDigit, NO_BYTES } from '../bytes.ts';
import type { LogRecord } from '../records.ts';
import { hash, mixed } from './byte-cache.ts';
import { SeenHashes, Worth } from './coming-again.ts';
import type { HiddenText } from './hidden-texts.ts';
import { usesOf } from './line-freedom.ts';
import { isRefined, type LinePlan } from './line-plan.ts';
import { ESCAPED, type LineScanner, STRING, TEXT } from './line-scanner.ts';
import type { RecordPart } from './record-part.ts';
import { areSame, type Block, viewOf, wordsOf } from './words.ts';

/** A value of which the digits change from line to line, such as the time. */
interface Slot {
  /** From the beginning of the line. */
  readonly at: number;
  /** Its bytes, with {@link ZERO} for any digit. */
  readonly pattern: Uint8Array;
}

/** Where such values stand in lines of one length. */
interface Frame {
  readonly id: number;
  /** Without bytes where there is none. */
  readonly first: Slot;
  /** The same, behind the first one. */
  readonly second: Slot;
  /** Where each of them ends, from the beginning of the line. */
  readonly behind: number;
  readonly rest: number;
  /** The time is the second value. */
  readonly isTimeSecond: boolean;
}

/** A line that was written, as all lines are written that differ from it in nothing but their time. */
export interface RepeatedLine {
  readonly plan: LinePlan;
  /** Whether there is more than ASCII in it. */
  readonly isBeyondAscii: boolean;
  /** All of the record between its time and its place. */
  readonly block: Block;
  readonly hidden: readonly HiddenText[];
  /** The block as objects, and all of such a line but for its times, as far as they have been asked for. */
  part: RecordPart | undefined;
  record: LogRecord | undefined;
}

/** Where the time stands in a line that repeats another one, and the value beside it. */
export interface RepeatedTimes {
  readonly timeStart: number;
  readonly timeEnd: number;
  readonly besideStart: number;
  readonly besideEnd: number;
}

/** What is told of a line in order to have it remembered. */
export interface WrittenLine extends Omit<RepeatedLine, 'part' | 'record'> {
  /** Values on which it depends what becomes of the line, beside those that the plan writes. */
  readonly deciding: readonly number[];
  readonly scanner: LineScanner;
  /** How many values it has. */
  readonly count: number;
}

const ZERO = 0x30;
const SLOTS = 16_384;
const NO_SLOTS = new Int32Array(1);
/** Numbers of a slot: the hash of a line, and its number + 1 or 0. */
const SLOT_SIZE = 2;
const HASH = 0;
const LINE = 1;
/** Numbers of a line: its frame, and where it stands among all lines. */
const ENTRY_SIZE = 2;
const FRAME = 0;
const START = 1;
const MAX_LINES = SLOTS / 4;
const MAX_BYTES = 6_000_000;
const FEW_BYTES = 4096;
const MAX_PROBES = 16;
/** Of lines of one length, and of all. */
const MAX_FRAMES = 8;
const MAX_ALL_FRAMES = 2048;
const MAX_LINE_BYTES = 4096;
const NO_FRAMES: readonly undefined[] = [];

/** Shortest and longest time. */
const MIN_TIME = 8;
const MAX_TIME = 40;

/**
 * Remembers whole lines but for the digits of their times: much of what a service says it says again and again, and then nothing is to be found out about it. A line is kept when it comes for
 * the second time. Memory is bounded; where hardly any line comes again, it forgets all and rests.
 */
export class RepeatedLines implements RepeatedTimes {
  /** Of the line that was found last. */
  timeStart = 0;
  timeEnd = 0;
  besideStart = 0;
  besideEnd = 0;
  /** By the length of the line; undefined for a line that has none. */
  readonly #frames = new Map<number, (Frame | undefined)[]>();
  #frameCount = 0;
  #slots = NO_SLOTS;
  /** Of all lines that are kept: what tells them apart stands closely together, because most of it is not in the nearest memory. */
  #entries = NO_SLOTS;
  #keys = NO_BYTES;
  #keyWords = viewOf(NO_BYTES);
  #keysEnd = 0;
  #lines: RepeatedLine[] = [];
  #bytes = 0;
  /** Hashes of lines that came once. */
  readonly #seen = new SeenHashes();
  /** The frame of the line that was looked for last, and its hash; undefined when it fits none. */
  #missed: Frame | undefined;
  #missedSum = 0;
  readonly #worth = new Worth();

  get isResting(): boolean {
    return this.#worth.isResting;
  }

  /** The line that this one repeats; undefined when it is another one. */
  find(bytes: Uint8Array, from: number, to: number): RepeatedLine | undefined {
    if (this.#worth.passes()) return undefined;
    this.#missed = undefined;
    const frames = this.#frames.get(to - from) ?? NO_FRAMES;
    for (let index = 0; index < frames.length; index += 1) {
      const frame = frames[index];
      if (!frame) continue;
      const { first, behind, second, rest } = frame;
      if (!isLike(first.pattern, bytes, from + first.at) || !isLike(second.pattern, bytes, from + second.at)) continue;
      const sum = sumOf(frame, bytes, from, to);
      this.#missed = frame;
      this.#missedSum = sum;
      const line = this.#find(frame, sum, bytes, from, to);
      if (!line) continue;
      const { isTimeSecond } = frame;
      this.timeStart = from + (isTimeSecond ? second : first).at;
      this.timeEnd = from + (isTimeSecond ? rest : behind);
      this.besideStart = from + (isTimeSecond ? first : second).at;
      this.besideEnd = from + (isTimeSecond ? behind : rest);
      this.#worth.hits += 1;
      return line;
    }
    return undefined;
  }

  #find(frame: Frame, sum: number, bytes: Uint8Array, from: number, to: number): RepeatedLine | undefined {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const slot = ((sum + probe) * SLOT_SIZE) & mask;
      const line = (slots[slot + LINE] ?? 0) - 1;
      if (line < 0) return undefined;
      if (slots[slot + HASH] === sum && this.#isLine(line, frame, bytes, from, to)) return this.#lines[line];
    }
    return undefined;
  }

  /** Whether bytes of the length of a frame are a line that is kept. */
  #isLine(
    line: number,
    { id, first, behind, second, rest }: Frame,
    bytes: Uint8Array,
    from: number,
    to: number,
  ): boolean {
    const entry = line * ENTRY_SIZE;
    if (this.#entries[entry + FRAME] !== id) return false;
    const key = this.#entries[entry + START] ?? 0;
    const kept = this.#keyWords;
    const words = wordsOf(bytes);
    return (
      areSame(words, from, from + first.at, kept, key) &&
      areSame(words, from + behind, from + second.at, kept, key + behind) &&
      areSame(words, from + rest, to, kept, key + rest)
    );
  }

  /** Remembers a line that was looked for and written, when nothing but its time and what nobody asks for can change in it, and when it has come before. */
  learn(bytes: Uint8Array, from: number, to: number, written: () => WrittenLine | undefined): void {
    const length = to - from;
    if (this.isResting || !this.#isWorthIt() || length > MAX_LINE_BYTES) return;
    const missed = this.#missed;
    if (missed ? !this.#hasCome(this.#missedSum) : !this.#hasRoom(length)) return;
    const line = written();
    const slots = line && slotsOf(bytes, from, line);
    const frame = this.#frameOf(length, slots, missed);
    if (!line || !missed || !frame) return;
    this.#keep(
      frame,
      frame === missed ? this.#missedSum : sumOf(frame, bytes, from, to),
      bytes.subarray(from, to),
      line,
    );
  }

  /** The frame of a line with these values; undefined when it has none, or there is no room for it. */
  #frameOf(length: number, slots: readonly LineSlot[] | undefined, missed: Frame | undefined): Frame | undefined {
    const frames = this.#frames.get(length) ?? [];
    const known = slots && frames.find((frame) => frame && isFrameOf(frame, slots));
    if (known || (missed && !slots) || !this.#hasRoom(length)) return known;
    this.#frameCount += 1;
    const frame = slots && frameOf(slots, this.#frameCount);
    this.#frames.set(length, [...frames, frame]);
    return frame;
  }

  #hasRoom(length: number): boolean {
    return (this.#frames.get(length)?.length ?? 0) < MAX_FRAMES && this.#frameCount < MAX_ALL_FRAMES;
  }

  #hasCome(sum: number): boolean {
    const hasCome = this.#seen.hasCome(sum);
    if (hasCome) this.#worth.hits += 1;
    return hasCome;
  }

  #keep(frame: Frame, sum: number, bytes: Uint8Array, { plan, isBeyondAscii, block, hidden }: WrittenLine): void {
    const size = bytes.length + block.length;
    if (this.#lines.length >= MAX_LINES || this.#bytes + size > MAX_BYTES) this.#clear();
    if (this.#slots === NO_SLOTS) {
      this.#slots = new Int32Array(SLOTS * SLOT_SIZE);
      this.#entries = new Int32Array(MAX_LINES * ENTRY_SIZE);
    }
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const slot = ((sum + probe) * SLOT_SIZE) & (this.#slots.length - 1);
      if (this.#slots[slot + LINE] !== 0) continue;
      this.#slots[slot + HASH] = sum;
      this.#slots[slot + LINE] = this.#lines.length + 1;
      this.#entries[this.#lines.length * ENTRY_SIZE + FRAME] = frame.id;
      this.#entries[this.#lines.length * ENTRY_SIZE + START] = this.#addKey(bytes);
      this.#lines.push({ plan, isBeyondAscii, block, hidden, part: undefined, record: undefined });
      this.#bytes += size;
      return;
    }
  }

  /** Copies a line to the others; gives its place. */
  #addKey(bytes: Uint8Array): number {
    const at = this.#keysEnd;
    this.#keysEnd = at + bytes.length;
    if (this.#keysEnd > this.#keys.length) {
      this.#keys = grown(this.#keys, Math.max(FEW_BYTES, this.#keysEnd * 2));
      this.#keyWords = viewOf(this.#keys);
    }
    this.#keys.set(bytes, at);
    return at;
  }

  /** A line is new; false when lines pass unseen from now on, because they hardly come again. */
  #isWorthIt(): boolean {
    if (this.#worth.miss()) return true;
    this.#clear();
    this.#frames.clear();
    this.#frameCount = 0;
    return false;
  }

  #clear(): void {
    if (this.#lines.length > 0) this.#slots.fill(0);
    this.#lines = [];
    this.#keysEnd = 0;
    this.#bytes = 0;
  }
}

interface LineSlot extends Slot {
  readonly isTime: boolean;
}

/**
 * The time of a line, and one other value that nothing is made of: the time that a layout printed, or one before or behind it, which may be another form of it. Nothing in a line without a
 * time; undefined when more is made of the time than the time.
 */
function slotsOf(bytes: Uint8Array, from: number, written: WrittenLine): LineSlot[] | undefined {
  const { plan, scanner } = written;
  const { time, hasIds } = plan;
  if (hasIds) return undefined;
  if (!time) return [];
  const free = freeValues(written);
  const isFree = (value: number) => free.includes(value);
  if (!isFree(time.value) || (isRefined(time) && !isFree(time.beside))) return undefined;
  const other = [time.beside, time.value - 1, time.value + 1].find(isFree);
  const values = other === undefined ? [time.value] : [time.value, other];
  return values
    .map((value) => {
      const start = scanner.starts[value] ?? 0;
      const pattern = bytes.slice(start, scanner.ends[value]).map((byte) => (isDigit(byte) ? ZERO : byte));
      return { at: start - from, pattern, isTime: value === time.value };
    })
    .sort((one, two) => one.at - two.at);
}

/** The values of which nothing is made but the time, in their order. */
function freeValues({ plan, deciding, scanner, count }: WrittenLine): number[] {
  const uses = usesOf(plan, deciding, count);
  const free: number[] = [];
  for (let value = 0; value < count; value += 1) {
    const length = (scanner.ends[value] ?? 0) - (scanner.starts[value] ?? 0);
    const kind = scanner.kinds[value] ?? TEXT;
    const isText = (kind === TEXT || kind === STRING) && ((scanner.signs[value] ?? 0) & ESCAPED) === 0;
    if (uses[value] === 0 && isText && length >= MIN_TIME && length <= MAX_TIME) free.push(value);
  }
  return free;
}

function frameOf([one, two]: readonly LineSlot[], id: number): Frame {
  const first = one ?? { at: 0, pattern: NO_BYTES };
  const behind = first.at + first.pattern.length;
  const second = two ?? { at: behind, pattern: NO_BYTES };
  const rest = second.at + second.pattern.length;
  return { id, first, second, behind, rest, isTimeSecond: two?.isTime === true };
}

function isFrameOf({ first, second, isTimeSecond }: Frame, [one, two]: readonly LineSlot[]): boolean {
  return isSlot(first, one) && isSlot(second, two) && isTimeSecond === (two?.isTime === true);
}

/** The bytes are known to be like those of the slot. */
function isSlot({ at, pattern }: Slot, slot: LineSlot | undefined): boolean {
  return pattern.length === 0 ? !slot : at === slot?.at && pattern.length === slot.pattern.length;
}

/** Whether bytes are as a pattern says: the same, and any digit for a digit. */
function isLike(pattern: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < pattern.length; at += 1) {
    const byte = bytes[start + at] ?? 0;
    if (pattern[at] !== (isDigit(byte) ? ZERO : byte)) return false;
  }
  return true;
}

/** The hash of the three parts of a line that do not change. */
function sumOf({ id, first, behind, second, rest }: Frame, bytes: Uint8Array, from: number, to: number): number {
  const middle = hash(bytes, from + behind, from + second.at);
  return mixed(hash(bytes, from, from + first.at, id) ^ middle) ^ hash(bytes, from + rest, to, 1);
}
