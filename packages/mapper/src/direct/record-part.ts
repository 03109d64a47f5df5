import { type AttributeValue, Double } from '../records.ts';
import {
  ARRAY_VALUE,
  ATTRIBUTE,
  BODY,
  BOOL_VALUE,
  DOUBLE_VALUE,
  INT_VALUE,
  SEVERITY_NUMBER,
  STRING_VALUE,
} from './otlp-tags.ts';
import { utf8Text } from './utf8.ts';

/** What bytes of a record say of its attributes and its body. */
export interface RecordPart {
  readonly names: readonly string[];
  readonly values: readonly AttributeValue[];
  /** Undefined when they are silent about it. */
  readonly body: string | undefined;
}

/** Reads bytes that a `RecordBuffer` wrote: whole fields of a record, one behind the other, none with a fixed length. */
export function partOf(bytes: Uint8Array, start: number, end: number): RecordPart {
  const names: string[] = [];
  const values: AttributeValue[] = [];
  let body: string | undefined;
  const reader = new Reader(bytes, start);
  while (reader.at < end) {
    const tag = reader.byte();
    if (tag === SEVERITY_NUMBER) reader.varint();
    else if (tag === ATTRIBUTE) {
      reader.varint();
      reader.byte();
      names.push(reader.text());
      reader.byte();
      values.push(reader.value());
    } else if (tag === BODY) body = String(reader.value());
    else reader.skip();
  }
  return { names, values, body };
}

class Reader {
  at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    return this.#bytes[this.at++] ?? 0;
  }

  /** A length, or another number below 2^53. */
  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  /** A text behind its tag. */
  text(): string {
    const length = this.varint();
    this.at += length;
    return utf8Text(this.#bytes, this.at - length, this.at);
  }

  skip(): void {
    const length = this.varint();
    this.at += length;
  }

  /** An `AnyValue` behind its tag. */
  value(): AttributeValue {
    const length = this.varint();
    const end = this.at + length;
    switch (this.byte()) {
      case STRING_VALUE:
        return this.text();
      case BOOL_VALUE:
        return this.byte() === 1;
      case INT_VALUE:
        return this.#int();
      case DOUBLE_VALUE:
        return this.#double();
      case ARRAY_VALUE:
        return this.#texts(end);
      default:
        throw new Error('a value has a kind that is never written');
    }
  }

  #int(): number | bigint {
    const value = BigInt.asIntN(64, this.#big());
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  #double(): Double {
    this.at += 8;
    return new Double(new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.at - 8).getFloat64(0, true));
  }

  #texts(end: number): string[] {
    const texts: string[] = [];
    this.varint();
    while (this.at < end) {
      this.byte();
      texts.push(String(this.value()));
    }
    return texts;
  }

  #big(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
}
