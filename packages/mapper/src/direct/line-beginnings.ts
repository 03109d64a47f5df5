import type { DelimitedFormat, FormatRule, ListingFormat, Product } from '@cryptrail/catalogue';
import { asciiBytes, indexOfText, isDigit, isLetter, isUpper, NO_BYTES, startsWith } from '../bytes.ts';
import { WAITS } from '../decode/frame.ts';
import { isTelling } from '../decode/line-kind.ts';
import { patternStart } from '../decode/pattern.ts';
import { findBreak } from '../line-break.ts';
import { type BytesTest, compileTrigrams } from '../trigram-test.ts';
import { type ByteShape, byteShape, mayHaveShape } from './byte-shapes.ts';
import { LayoutScanner, NO_LAYOUT } from './layout-scanner.ts';

/** What a line is to the one before it, as far as its bytes tell for certain. */
export const UNSURE = 0;
/** It begins something of its own. */
export const BEGINS = 1;
/** It begins nothing that is known. */
export const LOOSE = 2;

/** A record of more lines is left to the ordinary way, which bounds them. */
export const MAX_LINES = 2_000;

/** Whether a line that begins nothing goes on with the record before it. `isFirst`: it is the one behind its first line. */
type GoesOn = (bytes: Uint8Array, start: number, end: number, isFirst: boolean) => boolean;

/** Whether a line that goes on with a record is its last one. */
type Closes = (bytes: Uint8Array, start: number, end: number) => boolean;

const ANY = {};

const CR = 0x0d;
const ESCAPE = 0x1b;
const TAB = 0x09;
const SPACE = 0x20;
const DASH = 0x2d;
const DOT = 0x2e;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;
const LETTER_T = 0x54;
const OPEN_BRACKET = 0x5b;
const UNDERSCORE = 0x5f;
const BAR = 0x7c;
/** Where the `T` of `2024-09-17T08:00:00,511` stands, and the sign behind its seconds. */
const STAMP_AT = 10;
const FRACTION_AT = 19;
/** Behind the longest text that a tested form has, and a delimiter. */
const MAX_SHAPE_LENGTH = 68;

/** Columns by whose forms a line without a layout is known. */
interface ColumnTest {
  readonly delimiter: Uint8Array;
  readonly shapes: readonly (ByteShape | undefined)[];
  readonly firstOptional: boolean;
}

/**
 * Tells from the bytes of a line whether it begins a record or some other line of a log, as `createLineKinds` tells from its text; most lines that go on with the
 * one before them are told, too. Undefined is made of products whose lines cannot be told so.
 */
export class LineBeginnings {
  readonly layouts: LayoutScanner;
  readonly #starts: readonly Uint8Array[];
  readonly #freeStarts: readonly Uint8Array[];
  readonly #columns: readonly ColumnTest[];
  readonly #freeColumns: readonly ColumnTest[];
  readonly #words: BytesTest;
  /** The line that was looked at last, and what it is: each line is looked at as what follows the one before it, and for itself. */
  #bytes: Uint8Array | undefined;
  #start = -1;
  #end = -1;
  #kind = UNSURE;
  #layout = NO_LAYOUT;

  private constructor(
    layouts: LayoutScanner,
    starts: readonly Uint8Array[],
    freeStarts: readonly Uint8Array[],
    columns: readonly ColumnTest[],
    freeColumns: readonly ColumnTest[],
    words: BytesTest,
  ) {
    this.layouts = layouts;
    this.#starts = starts;
    this.#freeStarts = freeStarts;
    this.#columns = columns;
    this.#freeColumns = freeColumns;
    this.#words = words;
  }

  static of(products: readonly Product[]): LineBeginnings | undefined {
    const formats = products.flatMap((product) => product.formats);
    const texts = [...GENERAL_STARTS, ...formats.flatMap(startsOf)];
    const columns = formats.flatMap(columnTests);
    const names = formats.flatMap((format) => ('categories' in format && format.categories) || []);
    const words = compileWords(names.map((name) => name.slice(name.lastIndexOf('.') + 1)));
    const starts = texts.map(asciiBytes);
    const free = formats.filter((format) => !('categories' in format && format.categories));
    const freeStarts = free.flatMap(startsOf).map(asciiBytes);
    const freeColumns = free.flatMap(columnTests);
    if (!words || !isWhole(starts) || !isWhole(freeStarts) || !isWhole(columns) || !isWhole(freeColumns))
      return undefined;
    const layouts = new LayoutScanner([...new Set(products.flatMap((product) => product.layouts ?? []))]);
    return new LineBeginnings(layouts, starts, freeStarts, columns, freeColumns, words);
  }

