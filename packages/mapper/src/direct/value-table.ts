import { isDigit, isSpace } from '../bytes.ts';
import { ESCAPED, FORBIDDEN, MAX_TOKENS, NULL, PLAIN_SIGNS, TEXT } from './line-scanner.ts';
import type { LineTree, TreeEdge, TreePlace } from './line-tree.ts';
import type { Token } from './shape.ts';
import { spaceWidth } from './utf8.ts';

const LF = 0x0a;
const TAB = 0x09;
const ESCAPE = 0x1b;
const SPACE = 0x20;
const SEMICOLON = 0x3b;
const OPEN_BRACKET = 0x5b;
const LETTER_M = 0x6d;
const FILLINGS = 3;

/** What each byte means for the signs of a value that may go over several lines. */
export const TEXT_SIGNS: Uint8Array = PLAIN_SIGNS.map((sign, byte) => (byte === LF || byte === TAB ? 0 : sign));

/** The values of one line, and the way that leads through a tree to its shape. */
export class ValueTable {
  readonly starts = new Int32Array(MAX_TOKENS);
  readonly ends = new Int32Array(MAX_TOKENS);
  readonly signs = new Uint8Array(MAX_TOKENS);
  readonly kinds = new Uint8Array(MAX_TOKENS);
  count = 0;
  seen = 0;
  /** Where the names so far lead; undefined when the line is not for this way. */
  place: TreePlace | undefined;

  /** Begins a line. */
  begin({ root }: LineTree): void {
    this.count = 0;
    this.seen = 0;
    this.place = root;
  }

  /** Adds a value whose name follows from its place. */
  addKnown(
    tree: LineTree,
    token: Token,
    bytes: Uint8Array,
    start: number,
    end: number,
    signs: number,
    isNull: boolean,
  ): void {
    const { place } = this;
    const filling = fillingOf(bytes, start, end);
    if (place) this.#add(tree, tree.known(place, token), bytes, start, end, signs, isNull, filling);
  }

  /** Adds a detail whose name stands from `name` to `nameEnd`. `filling`: 0 for an empty value, 1 for white space, 2 for any other; -1 when it is not known. */
  addDetail(
    tree: LineTree,
    bytes: Uint8Array,
    name: number,
    nameEnd: number,
    start: number,
    end: number,
    signs: number,
    isNull: boolean,
    filling: number,
  ): void {
    const { place } = this;
    const edge = place && tree.spelled(place, bytes, name, nameEnd, 'details');
    if (!place || !edge) this.place = undefined;
    else this.#add(tree, edge, bytes, start, end, signs, isNull, filling);
  }

  #add(
    tree: LineTree,
    edge: TreeEdge,
    bytes: Uint8Array,
    start: number,
    end: number,
    signs: number,
    isNull: boolean,
    filling: number,
  ): void {
    const { count } = this;
    const hasControls = (signs & FORBIDDEN) !== 0;
    if (count >= MAX_TOKENS || filling === -1 || (hasControls && mayBeTakenOut(bytes, start, end))) {
      this.place = undefined;
      return;
    }
    const kind = isNull ? NULL : TEXT;
    this.starts[count] = start;
    this.ends[count] = end;
    this.signs[count] = hasControls ? (signs & ~FORBIDDEN) | ESCAPED : signs;
    this.kinds[count] = kind;
    this.count = count + 1;
    this.seen |= signs;
    this.place = tree.next(edge, kind * FILLINGS + filling);
  }
}

/** Whether there may be control signs in a value that are taken out of a line before it is read: colours (`ESC [ 31 m`), which may go on behind the value, and NUL at both ends of a line. */
function mayBeTakenOut(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    if (bytes[at] === 0 && !(at + 1 < end && isVisible(bytes[at - 1]) && isVisible(bytes[at + 1]))) return true;
    if (bytes[at] !== ESCAPE) continue;
    let stop = at + 1;
    if (stop < end && bytes[stop] === OPEN_BRACKET) stop += 1;
    while (stop > at + 1 && stop < end && (isDigit(bytes[stop] ?? 0) || bytes[stop] === SEMICOLON)) stop += 1;
    if (stop === end || (stop > at + 1 && bytes[stop] === LETTER_M)) return true;
  }
  return false;
}

function isVisible(byte = 0): boolean {
  return byte > SPACE && byte < 0x7f;
}

/** How full a text of UTF-8 is: not at all, with white space only, with something. */
export function fillingOf(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (isSpace(byte)) continue;
    const width = byte < 0x80 ? 0 : spaceWidth(bytes, at);
    if (width === 0) return 2;
    at += width - 1;
  }
  return 1;
}

const KEY_START = 1;
const KEY_SIGN = 2;

/** ASCII signs with which the key of a detail begins or goes on: see `isDetailKey`. */
const KEY_SIGNS: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  const sign = String.fromCharCode(byte);
  if (byte >= 0x80) return 0;
  if (/[A-Za-z0-9_]/.test(sign)) return KEY_START | KEY_SIGN;
  return '.:/-'.includes(sign) ? KEY_SIGN : 0;
});

/** Whether a key can begin with a byte. */
export function beginsKey(byte: number): boolean {
  return ((KEY_SIGNS[byte] ?? 0) & KEY_START) !== 0;
}

/** Whether a key can go on with a byte. */
export function isKeySign(byte: number): boolean {
  return ((KEY_SIGNS[byte] ?? 0) & KEY_SIGN) !== 0;
}

/** The longest key of a detail, as `isDetailKey` has it. */
export const MAX_KEY_LENGTH = 256;
