/** Wire types of the protobuf encoding that OTLP uses. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Up to here a loop is faster than a call of TextEncoder, and the length takes one byte. */
const SHORT_TEXT = 64;

/** Room for a tag, which has up to five bytes, and a number of ten or less. */
const HEAD_BYTES = 16;

const encoder = new TextEncoder();

/** How many bytes a length takes. */
function widthOf(length: number): number {
  if (length < 0x80) return 1;
  if (length < 0x4000) return 2;
  if (length < 0x200000) return 3;
  return length < 0x10000000 ? 4 : 5;
}

/** Writes protobuf fields into one growing buffer. Lengths of nested messages are put in front afterwards. */
export class ProtobufWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #at = 0;

  /** @param capacity About how many bytes will be written; the buffer grows when there are more. */
  constructor(capacity = 4096) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Number of bytes written so far. */
  get length(): number {
    return this.#at;
  }

  /** Number of bytes that the buffer has. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** What was written, as a copy of its own. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at);
  }

  /** What was written, without a copy: nothing may be written any more. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#at);
  }

  /** What was written, as it stands in the buffer: good until more is written. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#at);
  }

  /** Forgets what was written behind a length, and keeps the buffer. */
  cut(length = 0): void {
    this.#at = length;
  }

  /** Fields that are encoded already. */
  raw(fields: Uint8Array): void {
    this.#reserve(fields.length);
    this.#bytes.set(fields, this.#at);
    this.#at += fields.length;
  }

  string(field: number, text: string): void {
    // One UTF-16 unit becomes at most three bytes.
    this.#reserve(text.length * 3 + HEAD_BYTES);
    this.#tag(field, LENGTH_DELIMITED);
    if (text.length > SHORT_TEXT || !this.#shortAscii(text)) this.#utf8(text);
  }

  bytes(field: number, value: Uint8Array): void {
    this.begin(field, value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  bool(field: number, value: boolean): void {
    this.uint32(field, value ? 1 : 0);
  }

  uint32(field: number, value: number): void {
    this.#reserve(HEAD_BYTES);
    this.#tag(field, VARINT);
    this.#varint(value);
  }

  int64(field: number, value: number | bigint): void {
    this.#reserve(HEAD_BYTES);
    this.#tag(field, VARINT);
    if (typeof value === 'number' && value >= 0) this.#varint(value);
    else this.#bigVarint(BigInt.asUintN(64, BigInt(value)));
  }

  fixed32(field: number, value: number): void {
    this.#reserve(HEAD_BYTES);
    this.#tag(field, FIXED32);
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  fixed64(field: number, value: bigint): void {
    this.#reserve(HEAD_BYTES);
    this.#tag(field, FIXED64);
    this.#view.setBigUint64(this.#at, value, true);
    this.#at += 8;
  }

  double(field: number, value: number): void {
    this.#reserve(HEAD_BYTES);
    this.#tag(field, FIXED64);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  /** @param about About how long the message will be: when it is right, nothing need be moved. */
  message(field: number, write: () => void, about = 0): void {
    const gap = widthOf(about);
    const start = this.open(field, gap);
    write();
    this.close(start, gap);
  }

  /** Begins a message whose length takes `gap` bytes; gives the place that {@link close} wants. */
  open(field: number, gap = 1): number {
    this.#reserve(HEAD_BYTES);
    this.#tag(field, LENGTH_DELIMITED);
    this.#at += gap;
    return this.#at;
  }

  /** Ends the message that was begun last. */
  close(start: number, gap = 1): void {
    this.#putLength(start - gap, gap);
  }

  /** The beginning of a message of this length: the caller puts it behind. */
  begin(field: number, length: number): void {
    this.#reserve(HEAD_BYTES);
    this.#tag(field, LENGTH_DELIMITED);
    this.#varint(length);
  }

  /** As all below: there is room for it. */
  #tag(field: number, wireType: number): void {
    const tag = field * 8 + wireType;
    if (tag < 0x80) this.#bytes[this.#at++] = tag;
    else this.#varint(tag);
  }

  /** A whole number from 0 to 2^53 - 1. */
  #varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#at++] = rest;
  }

  #bigVarint(value: bigint): void {
    let rest = value;
    while (rest >= 0x80n) {
      this.#bytes[this.#at++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#at++] = Number(rest);
  }

  /** Writes text of one byte a character with its length, or nothing when there is more to a character. */
  #shortAscii(text: string): boolean {
    const start = this.#at + 1;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit >= 0x80) return false;
      this.#bytes[start + index] = unit;
    }
    this.#bytes[this.#at] = text.length;
    this.#at = start + text.length;
    return true;
  }

  #utf8(text: string): void {
    const lengthAt = this.#at;
    // Mostly ASCII: then the length in bytes is about that in characters.
    const guess = widthOf(text.length);
    this.#at += guess;
    this.#at += encoder.encodeInto(text, this.#bytes.subarray(this.#at)).written;
    this.#putLength(lengthAt, guess);
  }

  /** Writes the length of what stands behind a gap of `gap` bytes into it, and moves that when the gap does not fit. */
  #putLength(lengthAt: number, gap: number): void {
    const length = this.#at - lengthAt - gap;
    if (gap === 1 && length < 0x80) {
      this.#bytes[lengthAt] = length;
      return;
    }
    const width = widthOf(length);
    this.#reserve(HEAD_BYTES);
    if (width !== gap) this.#bytes.copyWithin(lengthAt + width, lengthAt + gap, this.#at);
    this.#at = lengthAt;
    this.#varint(length);
    this.#at = lengthAt + width + length;
  }

  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + count));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