  /** Whether a line may stand in a wrapper, or be of a format that is told by its first signs. */
  isOther(bytes: Uint8Array, start: number, end: number): boolean {
    return mayBeWrapped(bytes, start, end) || beginsWithOne(this.#starts, bytes, start, end);
  }

  /** Whether behind the layout of another logger a message may begin that is told by itself. */
  mayBeMessage(bytes: Uint8Array, start: number, end: number): boolean {
    return beginsWithOne(this.#freeStarts, bytes, start, end) || this.mayBeFreeColumns(bytes, start, end);
  }

  /** Whether a message without a layout may begin here that is told by its first column. */
  mayBeColumns(bytes: Uint8Array, start: number, end: number): boolean {
    return mayFitOne(this.#columns, bytes, start, end);
  }

  /** The same of messages that no logger announces. */
  mayBeFreeColumns(bytes: Uint8Array, start: number, end: number): boolean {
    return mayFitOne(this.#freeColumns, bytes, start, end);
  }

  /** The layout of the line that was looked at last and begins something; {@link NO_LAYOUT} when that is told by its columns. */
  get layout(): number {
    return this.#layout;
  }

  /** {@link BEGINS}, {@link LOOSE} or {@link UNSURE}; what {@link layouts} found of the line holds until it is asked again. */
  kindOf(bytes: Uint8Array, start: number, end: number): number {
    if (start === this.#start && end === this.#end && bytes === this.#bytes) return this.#kind;
    this.#layout = NO_LAYOUT;
    this.#kind = this.#look(bytes, start, end);
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    return this.#kind;
  }

  /**
   * Where a record ends that began in the line which ends at `end`: before the next line that begins something, and blank lines before that. -1 when that is not certain, {@link WAITS} when
   * the bytes up to `stop` do not tell it. `goesOn`: asked of lines that begin nothing, to take no others in. `closes`: asked of them whether they are the last one.
   */
  endOf(
    bytes: Uint8Array,
    end: number,
    stop: number,
    { goesOn, closes }: { readonly goesOn?: GoesOn; readonly closes?: Closes } = ANY,
  ): number {
    let last = end;
    /** Where the blank lines end that were met last. */
    let blanks = end;
    for (let lines = 1; lines < MAX_LINES; lines += 1) {
      const start = (bytes[blanks] === CR ? blanks + 1 : blanks) + 1;
      const next = start < stop ? findBreak(bytes, start) : -1;
      if (next === -1 || next > stop) return WAITS;
      const lineEnd = next > start && bytes[next - 1] === CR ? next - 1 : next;
      if (lineEnd === start) {
        blanks = start;
        continue;
      }
      const kind = this.kindOf(bytes, start, lineEnd);
      if (kind === BEGINS) return last;
      if (kind !== LOOSE || blanks !== last) return -1;
      if (goesOn && !goesOn(bytes, start, lineEnd, lines === 1)) return last;
      // What stands between the lines becomes part of a value, and is LF there.
      if (lineEnd !== next || bytes[last] === CR) return -1;
      if (closes?.(bytes, start, next)) return next;
      last = next;
      blanks = next;
    }
    return -1;
  }

  /** Other bytes may stand where those stood that were looked at last. */
  forget(): void {
    this.#bytes = undefined;
  }

  #look(bytes: Uint8Array, start: number, end: number): number {
    // Most lines have the head of one before them.
    const known = this.layouts.recall(bytes, start, end);
    if (known >= 0) {
      this.#layout = known;
      return BEGINS;
    }
    if (start === end || this.isOther(bytes, start, end)) return UNSURE;
    for (let index = 0; index < this.#columns.length; index += 1) {
      const test = this.#columns[index];
      if (!test || !mayFit(test, bytes, start, end)) continue;
      return fitsColumns(test, bytes, start, end) ? BEGINS : UNSURE;
    }
    const layout = this.layouts.next(bytes, start, end);
    if (layout >= 0) {
      this.#layout = layout;
      if (!this.#dependsOnMore(bytes, start, end)) this.layouts.remember(layout, bytes, start, end);
      return BEGINS;
    }
    return layout === NO_LAYOUT && this.#isPlain(bytes, start, end) ? LOOSE : UNSURE;
  }

  /** Whether more is asked of a line with a time than which digits it begins with, and what stands behind them: whether it begins like one of other formats. */
  #dependsOnMore(bytes: Uint8Array, start: number, end: number): boolean {
    return (
      this.#starts.some(([first = 0]) => isDigit(first)) ||
      this.#columns.some((test) => mayBegin(test, bytes, start, end))
    );
  }

  /** Nothing is in the line that only its text tells: no category of a logger, no signs that are taken off. */
  #isPlain(bytes: Uint8Array, start: number, end: number): boolean {
    let blanks = 0;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte >= 0x80 || (byte < SPACE && byte !== TAB)) return false;
      if (byte === SPACE || byte === TAB) blanks += 1;
    }
    if (blanks === end - start) return false;
    if (blanks === 0) return true;
    return !this.#words(bytes, start, end) && !beginsTraceback(bytes, start, end);
  }
}

function beginsWithOne(texts: readonly Uint8Array[], bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = 0; index < texts.length; index += 1) {
    const text = texts[index];
    if (text && startsWith(text, bytes, start, end)) return true;
  }
  return false;
}

