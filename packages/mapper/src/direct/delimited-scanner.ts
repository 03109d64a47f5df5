import type { DelimitedFormat } from '@cryptrail/catalogue';
import { asciiBytes, asciiList, isOneOf, lower, startsWith } from '../bytes.ts';
import { HOLDS_DELIMITER } from '../decode/delimited.ts';
import { decodeText } from '../decode/encoded-text.ts';
import { detailNames } from '../decode/open-details.ts';
import type { Issue } from '../issue.ts';
import { type ByteShape, byteShape } from './byte-shapes.ts';
import { BY_DIGITS, BY_WORDS, ESCAPED } from './line-scanner.ts';
import type { LineTree, NameDetails } from './line-tree.ts';
import { keyEndOf, type MessageScanner, NO_KEY, UNSURE } from './message-scanner.ts';
import { fillingOfText, type Token } from './shape.ts';
import { utf8Text } from './utf8.ts';
import { beginsKey, fillingOf, isKeySign, MAX_KEY_LENGTH, TEXT_SIGNS, type ValueTable } from './value-table.ts';

const SPACE = 0x20;
const BACKSLASH = 0x5c;

interface Column {
  readonly token: Token;
  readonly shape: ByteShape | undefined;
  /** The form that it has unless one before it holds the delimiter. */
  readonly expected: ByteShape | undefined;
  /** An escaped delimiter does not end it. */
  readonly escaped: boolean;
}

/** How many columns a message has when none of them holds the delimiter. */
const ALL = 0;

/**
 * Walks `time;EVENT;STATUS;…;last column;key=value;key=value` and says what `decodeDelimited` says, or nothing. Left to the ordinary way: lines with fewer columns or with
 * a blank behind each delimiter.
 */
export class DelimitedScanner implements MessageScanner {
  readonly #columns: readonly Column[];
  readonly #delimiter: number;
  readonly #separator: number;
  readonly #absent: readonly Uint8Array[];
  readonly #prefixes: readonly Uint8Array[];
  readonly #encoded: Uint8Array | undefined;
  readonly #rule: DelimitedFormat;
  /** The columns of the message that is walked: where they stand, and what they hold. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #found: Uint8Array;
  /** How many of them are certain, and where its details begin. */
  #count = 0;
  #details = 0;
  /** A delimiter with no blank behind it was met. */
  #dense = false;
  #stop = 0;
  #signs = 0;

  private constructor(
    columns: readonly Column[],
    delimiter: number,
    separator: number,
    absent: readonly Uint8Array[],
    prefixes: readonly Uint8Array[],
    encoded: Uint8Array | undefined,
    rule: DelimitedFormat,
  ) {
    this.#columns = columns;
    this.#starts = new Int32Array(columns.length);
    this.#ends = new Int32Array(columns.length);
    this.#found = new Uint8Array(columns.length);
    this.#delimiter = delimiter;
    this.#separator = separator;
    this.#absent = absent;
    this.#prefixes = prefixes;
    this.#encoded = encoded;
    this.#rule = rule;
  }

  /** Undefined for a format with something in it that is not walked in bytes. */
  static of(rule: DelimitedFormat): DelimitedScanner | undefined {
    const columns: Column[] = [];
    for (const name of rule.columns) {
      const [wanted, usual] = [rule.shapes, rule.expected].map((shapes) =>
        shapes && Object.hasOwn(shapes, name) ? shapes[name] : undefined,
      );
      const [shape, expected] = [wanted, usual].map((one) => one && byteShape(one));
      if ((wanted && !shape) || (usual && !expected)) return undefined;
      columns.push({
        token: { space: 'fields', name },
        shape,
        expected,
        escaped: rule.escaped?.includes(name) ?? false,
      });
    }
    const delimiter = asciiBytes(rule.delimiter);
    const separator = asciiBytes(rule.detailSeparator);
    const [absent, prefixes] = [asciiList(rule.absent), asciiList(rule.keyPrefixes)];
    const { encodedPrefix = '' } = rule;
    const encoded = asciiBytes(encodedPrefix.toLowerCase());
    if (delimiter?.length !== 1 || separator?.length !== 1 || !absent || !prefixes || !encoded) return undefined;
    return new DelimitedScanner(
      columns,
      delimiter[0] ?? 0,
      separator[0] ?? 0,
      absent,
      prefixes,
      encoded.length === 0 ? undefined : encoded,
      rule,
    );
  }

