import { NO_BYTES } from '../bytes.ts';
import { type AttributeValue, Double } from '../records.ts';
import { remembered } from '../remembered.ts';
import {
  ARRAY_VALUE,
  ATTRIBUTE,
  BODY,
  BOOL_VALUE,
  DOUBLE_VALUE,
  EVENT_NAME,
  INT_VALUE,
  ITEM,
  KEY,
  LOG_RECORD,
  SEVERITY_NUMBER,
  SEVERITY_TEXT,
  STRING_VALUE,
  TIME,
  VALUE,
} from './otlp-tags.ts';
import { type Block, copyWords, viewOf, type Words, wordsOf } from './words.ts';

const encoder = new TextEncoder();

/** Most records have a length of two bytes; the others are moved. */
const LENGTH_WIDTH = 2;
/** Up to here a loop is faster than a call of `set`. */
const SHORT_BYTES = 64;
/** Up to here a loop is faster than a call of TextEncoder. */
const SHORT_TEXT = 160;
/** Up to here words are faster than a call of `set`. */
const LONG_BLOCK = 96;
const MAX_INT_BYTES = 8;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** How many bytes a length takes. */
export function widthOf(length: number): number {
  if (length < 0x80) return 1;
  if (length < 0x4000) return 2;
  if (length < 0x200000) return 3;
  return length < 0x10000000 ? 4 : 5;
}

/**
 * A run of OTLP log records that grows. It knows how values lie in `opentelemetry-proto` 1.10, and gets everything that can be encoded before as
 * bytes. What was written of a record that turns out to be no plain one is taken back.
 */