/** Beginnings of lines that are told otherwise: see `createLineKinds`. */
const GENERAL_STARTS = ['{', 'CEF:', 'panic: ', 'fatal error: ', 'goroutine '];
const TRACEBACK = new TextEncoder().encode('Traceback');

function startsOf(format: FormatRule): string[] {
  if (format.decoder === 'logfmt') return format.leading.map((key) => `${key.replace(/\?$/, '')}=`);
  if (format.decoder === 'labelled') return [format.start];
  return format.decoder === 'pattern' && isTelling(format.order) ? [patternStart(format.order)] : [];
}

function columnTests(format: FormatRule): (ColumnTest | undefined)[] {
  return format.decoder === 'delimited' || format.decoder === 'listing' ? [columnTest(format)] : [];
}

function mayFitOne(tests: readonly ColumnTest[], bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = 0; index < tests.length; index += 1) {
    const test = tests[index];
    if (test && mayFit(test, bytes, start, end)) return true;
  }
  return false;
}

function columnTest(rule: DelimitedFormat | ListingFormat): ColumnTest | undefined {
  const delimiter = asciiBytes(rule.delimiter);
  const wanted = rule.columns.map((column) => (Object.hasOwn(rule.shapes, column) ? rule.shapes[column] : undefined));
  const shapes = wanted.map((shape) => shape && byteShape(shape));
  const last = wanted.findLastIndex((shape) => shape !== undefined);
  const known = wanted.every((shape, at) => shape === undefined || shapes[at] !== undefined);
  const firstOptional = rule.decoder === 'delimited' && rule.firstOptional === true;
  if (!delimiter?.length || !known || !shapes[0] || (firstOptional && !shapes[1])) return undefined;
  // The first text must be the same to all that look for it.
  if (rule.decoder === 'listing' ? !rule.details.start.startsWith(rule.delimiter) : isEscaped(rule)) return undefined;
  return { delimiter, shapes: shapes.slice(0, last + 1), firstOptional };
}

function isEscaped({ escaped = [], columns }: DelimitedFormat): boolean {
  return columns.slice(0, 2).some((column) => escaped.includes(column));
}

