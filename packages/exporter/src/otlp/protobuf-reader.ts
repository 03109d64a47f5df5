import { Fault } from './fault.ts';

const decoder = new TextDecoder();

/** Reads protobuf fields from a slice of bytes. Every way out of bounds is a {@link Fault}. */
export class ProtobufReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
    return Number(BigInt.asUintN(32, this.#varint()));
  }

  bool(): boolean {
    return this.#varint() !== 0n;
  }

  int64(): bigint {
    return BigInt.asIntN(64, this.#varint());
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
    return decoder.decode(this.bytes());
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
    return new ProtobufReader(this.#bytes, start, start + length);
  }

  /** Passes over a field that this reader does not know. */
  skip(tag: number): void {
    switch (tag & 7) {
      case 0:
        this.#varint();
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

  #varint(): bigint {
    // Up to four bytes fit into a small integer; that is nearly every varint.
    let small = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      small |= (byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt(small);
    }
    let value = BigInt(small);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new Fault('malformed', 'a number is longer than ten bytes');
  }

  #byte(): number {
    const byte = this.#bytes[this.#take(1)];
    return byte ?? 0;
  }
}
