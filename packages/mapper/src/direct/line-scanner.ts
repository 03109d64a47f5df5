import type { FieldSpace, FormatRule, Product, SourceKind } from '@cryptrail/catalogue';
import type { Issue } from '../issue.ts';
import type { ByteCache } from './byte-cache.ts';
import type { FieldControl } from './controls.ts';
import { fillingOfText, type Token } from './shape.ts';

/** Signs of a value: it may name a secret, so that a closer look is needed. */
export const TELLING = 1;
/** Signs of a value: its text is not its bytes as they stand; {@link LineScanner.text} knows it. */
export const ESCAPED = 2;
/** Signs of a value: it has bytes beyond ASCII. Whoever uses it makes sure that the line is UTF-8. */
export const BEYOND = 4;
/** Not for this way: control signs. */
export const FORBIDDEN = 8;
/** Signs of a value, set by whoever writes the line: it was looked at, and names no secret. */
export const CLEAN = 16;

const SPACE = 0x20;
const BACKSLASH = 0x5c;

/** What each byte means for the signs of a value in which nothing is escaped. */
export const PLAIN_SIGNS: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte < SPACE) return FORBIDDEN;
  if (byte >= 0x80) return BEYOND;
  return ' :="\'`'.includes(String.fromCharCode(byte)) ? TELLING : 0;
});

/** The same where a backslash begins an escape. */
export const ESCAPED_SIGNS: Uint8Array = PLAIN_SIGNS.map((sign, byte) => (byte === BACKSLASH ? ESCAPED : sign));

/** Kinds of values by number, in the order in which the number counts. */
export const KINDS: readonly SourceKind[] = ['text', 'string', 'int', 'double', 'boolean', 'null', 'object', 'array'];
/** Numbers of kinds: see {@link KINDS}. */
export const TEXT = 0;
export const STRING = 1;
export const INT = 2;
export const DOUBLE = 3;
export const BOOLEAN = 4;
export const NULL = 5;
export const OBJECT = 6;
export const ARRAY = 7;

/** How far a value may be another one: not at all. */
export const FIXED = 0;
/** Any digit for a digit. */
export const BY_DIGITS = 1;
/** Any word for a word and any number for a number, but for {@link LineScanner.specialWords}. */
export const BY_WORDS = 2;

/** Where a record may stop when nothing stands behind its line. */
export const ALONE = -1;

/** Most values of a line. */
export const MAX_TOKENS = 512;

/**
 * Lines that are one record of one format of one product, as far as the values that decide say the same: their records have the same names in the same order, values of
 * the same kinds that are empty in the same places, and the same to report.
 */
export interface LineShape {
  /** Tells it from all other shapes. */
  readonly id: number;
  /** What the values are, in the order in which they stand in the tables of the scanner. Each value of the record is there; those that are not in the record have no names of it. */
  readonly tokens: readonly Token[];
  /** {@link BEYOND} when it stands in the names of values. */
  readonly signs: number;
  /** Values on which it depends what becomes of the line. */
  readonly controls: readonly LineControl[];
  /** False: a name is there twice, and only the ordinary way knows which counts. */
  readonly usable: boolean;
  /** What the decoder reports of such lines. */
  readonly issues: readonly Issue[];
}

/** A value on which it depends what becomes of the line. */
export interface LineControl {
  readonly token: number;
  readonly control: FieldControl;
  /** See {@link answersOf}. */
  readonly answers: ByteCache<number> | undefined;
}

/**
 * Walks the bytes of a line, or of several that are one record, and notes where its values stand. What it does not know for certain it leaves to the ordinary
 * way: a shape says that the decoder would read the line in the same way. The same bytes of one value always stand for the same text. No line costs memory but one with a new shape.
 */