/** False only when neither the first column stands here nor, where that may be missing, the second one; white space round it is passed over. */
function mayFit(test: ColumnTest, bytes: Uint8Array, start: number, end: number): boolean {
  const { delimiter, shapes, firstOptional } = test;
  let from = start;
  while (from < end && (bytes[from] ?? 0) <= SPACE) from += 1;
  // Spaces beyond ASCII are rare; so is what stands here.
  if ((bytes[from] ?? 0) >= 0x80) return indexOfText(delimiter, bytes, from, end) !== -1;
  if (!mayBegin(test, bytes, from, end)) return false;
  const limit = Math.min(end, from + MAX_SHAPE_LENGTH);
  let stop = indexOfText(delimiter, bytes, from, limit);
  if (stop === -1) stop = delimiterBehindBlanks(delimiter, bytes, limit, end);
  if (stop === -1) return false;
  let text = stop;
  while (text > from && isBlankOrOther(bytes[text - 1] ?? 0)) text -= 1;
  if (text < stop && (bytes[text] ?? 0) >= 0x80) return true;
  return shapes[0]?.(bytes, from, text) === true || (firstOptional && shapes[1]?.(bytes, from, text) === true);
}

/** False only when no text of the first columns begins here: a look at a few bytes. */
function mayBegin({ shapes, firstOptional }: ColumnTest, bytes: Uint8Array, from: number, end: number): boolean {
  const one = shapes[0];
  const other = shapes[1];
  if (one !== undefined && mayHaveShape(one, bytes, from, end)) return true;
  return firstOptional && other !== undefined && mayHaveShape(other, bytes, from, end);
}

/** A text that goes on behind the limit has none of the forms, unless blanks alone stand there. */
function delimiterBehindBlanks(delimiter: Uint8Array, bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isBlankOrOther(bytes[at] ?? 0) && !startsWith(delimiter, bytes, at, end)) at += 1;
  return startsWith(delimiter, bytes, at, end) ? at : -1;
}

function isBlankOrOther(byte: number): boolean {
  return byte <= SPACE || byte >= 0x80;
}

function fitsColumns({ delimiter, shapes }: ColumnTest, bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  for (let index = 0; index < shapes.length; index += 1) {
    const stop = indexOfText(delimiter, bytes, at, end);
    if (stop === -1) return false;
    const shape = shapes[index];
    if (shape && !shape(bytes, at, stop)) return false;
    at = stop + delimiter.length;
  }
  return true;
}

/**
 * Whether a line may stand in a wrapper: see `unwrap/unwrapper.ts`. A time with a `T` and without a comma behind its seconds is how runtimes, relays and journals begin
 * their lines.
 */
function mayBeWrapped(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] ?? 0;
  const isDigit = first >= ZERO && first <= NINE;
  if (!isDigit && !isLetter(first))
    return first === ESCAPE || first === OPEN_BRACKET || first >= 0x80 || WRAPPERS.includes(first);
  if (isDigit && bytes[start + STAMP_AT] === LETTER_T && bytes[start + FRACTION_AT] !== COMMA) return true;
  // `May 13 …`
  if (bytes[start + 3] === SPACE && !isDigit && !isUpper(bytes[start + 1] ?? 0)) return true;
  // `WARN[0042]`
  if (bytes[start + 4] === OPEN_BRACKET && isUpper(first)) return true;
  // `name   | …`
  let at = start + 1;
  while (at < end && isNameSign(bytes[at] ?? 0)) at += 1;
  if (bytes[at] !== SPACE) return false;
  while (at < end && bytes[at] === SPACE) at += 1;
  return bytes[at] === BAR;
}

/** The record separator, `<` and `{`. */
const WRAPPERS = [0x1e, 0x3c, 0x7b];

function isNameSign(byte: number): boolean {
  return isLetter(byte) || (byte >= ZERO && byte <= NINE) || byte === DASH || byte === DOT || byte === UNDERSCORE;
}

function beginsTraceback(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] ?? 0) <= SPACE) at += 1;
  return startsWith(TRACEBACK, bytes, at, end);
}

/** Whether one of some words is in a text. Undefined when one is not ASCII, or has fewer than three letters. */
export function compileWords(texts: readonly string[]): BytesTest | undefined {
  const words = [...new Set(texts)].map((text) => asciiBytes(text) ?? NO_BYTES);
  return compileTrigrams(words, (word) => word, startsWith);
}

function isWhole<Item>(list: readonly (Item | undefined)[]): list is readonly Item[] {
  return !list.includes(undefined);
}
