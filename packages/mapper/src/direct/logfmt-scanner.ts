import { isBlank, isHexDigit, startsWith } from '../bytes.ts';
import { C_ESCAPES } from '../decode/c-escapes.ts';
import { readGoQuoted } from '../decode/go-quote.ts';
import {
  anyWord,
  BEYOND,
  type CreateScanner,
  ESCAPED,
  ESCAPED_SIGNS,
  type FindLineControl,
  FORBIDDEN,
  fillingOfValue,
  type LineScanner,
  type LineShape,
  MAX_TOKENS,
  TEXT,
} from './line-scanner.ts';
import { LineTree, type TreeEdge, type TreePlace } from './line-tree.ts';
import type { Token } from './shape.ts';
import { asciiText, utf8Text } from './utf8.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;
/** What {@link fillingOfValue} says of a value with something to see in it. */
const FILLED = 2;
/** What ends a value, or the line: see the tables. */
const STOP = 16;

/** What each byte means in a bare value: a blank or a control sign ends it. */
const BARE_SIGNS = ESCAPED_SIGNS.map((sign, byte) => (byte === SPACE || sign === FORBIDDEN ? STOP : sign));

/** What each byte means in a value in quotes: a quote or a control sign ends it. */
const QUOTED_SIGNS = ESCAPED_SIGNS.map((sign, byte) => (byte === QUOTE || sign === FORBIDDEN ? STOP : sign));

/** A key with which lines begin. */
interface Leading {
  readonly token: Token;
  /** The key with its `=`. */
  readonly bytes: Uint8Array;
  readonly optional: boolean;
}

/** Makes the scanner for lines of `key=value` pairs; undefined where products differ in the keys with which theirs begin, or where those are no plain words. */
export const createLogfmtScanner: CreateScanner = (formats, findControl) => {
  const rules = formats.flatMap(({ format }) => (format.decoder === 'logfmt' ? [format.leading] : []));
  const [first] = rules;
  const [key = ''] = first ?? [];
  const isOne = rules.every((leading) => leading.join() === first?.join());
  // No wrapper of lines begins like such a key and its sign.
  return first && isOne && /^[a-z]\w*$/i.test(key) ? new LogfmtScanner(first, findControl) : undefined;
};

/** Walks lines as `decodeLogfmt` reads them. */
class LogfmtScanner implements LineScanner {
  readonly repeats = true;
  readonly variesBy = anyWord;
  readonly starts = new Int32Array(MAX_TOKENS);
  readonly ends = new Int32Array(MAX_TOKENS);
  readonly signs = new Uint8Array(MAX_TOKENS);
  readonly kinds = new Uint8Array(MAX_TOKENS).fill(TEXT);
  seen = 0;
  readonly #leading: readonly Leading[];
  readonly #tree: LineTree;
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;
  #count = 0;

