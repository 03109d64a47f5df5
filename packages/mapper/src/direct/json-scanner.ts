import { ascii, isDigit, isHexDigit, isSame } from '../bytes.ts';
import { decodeJson } from '../decode/json.ts';
import { ByteCache } from './byte-cache.ts';
import {
  ARRAY,
  anyWord,
  BEYOND,
  BOOLEAN,
  DOUBLE,
  ESCAPED,
  ESCAPED_SIGNS,
  type FindLineControl,
  FORBIDDEN,
  fillingOfValue,
  INT,
  type LineScanner,
  type LineShape,
  MAX_TOKENS,
  NULL,
  OBJECT,
  STRING,
} from './line-scanner.ts';
import { LineTree } from './line-tree.ts';
import { asciiText, isUtf8, utf8Text } from './utf8.ts';
import { signsOfFour, wordsOf } from './words.ts';

const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const LETTER_E = 0x65;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;
const TO_LOWER = 0x20;

/** Where a text ends, or is none for this way. */
const STOP = 0x80;
/** Two signs, of which the second one may be a quote. */
const ESCAPE = 0x81;
const TEXT_SIGNS = ESCAPED_SIGNS.map((sign, byte) =>
  sign === ESCAPED ? ESCAPE : sign === FORBIDDEN || byte === QUOTE ? STOP : sign,
);

/** How full a text can be, and what is said of one with something to see in it: see {@link fillingOfValue}. */
const FILLINGS = 3;
const FILLED = 2;

/** Nested values that are remembered, and the longest of them. */
const NESTED_BITS = 8;
const MAX_NESTED_BYTES = 1024;

const WORDS: readonly { readonly kind: number; readonly bytes: Uint8Array }[] = [
  { kind: BOOLEAN, bytes: ascii('true') },
  { kind: BOOLEAN, bytes: ascii('false') },
  { kind: NULL, bytes: ascii('null') },
];

/** Walks the bytes of JSON lines along the names that were there before. What it cannot take, e.g. nested values, is left to the ordinary way. */
export class JsonScanner implements LineScanner {
  readonly repeats = true;
  readonly variesBy = anyWord;
  readonly starts: Int32Array = new Int32Array(MAX_TOKENS);
  readonly ends: Int32Array = new Int32Array(MAX_TOKENS);
  readonly signs: Uint8Array = new Uint8Array(MAX_TOKENS);
  readonly kinds: Uint8Array = new Uint8Array(MAX_TOKENS);
  seen = 0;
  readonly #tree: LineTree;
  /** The texts of nested values. */
  readonly #nested = new ByteCache<string>(NESTED_BITS);
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(findControl: FindLineControl) {
    this.#tree = new LineTree(findControl, BEYOND, undefined, withoutEscapes);
  }

  mayBegin(bytes: Uint8Array, start: number, end: number): boolean {
    return bytes[start] === OPEN_BRACE && bytes[end - 1] === CLOSE_BRACE;
  }

  scan(bytes: Uint8Array, start: number, end: number): LineShape | undefined {
    const tree = this.#tree;
    let place = tree.root;
    let at = start + 1;
    this.#bytes = bytes;
    this.seen = 0;
    for (let count = 0; count < MAX_TOKENS; count += 1) {
      if (bytes[at] === SPACE) at += 1;
      if (bytes[at] !== QUOTE) return undefined;
      const edge = tree.named(place, bytes, at + 1, end, QUOTE, 'fields');
      if (!edge) return undefined;
      at += tree.lengthOf(edge) + 2;
      if (bytes[at] !== COLON) return undefined;
      at += 1;
      if (bytes[at] === SPACE) at += 1;
      const variant =
        bytes[at] === QUOTE ? this.#string(bytes, at + 1, end, count) : this.#other(bytes, at, end, count);
      const next = variant === -1 ? undefined : tree.next(edge, variant);
      if (!next) return undefined;
      place = next;
      at = this.#at;
      const sign = bytes[at];
      at += 1;
      if (sign === COMMA) continue;
      return sign === CLOSE_BRACE && at === end ? tree.shapeAt(place) : undefined;
    }
    return undefined;
  }

