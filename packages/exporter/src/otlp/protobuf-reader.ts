import { Fault } from './fault.ts';
import { viewOf } from './protobuf-bytes.ts';

/** Up to here a loop is faster than a call of TextDecoder. */
const SHORT_TEXT = 24;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads protobuf fields from a slice of bytes. Every way out of bounds is a {@link Fault}. */
export class ProtobufReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length, view = viewOf(bytes)) {
    this.#bytes = bytes;
    this.#view = view;
    this.#at = start;
    this.#end = end;
  }

  get done(): boolean {
    return this.#at >= this.#end;
  }

  /** Field number times eight plus wire type. */
  tag(): number {
    const tag = this.uint32();
    if (tag < 8) throw new Fault('malformed', 'a field has the number 0');
    return tag;
  }

  /** The low 32 bits of a varint, as protobuf reads a shorter type from a longer one. */
  uint32(): number {
    const small = this.#smallVarint();
    return small ?? Number(BigInt.asUintN(32, this.#varint()));
  }

  bool(): boolean {
    return this.int64() !== '0';
  }

  /** Decimal digits of a signed 64-bit integer. */
  int64(): string {
    const small = this.#smallVarint();
    return small === undefined ? BigInt.asIntN(64, this.#varint()).toString() : small.toString();
  }

  fixed32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  fixed64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** UTF-8 text; what is no UTF-8 becomes U+FFFD, so that one bad text does not cost the batch. */
  string(): string {
    const length = this.uint32();
    const start = this.#take(length);
    return (length > SHORT_TEXT ? undefined : this.#ascii(start, length)) ?? this.#utf8(start, length);
  }

  bytes(): Uint8Array {
    const length = this.uint32();
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** A reader of the message that begins here. */
  message(): ProtobufReader {
    const length = this.uint32();
    const start = this.#take(length);
    return new ProtobufReader(this.#bytes, start, start + length, this.#view);
  }

  /** Passes over a field that this reader does not know. */
  skip(tag: number): void {
    switch (tag & 7) {
      case 0:
        this.int64();
        return;
      case 1:
        this.#take(8);
        return;
      case 2:
        this.#take(this.uint32());
        return;
      case 5:
        this.#take(4);
        return;
      default:
        throw new Fault('malformed', `wire type ${tag & 7} is not used by OTLP`);
    }
  }

  #take(count: number): number {
    const start = this.#at;
    if (count > this.#end - start) throw new Fault('malformed', 'a field is longer than its message');
    this.#at = start + count;
    return start;
  }

  /** Text of one byte a character, or undefined when there is more to a character. */
  #ascii(start: number, length: number): string | undefined {
    let text = '';
    for (let at = start; at < start + length; at += 1) {
      const byte = this.#bytes[at] ?? 0;
      if (byte >= 0x80) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #utf8(start: number, length: number): string {
    return decoder.decode(this.#bytes.subarray(start, start + length));
  }

  /** A varint of up to four bytes, which is nearly every one; undefined, with nothing read, when it is longer. */
  #smallVarint(): number | undefined {
    let value = 0;
    for (let index = 0; index < 4 && this.#at + index < this.#end; index += 1) {
      const byte = this.#bytes[this.#at + index] ?? 0;
      value |= (byte & 0x7f) << (7 * index);
      if (byte >= 0x80) continue;
      this.#at += index + 1;
      return value;
    }
    return undefined;
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#take(1)] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new Fault('malformed', 'a number is longer than ten bytes');
  }
}
