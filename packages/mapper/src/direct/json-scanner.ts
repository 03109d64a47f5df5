import { isSame } from './byte-cache.ts';
import {
  BEYOND,
  BOOLEAN,
  DOUBLE,
  ESCAPED,
  ESCAPED_SIGNS,
  type FindLineControl,
  FORBIDDEN,
  fillingOfBytes,
  INT,
  type LineScanner,
  type LineShape,
  MAX_TOKENS,
  NULL,
  STRING,
} from './line-scanner.ts';
import { LineTree } from './line-tree.ts';
import { asciiText, utf8Text } from './utf8.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;

/** How full a text can be: see {@link fillingOfBytes}. */
const FILLINGS = 3;

const WORDS: readonly { readonly kind: number; readonly bytes: Uint8Array }[] = [
  { kind: BOOLEAN, bytes: ascii('true') },
  { kind: BOOLEAN, bytes: ascii('false') },
  { kind: NULL, bytes: ascii('null') },
];

/** Walks the bytes of JSON lines along the names that were there before. What it cannot take, e.g. nested values, is left to the ordinary way. */
export class JsonScanner implements LineScanner {
  readonly starts: Int32Array = new Int32Array(MAX_TOKENS);
  readonly ends: Int32Array = new Int32Array(MAX_TOKENS);
  readonly signs: Uint8Array = new Uint8Array(MAX_TOKENS);
  readonly kinds: Uint8Array = new Uint8Array(MAX_TOKENS);
  seen = 0;
  readonly #tree: LineTree;
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(findControl: FindLineControl) {
    this.#tree = new LineTree(findControl);
  }

  mayBegin(bytes: Uint8Array, start: number, end: number): boolean {
    return bytes[start] === OPEN_BRACE && bytes[end - 1] === CLOSE_BRACE;
  }

  scan(bytes: Uint8Array, start: number, end: number): LineShape | undefined {
    const tree = this.#tree;
    let place = tree.root;
    this.#bytes = bytes;
    this.#at = start + 1;
    this.seen = 0;
    for (let count = 0; count < MAX_TOKENS; count += 1) {
      if (bytes[this.#at] === SPACE) this.#at += 1;
      if (bytes[this.#at] !== QUOTE) return undefined;
      const edge = tree.named(place, bytes, this.#at + 1, end, QUOTE, 'fields');
      if (!edge) return undefined;
      let at = this.#at + edge.name.length + 2;
      if (bytes[at] !== COLON) return undefined;
      at += 1;
      if (bytes[at] === SPACE) at += 1;
      this.#at = at;
      const variant = this.#value(bytes, end, count);
      const next = variant === -1 ? undefined : tree.next(place, edge, variant);
      if (!next) return undefined;
      place = next;
      const sign = bytes[this.#at];
      this.#at += 1;
      if (sign === COMMA) continue;
      return sign === CLOSE_BRACE && this.#at === end ? tree.shapeAt(place) : undefined;
    }
    return undefined;
  }

  text(index: number): string | undefined {
    const start = this.starts[index] ?? 0;
    const end = this.ends[index] ?? 0;
    const isAscii = ((this.signs[index] ?? 0) & BEYOND) === 0;
    return withoutEscapes((isAscii ? asciiText : utf8Text)(this.#bytes, start, end));
  }

  tidy(): void {
    this.#tree.tidy();
  }

  /** Notes the value that begins where the scanner stands; gives its variant, or -1. */
  #value(bytes: Uint8Array, to: number, index: number): number {
    const first = bytes[this.#at] ?? 0;
    if (first === QUOTE) return this.#string(bytes, to, index);
    if (first === MINUS || (first >= ZERO && first <= NINE)) return this.#number(bytes, first, index);
    for (const { kind, bytes: word } of WORDS) {
      const end = this.#at + word.length;
      if (first === word[0] && end <= to && isSame(word, bytes, this.#at, end))
        return this.#note(index, this.#at, end, 0, end, kind);
    }
    return -1;
  }

  #string(bytes: Uint8Array, to: number, index: number): number {
    const start = this.#at + 1;
    let at = start;
    let found = 0;
    for (;;) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) break;
      const sign = ESCAPED_SIGNS[byte] ?? 0;
      found |= sign;
      at += 1 + ((sign & ESCAPED) >> 1);
      if (at >= to) return -1;
    }
    if ((found & FORBIDDEN) !== 0) return -1;
    const filling = fillingOfBytes(bytes, start, at);
    return filling === -1 ? -1 : this.#note(index, start, at, found, at + 1, STRING, filling);
  }

  /** `-12`, `0`, `1.5`; numbers in other forms are left to the ordinary way. */
  #number(bytes: Uint8Array, first: number, index: number): number {
    const start = this.#at;
    let at = first === MINUS ? start + 1 : start;
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
    const sign = bytes[at];
    if (sign !== COMMA && sign !== CLOSE_BRACE) return -1;
    return this.#note(index, start, at, 0, at, kind);
  }

  #note(index: number, start: number, end: number, signs: number, behind: number, kind: number, filling = 2): number {
    this.starts[index] = start;
    this.ends[index] = end;
    this.signs[index] = signs;
    this.kinds[index] = kind;
    this.seen |= signs;
    this.#at = behind;
    return kind * FILLINGS + filling;
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
}

function withoutEscapes(text: string): string | undefined {
  try {
    const read: unknown = JSON.parse(`"${text}"`);
    return typeof read === 'string' ? read.toWellFormed() : undefined;
  } catch {
    return undefined;
  }
}
