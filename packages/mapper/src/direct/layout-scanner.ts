import { isDigit, isPair, isUpper } from '../bytes.ts';
import type { LineHead } from './line-scanner.ts';

/** The line is not read by a layout. */
export const NO_LAYOUT = -1;
/** Only the ordinary way can tell. */
export const UNSURE = -2;

/** Parts of a layout, by their place in the tables of a scanner. */
export const LAYOUT_PARTS = ['time', 'level', 'category', 'thread'] as const;
/** Their indexes. */
export const TIME_PART = 0;
export const LEVEL_PART = 1;
export const CATEGORY_PART = 2;
export const THREAD_PART = 3;

/** Where the parts of a line stand that was read last. */
interface Found {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Up to where a line was looked at, and maybe a few signs more. */
  seen: number;
}

/** Reads one part at `at`; gives the position behind it, {@link NO_LAYOUT} or {@link UNSURE}. */
type Step = (bytes: Uint8Array, at: number, end: number, found: Found) => number;

/** The same bounds as those of `compileLayout`. */
const MAX_NAME_LENGTH = 256;
const MAX_LEVEL_LENGTH = 8;
const DEFAULT_DATE = 'yyyy-MM-dd HH:mm:ss,SSS';
const MAX_FRACTION = 9;
/** `+02:00` */
const MAX_ZONE = 6;
/** `2026-10-24` */
const DATE_LENGTH = 10;
const ZONE_LETTERS = /(?:X{1,3}|Z{1,2})$/;

const LF = 0x0a;
const SPACE = 0x20;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;

interface CompiledLayout {
  readonly steps: readonly Step[];
  readonly parts: readonly number[];
  /** How many steps stand before the name of a thread, of which there are many. */
  readonly headSteps: number;
}

/** What stood in lines up to the name of a thread or to the message, and as far as layouts that do not read it have looked; with `0` for each digit of the time. */
interface Head {
  readonly layout: number;
  readonly signs: Uint8Array;
  /** Where the name of the thread begins, or the message. */
  readonly length: number;
  /** Where the time ends. */
  readonly timeEnd: number;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** A log has few loggers that write most of it. */
const MAX_HEADS = 8;

/** Reads what layouts print before a message out of bytes, and says the same as `compileLayout` does of the text, or that it is not sure. */
export class LayoutScanner {
  /** Where the parts of the line stand that was read last: see {@link LAYOUT_PARTS}. */
  readonly starts = new Int32Array(LAYOUT_PARTS.length);
  readonly ends = new Int32Array(LAYOUT_PARTS.length);
  /** Where its message begins. */
  message = 0;
  seen = 0;
  /** How far those layouts have looked that were tried in vain before the one that read the line. */
  #seenBefore = 0;
  readonly #layouts: readonly (CompiledLayout | undefined)[];
  /** The one that was met last comes first. */
  readonly #heads: Head[] = [];

  /** @param patterns In the order in which they are tried. */
  constructor(patterns: readonly string[]) {
    this.#layouts = patterns.map(compile);
  }

  /** How many layouts there are. */
  get count(): number {
    return this.#layouts.length;
  }

  /** The parts of a layout, as indexes of {@link LAYOUT_PARTS}, in the order in which they stand in a line. */
  partsOf(layout: number): readonly number[] {
    return this.#layouts[layout]?.parts ?? [];
  }

  /** The first layout from `from` on that reads the line, or {@link NO_LAYOUT}, or {@link UNSURE}. */
  next(bytes: Uint8Array, start: number, end: number, from = 0): number {
    this.seen = start;
    for (let index = from; index < this.#layouts.length; index += 1) {
      this.#seenBefore = this.seen;
      const at = this.#read(this.#layouts[index], bytes, start, end);
      if (at === UNSURE) return UNSURE;
      if (at === NO_LAYOUT) continue;
      this.message = at;
      return index;
    }
    return NO_LAYOUT;
  }

  /** The layout that reads a line of which the head is remembered, as if {@link next} had read it; else {@link NO_LAYOUT}. */
  recall(bytes: Uint8Array, start: number, end: number): number {
    const head = this.#headOf(bytes, start, end);
    const layout = head && this.#layouts[head.layout];
    if (!head || !layout) return NO_LAYOUT;
    const { starts, ends } = head;
    for (let part = 0; part < starts.length; part += 1) {
      this.starts[part] = start + (starts[part] ?? 0);
      this.ends[part] = start + (ends[part] ?? 0);
    }
    const message = this.#read(layout, bytes, start + head.length, end, layout.headSteps);
    if (message < 0) return NO_LAYOUT;
    this.message = message;
    return head.layout;
  }

