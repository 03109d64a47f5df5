import type { CefFormat } from '@cryptrail/catalogue';
import { isBlank, isDigit } from '../bytes.ts';
import { unescapeCef } from '../decode/cef.ts';
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
  TELLING,
  TEXT,
} from './line-scanner.ts';
import { LineTree, type TreeEdge, type TreePlace } from './line-tree.ts';
import type { Token } from './shape.ts';
import { asciiText, utf8Text } from './utf8.ts';

const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;
const BAR = 0x7c;
/** What {@link fillingOfValue} says of a value with something to see in it. */
const FILLED = 2;
/** `CEF:` */
const PREFIX = Uint8Array.of(0x43, 0x45, 0x46, 0x3a);

/** What ends a value, or the line: see the tables. */
const STOP = 16;

/** What each byte means: a line break ends all, and any other control sign is one of the text. */
const LINE_SIGNS = ESCAPED_SIGNS.map((sign, byte) => (byte === LF ? STOP : sign === FORBIDDEN ? TELLING : sign));

/** The same in the header: a bar ends the column. */
const HEADER_SIGNS = LINE_SIGNS.map((sign, byte) => (byte === BAR ? STOP : sign));

/** The same behind it: an equals sign or a quote wants a closer look. */
const PAIR_SIGNS = LINE_SIGNS.map((sign, byte) => (byte === EQUALS || byte === QUOTE ? STOP : sign));

/** Makes the scanner for CEF lines; undefined where products differ in how theirs are read. */
export const createCefScanner: CreateScanner = (formats, findControl) => {
  const rules = formats.flatMap(({ format }) => (format.decoder === 'cef' ? [format] : []));
  const [first] = rules;
  const isOne = rules.every(
    ({ header, escapes }) => header.join() === first?.header.join() && escapes === first.escapes,
  );
  return first && isOne ? new CefScanner(first, findControl) : undefined;
};

/** Walks CEF lines as `decodeCef` reads them: header columns between `|`, then `key=value` pairs in which a value runs to the word before the next `=`. */
class CefScanner implements LineScanner {
  readonly repeats = true;
  readonly variesBy = anyWord;
  readonly starts = new Int32Array(MAX_TOKENS);
  readonly ends = new Int32Array(MAX_TOKENS);
  readonly signs = new Uint8Array(MAX_TOKENS);
  readonly kinds = new Uint8Array(MAX_TOKENS).fill(TEXT);
  seen = 0;
  readonly #rule: CefFormat;
  readonly #columns: readonly Token[];
  readonly #tree: LineTree;
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;
  #count = 0;

  constructor(rule: CefFormat, findControl: FindLineControl) {
    this.#rule = rule;
    this.#columns = rule.header.map((name) => ({ space: 'fields', name }));
    this.#tree = new LineTree(findControl, BEYOND);
  }

  mayBegin(bytes: Uint8Array, start: number): boolean {
    return (
      bytes[start] === PREFIX[0] &&
      bytes[start + 1] === PREFIX[1] &&
      bytes[start + 2] === PREFIX[2] &&
      bytes[start + 3] === PREFIX[3]
    );
  }

  scan(bytes: Uint8Array, start: number, end: number): LineShape | undefined {
    this.#bytes = bytes;
    this.#count = 0;
    this.seen = 0;
    // A byte order mark behind a line is no part of it, and padding neither. The line break stops everything below.
    const last = bytes[end - 1] ?? NUL;
    if (last === NUL || last >= 0x80 || bytes[bytes[end] === CR ? end + 1 : end] !== LF) return undefined;
    const from = versionEnd(bytes, start + PREFIX.length);
    if (from === -1) return undefined;
    this.#at = from;
    const header = this.#header(bytes);
    const place = header && this.#at <= end ? this.#extension(bytes, header, end) : undefined;
    return this.#tree.shapeAt(place);
  }

