import { ascii, asciiBytes, lower, startsWith } from '../bytes.ts';
import { BEYOND, FORBIDDEN, TELLING } from './line-scanner.ts';
import { isUtf8 } from './utf8.ts';
import { TEXT_SIGNS } from './value-table.ts';

const TAB = 0x09;
const LF = 0x0a;
const AMPERSAND = 0x26;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const NO_DIGIT = 0xff;
const ENTITIES: readonly { readonly name: Uint8Array; readonly sign: number }[] = [
  { name: ascii('amp;'), sign: AMPERSAND },
  { name: ascii('apos;'), sign: 0x27 },
  { name: ascii('quot;'), sign: 0x22 },
  { name: ascii('lt;'), sign: 0x3c },
  { name: ascii('gt;'), sign: 0x3e },
];

/** What each byte means in a text of a table: line breaks are a reason to look closer. */
export const CELL_SIGNS: Uint8Array = TEXT_SIGNS.map((sign, byte) => (byte === LF || byte === TAB ? TELLING : sign));

const SIX_BITS: Uint8Array = new Uint8Array(256).fill(NO_DIGIT);
for (const [value, sign] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  SIX_BITS[sign.charCodeAt(0)] = value;

/**
 * Texts of one row whose bytes stand for other ones, in UTF-8 and without their escapes, and behind them the row itself: so all its values are in one array. A text with signs that
 * would be an escape again is none for this place: what bytes mean depends on nothing but themselves.
 */
export class TextArena {
  bytes: Uint8Array = new Uint8Array(4096);
  end = 0;
  readonly #prefix: Uint8Array;
  readonly #mark: number;

  /**
   * @param prefix What stands before Base64, in whatever case.
   * @param mark The sign with which a cell begins its own escapes.
   */
  constructor(prefix: string | undefined, mark: number) {
    this.#mark = mark;
    this.#prefix = (asciiBytes(prefix ?? '') ?? new Uint8Array()).map(lower);
  }

  /** Whether a text may be one in Base64. */
  mayBeEncoded(bytes: Uint8Array, start: number, end: number): boolean {
    const { length } = this.#prefix;
    if (length === 0 || end - start < length) return false;
    for (let at = 0; at < length; at += 1) if (lower(bytes[start + at] ?? 0) !== this.#prefix[at]) return false;
    return true;
  }

  /** Adds the text of a value, and gives its signs; -1 when it must be read in another way. */
  add(bytes: Uint8Array, start: number, end: number): number {
    this.#reserve(end - start);
    const from = this.end;
    const isAdded = this.mayBeEncoded(bytes, start, end)
      ? this.#addBase64(bytes, start + this.#prefix.length, end)
      : this.#addEscaped(bytes, start, end);
    const signs = isAdded ? this.#signsFrom(from) : -1;
    if (signs === -1) this.end = from;
    return signs;
  }

  /** Adds a text of ASCII, of signs that stand for themselves. */
  addPlain(text: string): void {
    this.#reserve(text.length);
    for (let at = 0; at < text.length; at += 1) this.bytes[this.end + at] = text.charCodeAt(at);
    this.end += text.length;
  }

  /** Adds a whole row; gives how far it was moved. */
  addRow(bytes: Uint8Array, start: number, end: number): number {
    this.#reserve(end - start);
    const moved = this.end - start;
    this.bytes.set(bytes.subarray(start, end), this.end);
    this.end += end - start;
    return moved;
  }

  #addBase64(bytes: Uint8Array, start: number, end: number): boolean {
    if (end === start || (end - start) % 4 !== 0) return false;
    const padding = bytes[end - 1] !== EQUALS ? 0 : bytes[end - 2] !== EQUALS ? 1 : 2;
    const stop = end - padding;
    const target = this.bytes;
    let to = this.end;
    let bits = 0;
    let held = 0;
    for (let at = start; at < stop; at += 1) {
      const digit = SIX_BITS[bytes[at] ?? 0] ?? NO_DIGIT;
      if (digit === NO_DIGIT) return false;
      bits = ((bits << 6) | digit) & 0xfff;
      held += 6;
      if (held < 8) continue;
      held -= 8;
      target[to] = bits >>> held;
      to += 1;
    }
    this.end = to;
    return true;
  }

  #addEscaped(bytes: Uint8Array, start: number, end: number): boolean {
    const target = this.bytes;
    let to = this.end;
    for (let at = start; at < end; at += 1) {
      let byte = bytes[at] ?? 0;
      if (byte === AMPERSAND) {
        const entity = entityAt(bytes, at + 1, end);
        if (!entity) return false;
        byte = entity.sign;
        at += entity.name.length;
      }
      target[to] = byte;
      to += 1;
    }
    this.end = to;
    return true;
  }

  /** The signs of the text that was added last; -1 when it is no UTF-8, or would stand for another text. */
  #signsFrom(from: number): number {
    const { bytes, end } = this;
    let found = 0;
    let mayBeEntity = false;
    for (let at = from; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === AMPERSAND) mayBeEntity = true;
      if (byte === this.#mark || (byte === SEMICOLON && mayBeEntity)) return -1;
      found |= CELL_SIGNS[byte] ?? 0;
    }
    if ((found & FORBIDDEN) !== 0 || this.mayBeEncoded(bytes, from, end)) return -1;
    return (found & BEYOND) === 0 || isUtf8(bytes, from, end) ? found : -1;
  }

  #reserve(length: number): void {
    if (this.end + length <= this.bytes.length) return;
    const grown = new Uint8Array((this.end + length) * 2);
    grown.set(this.bytes.subarray(0, this.end));
    this.bytes = grown;
  }
}

function entityAt(bytes: Uint8Array, at: number, end: number): (typeof ENTITIES)[number] | undefined {
  for (const entity of ENTITIES) if (startsWith(entity.name, bytes, at, end)) return entity;
  return undefined;
}