  /** The head of the line that was read last, by this layout; undefined when it is not remembered. */
  headOf(layout: number, bytes: Uint8Array, start: number, end: number): LineHead | undefined {
    const head = this.#headOf(bytes, start, end);
    if (!head) return undefined;
    const hasThread = this.partsOf(layout).includes(THREAD_PART);
    return {
      length: Math.max(head.signs.length, this.message - start),
      timeEnd: head.timeEnd,
      threadStart: hasThread ? (this.starts[THREAD_PART] ?? 0) - start : 0,
      threadEnd: hasThread ? (this.ends[THREAD_PART] ?? 0) - start : 0,
    };
  }

  /** Remembers the head of the line that {@link next} has read by a layout. Digits at its beginning stand for any others in a time without a `T` in it. */
  remember(index: number, bytes: Uint8Array, start: number, lineEnd: number): void {
    const layout = this.#layouts[index];
    const isTime = layout?.parts[0] === TIME_PART && this.starts[TIME_PART] === start;
    if (!layout || !isTime || !isDigit(bytes[start] ?? 0) || bytes[start + DATE_LENGTH] === LETTER_T) return;
    const hasThread = layout.parts.includes(THREAD_PART);
    const end = hasThread ? (this.starts[THREAD_PART] ?? 0) : this.message;
    const last = Math.max(end, this.#seenBefore);
    if (last > lineEnd || (hasThread && last > end)) return;
    const signs = bytes.slice(start, last);
    const timeEnd = (this.ends[TIME_PART] ?? 0) - start;
    for (let at = 0; at < timeEnd; at += 1) if (isDigit(signs[at] ?? 0)) signs[at] = ZERO;
    const relative = (position: number) => position - start;
    this.#heads.unshift({
      layout: index,
      signs,
      length: end - start,
      timeEnd,
      starts: [...this.starts].map(relative),
      ends: [...this.ends].map(relative),
    });
    if (this.#heads.length > MAX_HEADS) this.#heads.pop();
  }

  #headOf(bytes: Uint8Array, start: number, end: number): Head | undefined {
    const heads = this.#heads;
    for (let index = 0; index < heads.length; index += 1) {
      const head = heads[index];
      if (!head || !isHead(head, bytes, start, end)) continue;
      if (index > 0) {
        heads[index] = heads[0] ?? head;
        heads[0] = head;
      }
      return head;
    }
    return undefined;
  }

  /** Reads a line from a step on; gives where it ends. */
  #read(layout: CompiledLayout | undefined, bytes: Uint8Array, start: number, end: number, from = 0): number {
    if (!layout) return UNSURE;
    const { steps } = layout;
    let at = start;
    for (let index = from; index < steps.length; index += 1) {
      at = steps[index]?.(bytes, at, end, this) ?? UNSURE;
      if (at < 0) return at;
    }
    return at;
  }
}

/** A digit in the time stands for any other one. */
function isHead({ signs, timeEnd }: Head, bytes: Uint8Array, start: number, end: number): boolean {
  const { length } = signs;
  if (end - start < length) return false;
  // Loggers differ in their last signs.
  for (let at = length - 1; at >= timeEnd; at -= 1) if (signs[at] !== bytes[start + at]) return false;
  for (let at = 0; at < timeEnd; at += 1) {
    const byte = bytes[start + at] ?? 0;
    if (byte !== signs[at] && !(signs[at] === ZERO && isDigit(byte))) return false;
  }
  return true;
}

/** Undefined: a layout that is read in the ordinary way alone. */
function compile(pattern: string): CompiledLayout | undefined {
  const steps: Step[] = [];
  const parts: number[] = [];
  let headSteps = -1;
  for (let at = 0; at < pattern.length; ) {
    const percent = pattern.indexOf('%', at);
    const literal = pattern.slice(at, percent === -1 ? undefined : percent);
    if (!isAscii(literal)) return undefined;
    if (literal !== '') steps.push(literalStep(literal));
    const match = percent === -1 ? null : /^%-?(\d{0,2})([dpctms])(?:\{([^}]*)\})?/.exec(pattern.slice(percent));
    if (!match) return undefined;
    const [whole, width, letter = '', option] = match;
    if ('ms'.includes(letter)) return { steps, parts, headSteps: headSteps === -1 ? steps.length : headSteps };
    at = percent + whole.length;
    const part = 'dpct'.indexOf(letter);
    const step = stepOf(part, Number(width), option, pattern.charAt(at));
    if (parts.includes(part) || !step) return undefined;
    if (part === THREAD_PART) headSteps = steps.length;
    parts.push(part);
    steps.push(step);
  }
  return undefined;
}

function stepOf(part: number, minWidth: number, option: string | undefined, stop: string): Step | undefined {
  if (!isAscii(stop)) return undefined;
  if (part === TIME_PART) return dateStep(option?.includes('s') ? option : DEFAULT_DATE);
  if (part === LEVEL_PART) return levelStep(minWidth, stop === ' ');
  return stop === '' ? undefined : nameStep(part, stop.charCodeAt(0));
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) >= 0x80) return false;
  return true;
}