  text(index: number): string | undefined {
    const start = this.starts[index] ?? 0;
    const end = this.ends[index] ?? 0;
    const isBeyond = ((this.signs[index] ?? 0) & BEYOND) !== 0;
    const raw = isBeyond ? utf8Text(this.#bytes, start, end) : asciiText(this.#bytes, start, end);
    return unescapeCef(raw, index < this.#rule.header.length ? 'header' : 'extension', this.#rule.escapes);
  }

  tidy(): void {
    this.#tree.tidy();
  }

  /** `cossacklabs|acra-server|0.96.0|560|a message|6|` */
  #header(bytes: Uint8Array): TreePlace | undefined {
    let place: TreePlace | undefined = this.#tree.root;
    let at = this.#at;
    for (let index = 0; index < this.#columns.length; index += 1) {
      const column = this.#columns[index];
      if (!column) return undefined;
      const start = at;
      let found = 0;
      let sign = HEADER_SIGNS[bytes[at] ?? 0] ?? STOP;
      while (sign < STOP) {
        at += 1;
        if (sign === ESCAPED) {
          // The sign behind it may be any but the end of the line.
          const escaped = ESCAPED_SIGNS[bytes[at] ?? 0] ?? FORBIDDEN;
          if (escaped === FORBIDDEN) return undefined;
          found |= escaped;
          at += 1;
        }
        found |= sign;
        sign = HEADER_SIGNS[bytes[at] ?? 0] ?? STOP;
      }
      if (bytes[at] !== BAR) return undefined;
      const edge: TreeEdge = this.#tree.known(place, column);
      place = this.#note(edge, start, at === start + 1 && bytes[start] === SPACE ? start : at, found);
      if (!place) return undefined;
      at += 1;
    }
    this.#at = at;
    return place;
  }

  /** `client_id=crm frontend "Key ID"=a session_id=1 ` */
  #extension(bytes: Uint8Array, behindHeader: TreePlace, end: number): TreePlace | undefined {
    let place: TreePlace | undefined = behindHeader;
    let edge: TreeEdge | undefined;
    let valueStart = this.#at;
    let wordStart = valueStart;
    let at = valueStart;
    // The signs since the value began, and those before the last word.
    let found = 0;
    let before = 0;
    for (;;) {
      const byte = bytes[at] ?? 0;
      const sign = PAIR_SIGNS[byte] ?? 0;
      if (sign === 0) {
        at += 1;
        continue;
      }
      if (byte === SPACE) {
        before = found;
        found |= TELLING;
        at += 1;
        wordStart = at;
        continue;
      }
      if (sign < STOP) {
        found |= sign;
        at += 1;
        if (sign !== ESCAPED || at >= end) continue;
        const escaped = ESCAPED_SIGNS[bytes[at] ?? 0] ?? FORBIDDEN;
        if (escaped === FORBIDDEN) return undefined;
        found |= escaped;
        at += 1;
        continue;
      }
      let keyEnd = -1;
      if (byte === QUOTE) {
        if (at === wordStart && this.#rule.escapes === 'goquoted') keyEnd = quotedEnd(bytes, at, end);
        if (keyEnd === UNKNOWN) return undefined;
        if (keyEnd === -1) {
          found |= TELLING;
          at += 1;
          continue;
        }
      } else if (byte !== EQUALS) break;
      if (edge) {
        place = this.#note(edge, valueStart, withoutBlank(bytes, valueStart, wordStart), before);
        if (!place) return undefined;
      } else this.seen |= found;
      edge =
        keyEnd === -1
          ? this.#tree.named(place, bytes, wordStart, end, EQUALS, 'fields')
          : this.#tree.named(place, bytes, wordStart + 1, end, QUOTE, 'fields');
      if (!edge) return undefined;
      at = keyEnd === -1 ? at + 1 : keyEnd + 2;
      valueStart = at;
      wordStart = at;
      found = 0;
      before = 0;
    }
    // A line break in what stood in a wrapper.
    if (at < end) return undefined;
    // What is no pair at all is reported, unless it is nothing.
    if (!edge) return isBlank(bytes, valueStart, end) ? place : undefined;
    const stop = withoutBlank(bytes, valueStart, end);
    return this.#note(edge, valueStart, stop, wordStart === end ? before : found);
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
    let filling = 0;
    if (end > start) {
      // A backslash stays or gives way to a sign that is no white space; by the standard's rules it may stand for a line break.
      const isPlain = first > SPACE && first < 0x7f && (first !== BACKSLASH || this.#rule.escapes === 'goquoted');
      filling = isPlain ? FILLED : fillingOfValue(this, this.#bytes, index);
    }
    if (filling === -1) return undefined;
    return this.#tree.next(edge, filling);
  }
}

/** One blank separates the pairs and one ends the line; an empty value is printed as one blank more. */
function withoutBlank(bytes: Uint8Array, start: number, end: number): number {
  if (end === start || bytes[end - 1] !== SPACE) return end;
  return end === start + 2 && bytes[start] === SPACE ? start : end - 1;
}

/** Behind `0|` or `10|`, or -1. */
function versionEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < start + 2 && isDigit(bytes[at] ?? 0)) at += 1;
  return at > start && bytes[at] === BAR ? at + 1 : -1;
}

/** What the ordinary way must read. */
const UNKNOWN = -2;

/** Where `"Key ID"=` has its last quote; -1 when it is no key, {@link UNKNOWN} when there are escapes in it. */
function quotedEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; at < end; at += 1) {
    if (bytes[at] === BACKSLASH) return UNKNOWN;
    if (bytes[at] === QUOTE) return at + 1 < end && bytes[at + 1] === EQUALS ? at : -1;
  }
  return -1;
}
