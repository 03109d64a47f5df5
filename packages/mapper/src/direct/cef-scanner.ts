import type { CefFormat } from '@cryptrail/catalogue';
import { unescapeCef } from '../decode/cef.ts';
import {
  BEYOND,
  type CreateScanner,
  ESCAPED,
  ESCAPED_SIGNS,
  type FindLineControl,
  FORBIDDEN,
  fillingOfBytes,
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
const BAR = 0x7c;
const NINE = 0x39;
const ZERO = 0x30;
/** What {@link fillingOfBytes} says of a value with something to see in it. */
const FILLED = 2;
/** `CEF:` */
const PREFIX = Uint8Array.of(0x43, 0x45, 0x46, 0x3a);

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
    this.#tree = new LineTree(findControl);
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
    // A byte order mark behind a line is no part of it.
    if ((bytes[end - 1] ?? 0) >= 0x80) return undefined;
    const from = versionEnd(bytes, start + PREFIX.length);
    if (from === -1) return undefined;
    this.#at = from;
    const header = this.#header(bytes, end);
    const last = header && this.#extension(bytes, header, end);
    if (!last || (this.seen & FORBIDDEN) !== 0) return undefined;
    return this.#tree.shapeAt(last);
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
  #header(bytes: Uint8Array, end: number): TreePlace | undefined {
    let place: TreePlace | undefined = this.#tree.root;
    for (const column of this.#columns) {
      const start = this.#at;
      let at = start;
      let found = 0;
      while (at < end && bytes[at] !== BAR) {
        const sign = ESCAPED_SIGNS[bytes[at] ?? 0] ?? 0;
        found |= sign;
        at += 1;
        if (sign !== ESCAPED) continue;
        if (at < end) found |= ESCAPED_SIGNS[bytes[at] ?? 0] ?? 0;
        at += 1;
      }
      if (at >= end) return undefined;
      this.#at = at + 1;
      const edge: TreeEdge = this.#tree.known(place, column);
      place = this.#note(place, edge, start, at, found);
      if (!place) return undefined;
    }
    return place;
  }

  /** `client_id=crm frontend "Key ID"=a session_id=1 ` */
  #extension(bytes: Uint8Array, behindHeader: TreePlace, end: number): TreePlace | undefined {
    const quotedKeys = this.#rule.escapes === 'goquoted';
    let place: TreePlace | undefined = behindHeader;
    let edge: TreeEdge | undefined;
    let valueStart = this.#at;
    let wordStart = valueStart;
    let at = valueStart;
    // The signs since the value began, and those before the last word.
    let found = 0;
    let before = 0;
    while (at < end) {
      const byte = bytes[at] ?? 0;
      const sign = ESCAPED_SIGNS[byte] ?? 0;
      if (sign === 0) {
        at += 1;
        continue;
      }
      if (byte === SPACE) {
        before = found;
        found |= sign;
        at += 1;
        wordStart = at;
        continue;
      }
      const quote = quotedKeys && byte === QUOTE && at === wordStart ? quotedEnd(bytes, at, end) : -1;
      if (quote === UNKNOWN) return undefined;
      if (quote === -1 && byte !== EQUALS) {
        found |= sign;
        at += 1;
        if (sign !== ESCAPED) continue;
        if (at < end) found |= ESCAPED_SIGNS[bytes[at] ?? 0] ?? 0;
        at += 1;
        continue;
      }
      if (edge) {
        place = this.#note(place, edge, valueStart, wordStart, before);
        if (!place) return undefined;
      } else this.seen |= found;
      edge =
        quote === -1
          ? this.#tree.named(place, bytes, wordStart, end, EQUALS, 'fields')
          : this.#tree.named(place, bytes, wordStart + 1, end, QUOTE, 'fields');
      if (!edge) return undefined;
      at = quote === -1 ? at + 1 : quote + 2;
      valueStart = at;
      wordStart = at;
      found = 0;
      before = 0;
    }
    // What is no pair at all is reported, unless it is nothing.
    if (!edge) return isBlank(bytes, valueStart, end) ? place : undefined;
    return this.#note(place, edge, valueStart, end, wordStart === end ? before : found);
  }

  /** Notes a value. One blank separates the pairs, and one stands for an empty text. */
  #note(place: TreePlace, edge: TreeEdge, start: number, end: number, signs: number): TreePlace | undefined {
    const index = this.#count;
    if (index >= MAX_TOKENS) return undefined;
    let stop = end;
    if (index >= this.#columns.length && stop > start && this.#bytes[stop - 1] === SPACE) stop -= 1;
    if (stop === start + 1 && this.#bytes[start] === SPACE) stop = start;
    const isEscape = stop > start && this.#bytes[start] === BACKSLASH;
    // A backslash stays or gives way to a sign that is no white space; by the standard's rules it may stand for a line break.
    const filling = isEscape && this.#rule.escapes === 'goquoted' ? FILLED : fillingOfBytes(this.#bytes, start, stop);
    if (filling === -1) return undefined;
    this.starts[index] = start;
    this.ends[index] = stop;
    this.signs[index] = signs;
    this.seen |= signs;
    this.#count = index + 1;
    return this.#tree.next(place, edge, filling);
  }
}

/** Behind `0|` or `10|`, or -1. */
function versionEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < start + 2 && isDigit(bytes[at] ?? 0)) at += 1;
  return at > start && bytes[at] === BAR ? at + 1 : -1;
}

/** What the ordinary way must read. */
const UNKNOWN = -2;

/** Where `"Key ID"=` has its last quote; -1 when it is no key, {@link UNKNOWN} when there are escapes or a bare sign in it. */
function quotedEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; at < end; at += 1) {
    if (bytes[at] === BACKSLASH || bytes[at] === EQUALS) return UNKNOWN;
    if (bytes[at] === QUOTE) return at + 1 < end && bytes[at + 1] === EQUALS ? at : -1;
  }
  return -1;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] !== SPACE) return false;
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