function literalStep(literal: string): Step {
  const signs = Uint8Array.from(literal, (sign) => sign.charCodeAt(0));
  return (bytes, at, end, found) => {
    see(found, at + signs.length);
    if (end - at < signs.length) return NO_LAYOUT;
    for (let index = 0; index < signs.length; index += 1) if (bytes[at + index] !== signs[index]) return NO_LAYOUT;
    return at + signs.length;
  };
}

function dateStep(format: string): Step {
  const plain = format.replaceAll("'", '');
  const digits = plain.replace(ZONE_LETTERS, '');
  const hasZone = digits.length < plain.length;
  const short = digits.replace(/[.,]S+$/, '');
  const more = short === digits ? 0 : Math.max(0, MAX_FRACTION - (digits.length - short.length - 1));
  const [long, brief] = [signsOf(digits), signsOf(short)];
  return (bytes, at, end, found) => {
    const { starts, ends } = found;
    see(found, at + plain.length + MAX_FRACTION + MAX_ZONE);
    let stop = endOfDigits(bytes, at, end, long);
    if (hasZone) {
      stop = stop === NO_LAYOUT ? endOfDigits(bytes, at, end, brief) : endOfFraction(bytes, stop, end, more);
      stop = stop === NO_LAYOUT ? NO_LAYOUT : endOfZone(bytes, stop, end);
    }
    starts[TIME_PART] = at;
    ends[TIME_PART] = stop;
    return stop;
  };
}

/** A digit for each letter but `T`, which a blank may stand for; comma and dot stand for each other. */
function signsOf(format: string): Uint8Array {
  return Uint8Array.from(format, (sign) => {
    if (sign === 'T' || sign === ' ') return SPACE;
    if (/[A-Za-z]/.test(sign)) return ZERO;
    return sign === ',' ? DOT : sign.charCodeAt(0);
  });
}

function endOfDigits(bytes: Uint8Array, at: number, end: number, signs: Uint8Array): number {
  if (end - at < signs.length) return NO_LAYOUT;
  for (let index = 0; index < signs.length; index += 1) {
    const byte = bytes[at + index] ?? 0;
    const sign = signs[index] ?? 0;
    if (sign === ZERO ? isDigit(byte) : byte === sign) continue;
    if (!((sign === SPACE && byte === LETTER_T) || (sign === DOT && byte === COMMA))) return NO_LAYOUT;
  }
  return at + signs.length;
}

function endOfFraction(bytes: Uint8Array, from: number, end: number, most: number): number {
  let at = from;
  while (at < end && at < from + most && isDigit(bytes[at] ?? 0)) at += 1;
  return at;
}

/** `Z`, `+02`, `+0200` or `+02:00` */
function endOfZone(bytes: Uint8Array, at: number, end: number): number {
  const sign = at < end ? bytes[at] : 0;
  if (sign === LETTER_Z) return at + 1;
  if ((sign !== PLUS && sign !== MINUS) || at + 3 > end || !isPair(bytes, at + 1)) return NO_LAYOUT;
  const minutes = bytes[at + 3] === COLON && at + 3 < end ? at + 4 : at + 3;
  return minutes + 2 <= end && isPair(bytes, minutes) ? minutes + 2 : at + 3;
}

/** `toBlank`: a blank follows in the pattern, so the padding leaves it one. */
function levelStep(minWidth: number, toBlank: boolean): Step {
  return (bytes, at, end, found) => {
    const { starts, ends } = found;
    let stop = at;
    while (stop < end && isUpper(bytes[stop] ?? 0)) stop += 1;
    see(found, stop + 1);
    if (stop === at || stop - at > MAX_LEVEL_LENGTH) return NO_LAYOUT;
    starts[LEVEL_PART] = at;
    ends[LEVEL_PART] = stop;
    const word = stop;
    while (stop < at + minWidth && stop < end && bytes[stop] === SPACE) stop += 1;
    see(found, stop + 1);
    return toBlank && stop > word && (stop >= end || bytes[stop] !== SPACE) ? stop - 1 : stop;
  };
}

/** Signs beyond ASCII are counted in another way than bytes, and colours and other control signs may be taken away before: not sure. */
function nameStep(part: number, stop: number): Step {
  const hasBlanks = part === THREAD_PART;
  return (bytes, at, end, found) => {
    const limit = Math.min(end, at + MAX_NAME_LENGTH + 1);
    let name = at;
    while (name < limit) {
      const byte = bytes[name] ?? 0;
      if (byte === stop) break;
      if (byte >= 0x80) return UNSURE;
      if (byte < SPACE && byte !== LF) return UNSURE;
      if (byte < SPACE || (byte === SPACE && !hasBlanks)) {
        see(found, name + 1);
        return NO_LAYOUT;
      }
      name += 1;
    }
    see(found, name + 1);
    if (name === limit) return NO_LAYOUT;
    found.starts[part] = at;
    found.ends[part] = name;
    return name;
  };
}

function see(found: Found, at: number): void {
  if (at > found.seen) found.seen = at;
}