export class RecordBuffer {
  bytes: Uint8Array<ArrayBuffer>;
  at = 0;
  #words: Words;

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity);
    this.#words = viewOf(this.bytes);
  }

  /** Makes room for `count` bytes. Everything below does, but {@link byte}. */
  reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.at + count));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
    this.#words = viewOf(grown);
  }

  /** Begins a record; gives the place that {@link endRecord} wants. */
  beginRecord(): number {
    this.reserve(8);
    this.bytes[this.at] = LOG_RECORD;
    this.at += 1 + LENGTH_WIDTH;
    return this.at;
  }

  endRecord(start: number): void {
    const length = this.at - start;
    const width = widthOf(length);
    this.reserve(8);
    const to = start - LENGTH_WIDTH + width;
    if (width !== LENGTH_WIDTH) this.bytes.copyWithin(to, start, this.at);
    this.at = start - LENGTH_WIDTH;
    this.varint(length);
    this.at = to + length;
  }

  /** Bytes that are encoded already. */
  raw(bytes: Uint8Array): void {
    const { length } = bytes;
    this.reserve(length);
    if (length > SHORT_BYTES) this.bytes.set(bytes, this.at);
    else for (let index = 0; index < length; index += 1) this.bytes[this.at + index] = bytes[index] ?? 0;
    this.at += length;
  }

  /** The same for bytes that are written often. */
  block({ words, bytes, length }: Block): void {
    if (length <= LONG_BLOCK) {
      this.part(words, 0, length);
      return;
    }
    this.reserve(length);
    this.bytes.set(bytes, this.at);
    this.at += length;
  }

  /** The same for a part of them. */
  part(words: Words, start: number, end: number): void {
    this.reserve(end - start);
    copyWords(words, start, end, this.#words, this.at);
    this.at += end - start;
  }

  /** One byte, for which there is room. */
  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  /** What {@link fixed64} wrote there. */
  fixed64At(at: number): bigint {
    return this.#words.getBigUint64(at + 1, true);
  }

  fixed64(tag: number, value: bigint): void {
    this.reserve(9);
    this.bytes[this.at] = tag;
    this.#words.setBigUint64(this.at + 1, value, true);
    this.at += 9;
  }

  /** The time of the record, in seconds since 1970 and nanoseconds, without a bigint. */
  time(seconds: number, nanos: number): void {
    this.reserve(9);
    this.bytes[this.at] = TIME;
    // seconds * 10^9 + nanos in two halves of 32 bits: no part of it goes beyond 2^53.
    const upper = Math.floor(seconds / 65_536) * 1e9;
    const lower = (seconds % 65_536) * 1e9 + nanos;
    const rest = (upper % 65_536) * 65_536 + lower;
    this.#words.setUint32(this.at + 1, rest % 2 ** 32, true);
    this.#words.setUint32(this.at + 5, Math.floor(upper / 65_536) + Math.floor(rest / 2 ** 32), true);
    this.at += 9;
  }

  /** A whole number from 0 to 2^53 - 1. */
  varint(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.at++] = (rest & 0x7f) | 0x80;
      rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 0x80);
    }
    this.bytes[this.at++] = rest;
  }

  /** A text behind its tag. */
  text(tag: number, text: string): void {
    this.reserve(text.length * 3 + 8);
    this.bytes[this.at++] = tag;
    const width = widthOf(text.length);
    const start = this.at;
    this.at += width;
    if (!this.#ascii(text)) {
      const bytes = encoder.encode(text);
      this.at = start;
      this.varint(bytes.length);
      this.raw(bytes);
      return;
    }
    this.#putLength(start, width, text.length);
  }

  /** A text as the value of an attribute. `key`: see {@link keyBytes}. */
  textAttribute(key: Uint8Array, text: string): void {
    const { length } = text;
    const width = widthOf(length);
    const inner = 1 + width + length;
    const total = key.length + 1 + widthOf(inner) + inner;
    this.reserve(length * 3 + key.length + 24);
    const before = this.at;
    this.#attribute(key, total, inner);
    this.bytes[this.at++] = STRING_VALUE;
    this.at += width;
    if (this.#ascii(text)) this.#putLength(this.at - length - width, width, length);
    else {
      this.at = before;
      this.#utf8Attribute(key, encoder.encode(text));
    }
  }

  /** Begins an attribute whose text of `length` bytes is written next; from `head` to `behind` stands what {@link textHead} gave. */
  beginText(words: Words, head: number, behind: number, length: number): void {
    const width = behind - head;
    this.reserve(width + length + 24);
    const total = width - 2 + length;
    if (total < 0x80) {
      this.part(words, head, behind);
      this.bytes[this.at - width + 1] = total;
      this.bytes[this.at - 3] = 2 + length;
      this.bytes[this.at - 1] = length;
      return;
    }
    const inner = 1 + widthOf(length) + length;
    this.bytes[this.at++] = ATTRIBUTE;
    this.varint(width - 5 + widthOf(inner) + inner);
    this.part(words, head + 2, behind - 3);
    this.varint(inner);
    this.bytes[this.at++] = STRING_VALUE;
    this.varint(length);
  }

  /** Begins an attribute whose list of texts takes `length` bytes in all: see {@link listItemLength}. Its texts are written next. */
  beginList(key: Uint8Array, length: number): void {
    this.reserve(length + key.length + 24);
    const inner = 1 + widthOf(length) + length;
    this.#attribute(key, key.length + 1 + widthOf(inner) + inner, inner);
    this.bytes[this.at++] = ARRAY_VALUE;
    this.varint(length);
  }

  /** A text of a list, out of other bytes, which are UTF-8. */
  listItem(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.reserve(length + 12);
    this.bytes[this.at++] = ITEM;
    this.varint(1 + widthOf(length) + length);
    this.bytes[this.at++] = STRING_VALUE;
    this.varint(length);
    this.copy(source, start, end);
  }

  /** Begins a body whose text of `length` bytes is written next. */
  beginBody(length: number): void {
    this.reserve(length + 16);
    this.bytes[this.at++] = BODY;
    this.varint(1 + widthOf(length) + length);
    this.bytes[this.at++] = STRING_VALUE;
    this.varint(length);
  }

  /** Copies a part of other bytes, of which many parts are. */
  copy(source: Uint8Array, start: number, end: number): void {
    this.part(wordsOf(source), start, end);
  }

  /** Any value of an attribute. */
  attribute(key: Uint8Array, value: AttributeValue): void {
    if (typeof value === 'string') this.textAttribute(key, value);
    else if (typeof value === 'number' && value >= 0 && Number.isSafeInteger(value)) this.intAttribute(key, value);
    else this.#encoded(key, encodeValue(value));
  }

  /** A whole number from 0 to 2^53 - 1 as the value of an attribute. */
  intAttribute(key: Uint8Array, value: number): void {
    this.reserve(key.length + 24);
    const inner = 1 + widthOfInt(value);
    this.#attribute(key, key.length + 2 + inner, inner);
    this.bytes[this.at++] = INT_VALUE;
    this.varint(value);
  }

  /** The same; from `head` to `behind` stands what {@link intHead} gave. */
  int(words: Words, head: number, behind: number, value: number): void {
    this.reserve(behind - head + MAX_INT_BYTES);
    const start = this.at;
    this.part(words, head, behind);
    const from = this.at;
    this.varint(value);
    this.bytes[start + 1] = this.at - start - 2;
    this.bytes[from - 2] = this.at - from + 1;
  }

  /** Tag and lengths of an attribute, its key, and tag and length of its value. */
  #attribute(key: Uint8Array, total: number, inner: number): void {
    this.bytes[this.at++] = ATTRIBUTE;
    this.varint(total);
    this.raw(key);
    this.bytes[this.at++] = VALUE;
    this.varint(inner);
  }

  #utf8Attribute(key: Uint8Array, text: Uint8Array): void {
    const inner = 1 + widthOf(text.length) + text.length;
    this.#attribute(key, key.length + 1 + widthOf(inner) + inner, inner);
    this.bytes[this.at++] = STRING_VALUE;
    this.varint(text.length);
    this.raw(text);
  }

  #encoded(key: Uint8Array, value: Uint8Array): void {
    this.reserve(key.length + value.length + 24);
    this.#attribute(key, key.length + 1 + widthOf(value.length) + value.length, value.length);
    this.raw(value);
  }

  #putLength(at: number, width: number, length: number): void {
    if (width === 1) this.bytes[at] = length;
    else {
      const end = this.at;
      this.at = at;
      this.varint(length);
      this.at = end;
    }
  }

  /** Writes text of one byte a sign, or leaves everything as it was and says that there is more to a sign. */
  #ascii(text: string): boolean {
    const { bytes, at } = this;
    const { length } = text;
    if (length > SHORT_TEXT) {
      const { written } = encoder.encodeInto(text, bytes.subarray(at));
      if (written !== length) return false;
    } else {
      for (let index = 0; index < length; index += 1) {
        const unit = text.charCodeAt(index);
        if (unit >= 0x80) return false;
        bytes[at + index] = unit;
      }
    }
    this.at = at + length;
    return true;
  }
}