  constructor(leading: readonly string[], findControl: FindLineControl) {
    this.#leading = leading.map((key) => {
      const name = key.replace(/\?$/, '');
      return { token: { space: 'fields', name }, bytes: new TextEncoder().encode(`${name}=`), optional: name !== key };
    });
    this.#tree = new LineTree(findControl, BEYOND);
  }

  mayBegin(bytes: Uint8Array, start: number): boolean {
    const [first] = this.#leading;
    return first !== undefined && startsWith(first.bytes, bytes, start);
  }

  scan(bytes: Uint8Array, start: number, end: number): LineShape | undefined {
    this.#bytes = bytes;
    this.#at = start;
    this.#count = 0;
    this.seen = 0;
    // A byte order mark behind a line is no part of it. Control signs, of which one stands behind the line, stop everything below.
    if ((bytes[end - 1] ?? 0) >= 0x80 || (bytes[end] ?? 0) >= SPACE) return undefined;
    let place = this.#readLeading(bytes, start, end);
    while (place && this.#at < end) {
      if (bytes[this.#at] !== SPACE) return undefined;
      // White space at the end says nothing.
      if (isBlank(bytes, this.#at, end)) return this.#tree.shapeAt(place);
      const key = this.#at + 1;
      const edge = this.#tree.named(place, bytes, key, end, EQUALS, 'fields');
      if (!edge) return undefined;
      this.#at = key + this.#tree.lengthOf(edge) + 1;
      place = this.#value(edge, bytes);
    }
    return place && this.#at === end ? this.#tree.shapeAt(place) : undefined;
  }

  text(index: number): string | undefined {
    const start = this.starts[index] ?? 0;
    const end = this.ends[index] ?? 0;
    const signs = this.signs[index] ?? 0;
    const raw = (signs & BEYOND) !== 0 ? utf8Text(this.#bytes, start, end) : asciiText(this.#bytes, start, end);
    if ((signs & ESCAPED) === 0) return raw;
    const quoted = `"${raw}"`;
    const read = readGoQuoted(quoted, 0);
    return read.whole && read.end === quoted.length ? read.value : undefined;
  }

  tidy(): void {
    this.#tree.tidy();
  }

  /** `time="2024-09-17T08:00:00Z" level=info msg="a message"` */
  #readLeading(bytes: Uint8Array, start: number, end: number): TreePlace | undefined {
    let place: TreePlace | undefined = this.#tree.root;
    for (const { token, bytes: key, optional } of this.#leading) {
      const edge: TreeEdge = this.#tree.known(place, token);
      const at = this.#at === start ? start : this.#at + 1;
      if ((at === start || bytes[this.#at] === SPACE) && at + key.length <= end && startsWith(key, bytes, at)) {
        this.#at = at + key.length;
        place = this.#value(edge, bytes);
      } else if (optional) place = this.#note(edge, this.#at, this.#at, 0);
      else return undefined;
      if (!place) return undefined;
    }
    return place;
  }

  /** A value, bare or in quotes, that begins where the scanner stands. */
  #value(edge: TreeEdge, bytes: Uint8Array): TreePlace | undefined {
    const start = this.#at;
    if (bytes[start] === QUOTE) return this.#quoted(edge, bytes);
    let at = start;
    let found = 0;
    let sign = BARE_SIGNS[bytes[at] ?? 0] ?? STOP;
    while (sign < STOP) {
      found |= sign;
      at += 1;
      sign = BARE_SIGNS[bytes[at] ?? 0] ?? STOP;
    }
    // No escape here, but the same bytes in quotes would be one: what is remembered of values knows bytes alone.
    if ((found & ESCAPED) !== 0) return undefined;
    this.#at = at;
    return this.#note(edge, start, at, found);
  }

  /** A value in Go's quotes. */
  #quoted(edge: TreeEdge, bytes: Uint8Array): TreePlace | undefined {
    const start = this.#at + 1;
    let at = start;
    let found = 0;
    let sign = QUOTED_SIGNS[bytes[at] ?? 0] ?? STOP;
    while (sign < STOP) {
      found |= sign;
      at = sign === ESCAPED ? escapeEnd(bytes, at + 1) : at + 1;
      if (at === -1) return undefined;
      sign = QUOTED_SIGNS[bytes[at] ?? 0] ?? STOP;
    }
    if (bytes[at] !== QUOTE) return undefined;
    this.#at = at + 1;
    return this.#note(edge, start, at, found);
  }

  #note(edge: TreeEdge, start: number, end: number, signs: number): TreePlace | undefined {
    const index = this.#count;
    if (index >= MAX_TOKENS) return undefined;
    const first = this.#bytes[start] ?? 0;
    this.starts[index] = start;
    this.ends[index] = end;
    this.signs[index] = signs;
    this.seen |= signs;
    this.#count = index + 1;
    const isPlain = end > start && first > SPACE && first < 0x7f && first !== BACKSLASH;
    const filling = isPlain ? FILLED : fillingOfValue(this, this.#bytes, index);
    if (filling === -1) return undefined;
    return this.#tree.next(edge, filling);
  }
}

/** How many hexadecimal digits stand behind the letter of an escape; -1 for what is none of Go's. */
const ESCAPE_DIGITS = new Int8Array(256).fill(-1);
for (const letter of [...C_ESCAPES.keys(), 'a', '\\', '"']) ESCAPE_DIGITS[letter.charCodeAt(0)] = 0;
for (const [letter, digits] of [
  ['x', 2],
  ['u', 4],
  ['U', 8],
] as const)
  ESCAPE_DIGITS[letter.charCodeAt(0)] = digits;

/** Behind the escape whose letter stands at `at`; -1 when it is none. */
function escapeEnd(bytes: Uint8Array, at: number): number {
  const digits = ESCAPE_DIGITS[bytes[at] ?? 0] ?? -1;
  if (digits === -1) return -1;
  const stop = at + 1 + digits;
  for (let index = at + 1; index < stop; index += 1) if (!isHexDigit(bytes[index] ?? 0)) return -1;
  return stop;
}