  /** See {@link MessageScanner.prepare}. */
  prepare(bytes: Uint8Array, start: number, end: number): number {
    this.#dense = false;
    let at = start;
    const last = this.#columns.length - 1;
    for (let index = 0; index <= last; index += 1) {
      const column = this.#columns[index];
      if (!column) return -1;
      this.#signs = 0;
      this.#walk(bytes, at, end);
      while (column.escaped && this.#stop < end && endsInEscape(bytes, at, this.#stop))
        this.#walk(bytes, this.#stop + 1, end);
      const stop = this.#stop;
      if ((stop === end && index < last) || (column.shape && !column.shape(bytes, at, stop))) return -1;
      this.#starts[index] = at;
      this.#ends[index] = stop;
      this.#found[index] = this.#signs;
      at = stop + 1;
    }
    this.#count = last + 1;
    this.#details = at;
    if (at > end) return ALL;
    const key = this.#keyEnd(bytes, at, end);
    if (key === UNSURE) return -1;
    return key === NO_KEY ? this.#prepareShifted(bytes, end) : ALL;
  }

  /** The columns of a message in which one holds the delimiter: the last certain one goes on to the first detail. Gives how many of them there are, or -1. */
  #prepareShifted(bytes: Uint8Array, end: number): number {
    const odd = this.#columns.findIndex(({ expected }, index) => {
      const [from, to] = [this.#starts[index] ?? 0, this.#ends[index] ?? 0];
      return expected && !this.#isAbsent(bytes, from, to) && !expected(bytes, from, to);
    });
    if (odd === 0) return -1;
    if (odd !== -1) this.#count = odd;
    const last = this.#count - 1;
    this.#signs = this.#found[last] ?? 0;
    let at = (this.#ends[last] ?? 0) + 1;
    for (let escaped = false; at <= end; at = this.#stop + 1) {
      const key = escaped ? NO_KEY : this.#keyEnd(bytes, at, end);
      if (key === UNSURE) return -1;
      if (key !== NO_KEY) break;
      this.#walk(bytes, at, end);
      this.#ends[last] = this.#stop;
      escaped = endsInEscape(bytes, at, this.#stop);
    }
    this.#found[last] = this.#signs;
    this.#details = at;
    return this.#count;
  }

  /** See {@link MessageScanner.addFields}. */
  addFields(bytes: Uint8Array, tree: LineTree, values: ValueTable): void {
    for (let index = 0; index < this.#count; index += 1) {
      const start = this.#starts[index] ?? 0;
      const end = this.#ends[index] ?? 0;
      const token = this.#columns[index]?.token;
      if (token)
        values.addKnown(tree, token, bytes, start, end, this.#found[index] ?? 0, this.#isAbsent(bytes, start, end));
    }
  }

  /** See {@link MessageScanner.addDetails}. */
  addDetails(bytes: Uint8Array, end: number, tree: LineTree, values: ValueTable): boolean {
    let name = -1;
    let nameEnd = -1;
    let escaped = false;
    let stop = end;
    for (let at = this.#details; at <= end; at = stop + 1) {
      const key = escaped ? NO_KEY : this.#keyEnd(bytes, at, end);
      if (key === UNSURE || (key === NO_KEY && name === -1)) return false;
      if (key !== NO_KEY) {
        if (name !== -1) this.#add(bytes, name, nameEnd, at - 1, tree, values);
        if (!values.place) return false;
        name = at;
        nameEnd = key;
        this.#signs = 0;
      }
      this.#walk(bytes, key === NO_KEY ? at : key + 1, end);
      stop = this.#stop;
      escaped = stop > at && bytes[stop - 1] === BACKSLASH && endsInEscape(bytes, at, stop);
    }
    if (name !== -1) this.#add(bytes, name, nameEnd, end, tree, values);
    return this.#dense && values.place !== undefined;
  }

  get specialWords(): readonly Uint8Array[] {
    return this.#absent;
  }

  get specialBeginning(): Uint8Array | undefined {
    return this.#encoded;
  }

  /** The form of a column says what it is, and all forms take digits for digits. */
  variesBy({ space, name }: Token): number {
    const column = space === 'fields' && this.#columns.find(({ token }) => token.name === name);
    return column && (column.shape ?? column.expected) ? BY_DIGITS : BY_WORDS;
  }

  /** See {@link MessageScanner.nameDetails}. */
  nameDetails(variant: number): NameDetails {
    return (keys) => {
      const issues: Issue[] = variant === ALL ? [] : [HOLDS_DELIMITER];
      return { names: detailNames(keys, issues), issues };
    };
  }

  /** The text of a value that may be encoded. */
  text(bytes: Uint8Array, start: number, end: number): string {
    return decodeText(utf8Text(bytes, start, end), this.#rule.encodedPrefix ?? '');
  }

  /** Goes to the next delimiter, or to the end, and gathers the signs on the way. */
  #walk(bytes: Uint8Array, from: number, end: number): void {
    const delimiter = this.#delimiter;
    let signs = this.#signs;
    let at = from;
    for (; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === delimiter) break;
      signs |= TEXT_SIGNS[byte] ?? 0;
    }
    this.#signs = signs;
    this.#stop = at;
    if (at + 1 < end && bytes[at + 1] !== SPACE && bytes[at + 1] !== delimiter) this.#dense = true;
  }

  /** Where the key ends with which a text begins, {@link NO_KEY}, or {@link UNSURE}. */
  #keyEnd(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    if (at < end && beginsKey(bytes[at] ?? 0)) while (at < end && isKeySign(bytes[at] ?? 0)) at += 1;
    const byte = at < end ? (bytes[at] ?? 0) : this.#delimiter;
    if (byte === this.#separator && at > start) return at - start <= MAX_KEY_LENGTH ? at : NO_KEY;
    if (byte === this.#delimiter) return NO_KEY;
    if (byte < 0x80 && !this.#prefixes.some((prefix) => startsWith(prefix, bytes, start, end))) return NO_KEY;
    // Such a key may hold any sign.
    while (at < end && bytes[at] !== this.#delimiter) at += 1;
    return keyEndOf(bytes, start, at, Uint8Array.of(this.#separator), this.#rule.keyPrefixes);
  }

  #add(bytes: Uint8Array, name: number, nameEnd: number, end: number, tree: LineTree, values: ValueTable): void {
    const start = nameEnd + 1;
    const isNull = this.#isAbsent(bytes, start, end);
    const encoded = this.#encoded;
    if (!encoded || !isEncoded(encoded, bytes, start, end))
      values.addDetail(tree, bytes, name, nameEnd, start, end, this.#signs, isNull, fillingOf(bytes, start, end));
    else {
      const filling = this.#encodedFilling(bytes, start, end, encoded.length);
      values.addDetail(tree, bytes, name, nameEnd, start, end, this.#signs | ESCAPED, isNull, filling);
    }
  }

  /** How full a value is behind the prefix of encoded ones. Most tell it by their first byte, be it decoded or left as it stands. */
  #encodedFilling(bytes: Uint8Array, start: number, end: number, prefix: number): number {
    const first = firstEncoded(bytes, start + prefix, end);
    return first > SPACE && first < 0x7f ? 2 : fillingOfText(this.text(bytes, start, end));
  }

  #isAbsent(bytes: Uint8Array, start: number, end: number): boolean {
    return start === end || isOneOf(this.#absent, bytes, start, end);
  }
}

/** An odd number of backslashes before `end`. */
function endsInEscape(bytes: Uint8Array, from: number, end: number): boolean {
  let at = end;
  while (at > from && bytes[at - 1] === BACKSLASH) at -= 1;
  return (end - at) % 2 === 1;
}

/** `prefix` is in lower case. */
function isEncoded(prefix: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < prefix.length) return false;
  for (let at = 0; at < prefix.length; at += 1) {
    if (lower(bytes[start + at] ?? 0) !== prefix[at]) return false;
  }
  return true;
}

const BASE64: Int8Array = new Int8Array(256).fill(-1);
for (const [value, sign] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  BASE64[sign.charCodeAt(0)] = value;

/** The first byte of an encoded text, or -1. */
function firstEncoded(bytes: Uint8Array, start: number, end: number): number {
  const first = (BASE64[bytes[start] ?? 0] ?? -1) * 4 + ((BASE64[bytes[start + 1] ?? 0] ?? -1) >> 4);
  return end - start >= 4 ? first : -1;
}