/** How many bytes a text of `length` bytes takes in a list. */
export function listItemLength(length: number): number {
  const inner = 1 + widthOf(length) + length;
  return 1 + widthOf(inner) + inner;
}

/** How many bytes a whole number takes. */
export function widthOfInt(value: number): number {
  if (value < 0x10000000) return widthOf(value);
  let width = 5;
  for (let rest = Math.floor(value / 0x800000000); rest > 0; rest = Math.floor(rest / 0x80)) width += 1;
  return width;
}

/** The key of an attribute, ready to be put before any value: as many are kept as the tables have. */
export const keyBytes: (name: string) => Uint8Array = /* @__PURE__ */ remembered((name) =>
  written((buffer) => buffer.text(KEY, name)),
);

/** An attribute up to its text, as it stands before one that is so short that all lengths take one byte. They are left to whoever writes it. */
export const textHead: (name: string) => Uint8Array = /* @__PURE__ */ remembered((name) =>
  Uint8Array.of(ATTRIBUTE, 0, ...keyBytes(name), VALUE, 0, STRING_VALUE, 0),
);

/** The same up to a whole number; undefined for a name that is too long for it. */
export const intHead: (name: string) => Uint8Array | undefined = /* @__PURE__ */ remembered((name) => {
  const head = Uint8Array.of(ATTRIBUTE, 0, ...keyBytes(name), VALUE, 0, INT_VALUE);
  return head.length + MAX_INT_BYTES < 0x80 ? head : undefined;
});

/** An attribute in full. */
export function attributeBytes(name: string, value: AttributeValue): Uint8Array {
  return written((buffer) => buffer.attribute(keyBytes(name), value));
}

/** Number and text of the severity, as far as there are any. */
export function severityBytes(number: number, text: string): Uint8Array {
  return written((buffer) => {
    if (number !== 0) buffer.raw(Uint8Array.of(SEVERITY_NUMBER, number));
    if (text !== '') buffer.text(SEVERITY_TEXT, text);
  });
}

/** The name of the event; no bytes when there is none. */
export function eventNameBytes(name = ''): Uint8Array {
  return name === '' ? NO_BYTES : written((buffer) => buffer.text(EVENT_NAME, name));
}

/** Where single parts are written before they go their way. */
let scratch: RecordBuffer | undefined;

/** The bytes that are written. */
export function written(write: (buffer: RecordBuffer) => void): Uint8Array {
  scratch ??= new RecordBuffer(1024);
  const before = scratch.at;
  write(scratch);
  const bytes = scratch.bytes.slice(before, scratch.at);
  scratch.at = before;
  return bytes;
}

/** An `AnyValue`, for values that are rare. The same choices as those of the ordinary encoder. */
function encodeValue(value: AttributeValue): Uint8Array {
  return written((buffer) => writeValue(buffer, value));
}

function writeValue(buffer: RecordBuffer, value: AttributeValue): void {
  if (typeof value === 'boolean') buffer.raw(Uint8Array.of(BOOL_VALUE, value ? 1 : 0));
  else if (value instanceof Double) writeDouble(buffer, value.value);
  else if (typeof value === 'number')
    if (Number.isSafeInteger(value)) writeBig(buffer, BigInt(value));
    else writeDouble(buffer, value);
  else if (typeof value === 'bigint')
    if (value >= MIN_INT64 && value <= MAX_INT64) writeBig(buffer, value);
    else buffer.text(STRING_VALUE, value.toString());
  else if (typeof value === 'string') buffer.text(STRING_VALUE, value);
  else writeTexts(buffer, value);
}

function writeDouble(buffer: RecordBuffer, value: number): void {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  buffer.fixed64(DOUBLE_VALUE, bits.getBigUint64(0));
}

function writeBig(buffer: RecordBuffer, value: bigint): void {
  const bytes = [INT_VALUE];
  let rest = BigInt.asUintN(64, value);
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  buffer.raw(Uint8Array.from([...bytes, Number(rest)]));
}

function writeTexts(buffer: RecordBuffer, texts: readonly string[]): void {
  const list = written((items) => {
    for (const text of texts) {
      const value = encodeValue(text);
      items.raw(Uint8Array.of(ITEM));
      items.varint(value.length);
      items.raw(value);
    }
  });
  buffer.raw(Uint8Array.of(ARRAY_VALUE));
  buffer.varint(list.length);
  buffer.raw(list);
}