export interface LineScanner {
  /** Where each value begins and ends. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** What each value holds: {@link TELLING}, {@link ESCAPED}, {@link BEYOND}; {@link CLEAN} may be added until the next line is scanned. */
  readonly signs: Uint8Array;
  /** Index of each value's kind in {@link KINDS}. */
  readonly kinds: Uint8Array;
  /** The signs of all values of the line together. */
  readonly seen: number;
  /** True where lines are worth remembering: the scanner sees nothing but the line, and what it says does not change with the digits of a time in it. */
  readonly repeats?: boolean;
  /** How far a value of the line that was scanned last may be another one without the line being read in another way (controls apart): {@link FIXED}, {@link BY_DIGITS}, {@link BY_WORDS}. Absent: not at all. */
  variesBy?(token: Token): number;
  /** Words that mean something else where others stand for a value, in lower case. */
  readonly specialWords?: readonly Uint8Array[];
  /** A beginning of values that says how they are to be read, in lower case. */
  readonly specialBeginning?: Uint8Array | undefined;
  /** Whether a line may be one for this scanner: a look at a few bytes. */
  mayBegin(bytes: Uint8Array, start: number, end: number): boolean;
  /**
   * Where the record ends that begins in this line, -1 when that cannot be told, or `WAITS` when the bytes behind `stop` will tell: `end`, or the end of a later line, which is at a line break at or before `stop`. What stands from `stop` on
   * is not there to be looked at: a record that goes on to the next one is known to end only when that one begins before. Lines stand behind each other as they are in
   * the input, with their LF or CRLF between them; `stop` is {@link ALONE} where nothing stands behind the line at all. Absent: each line is a record.
   */
  unitEnd?(bytes: Uint8Array, start: number, end: number, stop: number): number;
  /** Whether a line begins something of its own for certain, so that whatever stands before it has ended. Absent: such lines are never waited for. */
  begins?(bytes: Uint8Array, start: number, end: number): boolean;
  /** What tells that a line begins something of its own, whatever stands behind it; undefined where that cannot be said. What was found out about the line that was scanned last is lost. */
  headOf?(bytes: Uint8Array, start: number, end: number): LineHead | undefined;
  /** What was found out about lines is of no use any more: other bytes may stand where they stood. */
  forget?(): void;
  /** The shape of what stands from `start` to `end`, with its values in the tables; undefined when it is not for this way. */
  scan(bytes: Uint8Array, start: number, end: number): LineShape | undefined;
  /** The text of an escaped value of the line that was scanned last; undefined when its escapes are none. */
  text(index: number): string | undefined;
  /** Makes room when there is none for more shapes. */
  tidy(): void;
}

/** The beginning of a line, as far as it tells that the line begins something: places are counted from its first byte. */
export interface LineHead {
  readonly length: number;
  /** The time at its beginning ends here. It may have any digits. */
  readonly timeEnd: number;
  /** The name of a thread, which may have others, too; both 0 where there is none. */
  readonly threadStart: number;
  readonly threadEnd: number;
}

/** A format, and whose it is. */
export interface ProductFormat {
  readonly product: Product;
  readonly format: FormatRule;
}

/** Finds what a value decides, in all formats of a scanner together. */
export type FindLineControl = (space: FieldSpace, field: string) => FieldControl | undefined;

/** Makes the scanner of the formats of some decoders, in the order in which they are tried; undefined when there is none for them. `products`: all else that they write. */
export type CreateScanner = (
  formats: readonly ProductFormat[],
  findControl: FindLineControl,
  products: readonly Product[],
) => LineScanner | undefined;

/**
 * How full a value is, as shapes tell it: 0 without any sign, 2 with something to see in it, and -1 when only its text can tell, e.g. because it begins with white
 * space.
 */
export function fillingOfBytes(bytes: Uint8Array, start: number, end: number): 0 | 2 | -1 {
  if (start === end) return 0;
  const first = bytes[start] ?? 0;
  if (first === BACKSLASH) return isPlainEscape(bytes, start) ? 2 : -1;
  if (first > SPACE && first < 0x7f) return 2;
  // 0xc2, 0xe1, 0xe2, 0xe3, 0xef: among them stand all the spaces beyond ASCII.
  return first > 0xe3 || (first > 0xc2 && first < 0xe1) ? (first === 0xef ? -1 : 2) : -1;
}

/** The same for any value of the line that a scanner is on, which is in its tables already; -1 when it has no text. */
export function fillingOfValue(scanner: LineScanner, bytes: Uint8Array, index: number): number {
  const told = fillingOfBytes(bytes, scanner.starts[index] ?? 0, scanner.ends[index] ?? 0);
  if (told !== -1) return told;
  const text = scanner.text(index);
  return text === undefined ? -1 : fillingOfText(text);
}

/** `\"`, `\\`, `\/`, and `\u4e00` unless it is white space or a control sign; as plain texts they are none, either. */
function isPlainEscape(bytes: Uint8Array, at: number): boolean {
  const sign = bytes[at + 1] ?? 0;
  if (sign === 0x22 || sign === 0x2f || sign === BACKSLASH) return true;
  if (sign !== 0x75) return false;
  let unit = 0;
  for (let place = at + 2; place < at + 6; place += 1) {
    const digit = HEX_DIGITS[bytes[place] ?? 0] ?? 0;
    if (digit === NO_DIGIT) return false;
    unit = unit * 16 + digit;
  }
  return unit > SPACE && String.fromCharCode(unit).trim() !== '';
}

const NO_DIGIT = 0xff;
const HEX_DIGITS: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  const digit = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(digit) ? NO_DIGIT : digit;
});

/** {@link LineScanner.variesBy} of lines in which no word means anything by itself. */
export function anyWord(): number {
  return BY_WORDS;
}

/** A kind by its number. */
export function kindOf(kind: number): SourceKind {
  return KINDS[kind] ?? 'text';
}