  text(index: number): string | undefined {
    const start = this.starts[index] ?? 0;
    const end = this.ends[index] ?? 0;
    const kind = this.kinds[index] ?? 0;
    if (kind === OBJECT || kind === ARRAY)
      return this.#nested.get(this.#bytes, start, end) ?? readNested(utf8Text(this.#bytes, start, end));
    const isAscii = ((this.signs[index] ?? 0) & BEYOND) === 0;
    return withoutEscapes((isAscii ? asciiText : utf8Text)(this.#bytes, start, end));
  }

  tidy(): void {
    this.#tree.tidy();
  }

  /** Notes a text whose first sign stands at `start`; gives its variant, or -1. */
  #string(bytes: Uint8Array, start: number, to: number, index: number): number {
    let at = start;
    let found = 0;
    const words = wordsOf(bytes);
    for (const last = to - 4; at <= last; at += 4) {
      const signs = signsOfFour(TEXT_SIGNS, words.getInt32(at, true));
      if (signs >= STOP) break;
      found |= signs;
    }
    for (;;) {
      // What is added does not depend on the sign, so that the signs are looked at side by side.
      let sign = TEXT_SIGNS[bytes[at] ?? 0] ?? 0;
      while (sign < STOP) {
        found |= sign;
        at += 1;
        sign = TEXT_SIGNS[bytes[at] ?? 0] ?? 0;
      }
      if (sign !== ESCAPE) break;
      found |= ESCAPED;
      at += 2;
    }
    if (bytes[at] !== QUOTE || at >= to) return -1;
    if ((found & ESCAPED) !== 0 && !areEscapes(bytes, start, at)) return -1;
    const first = bytes[start] ?? 0;
    this.starts[index] = start;
    this.ends[index] = at;
    this.signs[index] = found;
    this.kinds[index] = STRING;
    this.seen |= found;
    const isPlain = first > SPACE && first < 0x7f && first !== QUOTE && first !== BACKSLASH;
    const filling = isPlain ? FILLED : fillingOfValue(this, bytes, index);
    if (filling === -1) return -1;
    this.#at = at + 1;
    return STRING * FILLINGS + filling;
  }

  /** The same for values that are no text, whose first sign stands at `start`. */
  #other(bytes: Uint8Array, start: number, to: number, index: number): number {
    const first = bytes[start] ?? 0;
    if (first === MINUS || (first >= ZERO && first <= NINE)) return this.#number(bytes, start, index);
    if (first === OPEN_BRACE || first === OPEN_BRACKET) return this.#nestedValue(bytes, start, to, index);
    for (const { kind, bytes: word } of WORDS) {
      const end = start + word.length;
      if (first === word[0] && end <= to && isSame(word, bytes, start, end))
        return this.#note(index, start, end, 0, kind);
    }
    return -1;
  }

  /** `{"a":1}`, `["a"]`: such values are few, so that each is read once. */
  #nestedValue(bytes: Uint8Array, start: number, to: number, index: number): number {
    const end = nestedEnd(bytes, start, Math.min(to, start + MAX_NESTED_BYTES));
    if (end === -1) return -1;
    if (this.#nested.get(bytes, start, end) === undefined) {
      const text = readNested(utf8Text(bytes, start, end));
      if (text === undefined || !isUtf8(bytes, start, end)) return -1;
      this.#nested.set(bytes, start, end, text);
    }
    const kind = bytes[start] === OPEN_BRACE ? OBJECT : ARRAY;
    // Beyond ASCII is all that is told of it, because the ordinary way spells it anew.
    let signs = ESCAPED;
    for (let at = start; at < end; at += 1) signs |= (ESCAPED_SIGNS[bytes[at] ?? 0] ?? 0) & BEYOND;
    return this.#note(index, start, end, signs, kind);
  }

  /** `-12`, `0`, `1.5`, `1e+21` */
  #number(bytes: Uint8Array, start: number, index: number): number {
    let at = bytes[start] === MINUS ? start + 1 : start;
    const digits = at;
    while (isDigit(bytes[at] ?? 0)) at += 1;
    if (at === digits || (bytes[digits] === ZERO && at > digits + 1)) return -1;
    let kind = INT;
    if (bytes[at] === POINT) {
      const from = at + 1;
      for (at = from; isDigit(bytes[at] ?? 0); ) at += 1;
      if (at === from) return -1;
      kind = DOUBLE;
    }
    if (((bytes[at] ?? 0) | TO_LOWER) === LETTER_E) {
      at += 1;
      if (bytes[at] === PLUS || bytes[at] === MINUS) at += 1;
      const from = at;
      while (isDigit(bytes[at] ?? 0)) at += 1;
      if (at === from) return -1;
      kind = DOUBLE;
    }
    const sign = bytes[at];
    if (sign !== COMMA && sign !== CLOSE_BRACE) return -1;
    return this.#note(index, start, at, 0, kind);
  }

  #note(index: number, start: number, end: number, signs: number, kind: number): number {
    this.starts[index] = start;
    this.ends[index] = end;
    this.signs[index] = signs;
    this.kinds[index] = kind;
    this.seen |= signs;
    this.#at = end;
    return kind * FILLINGS + FILLED;
  }
}

/** Behind the bracket that closes the one at `start`; -1 when there is none. Whether all between them is JSON is not looked at. */
function nestedEnd(bytes: Uint8Array, start: number, to: number): number {
  let depth = 0;
  let inText = false;
  for (let at = start; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (inText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

/** The text that the ordinary way makes of a nested value. */
function readNested(text: string): string | undefined {
  const read = decodeJson(`{"a":${text}}`);
  return 'fields' in read && read.fields.size === 1 ? read.fields.get('a')?.text : undefined;
}

const SMALL_U = 0x75;
/** What may stand behind a backslash. */
const ESCAPES = Uint8Array.from({ length: 256 }, (_, byte) =>
  '"\\/bfnrtu'.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/** Whether behind each backslash stands what may stand there. */
function areEscapes(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== BACKSLASH) continue;
    at += 1;
    const sign = bytes[at] ?? 0;
    if (ESCAPES[sign] === 0) return false;
    if (sign !== SMALL_U) continue;
    if (at + 4 >= end) return false;
    for (let digit = 1; digit <= 4; digit += 1) if (!isHexDigit(bytes[at + digit] ?? 0)) return false;
    at += 4;
  }
  return true;
}

function withoutEscapes(text: string): string | undefined {
  try {
    const read: unknown = JSON.parse(`"${text}"`);
    return typeof read === 'string' ? read.toWellFormed() : undefined;
  } catch {
    return undefined;
  }
}
