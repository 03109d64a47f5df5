/** What stands at a place among bytes of protobuf, for whoever walks them without making objects. */

/** Field 2 of `ScopeLogs`: the tag of a record in a run of them. */
export const LOG_RECORD = 0x12;

/** A varint takes no more. */
const MAX_WIDTH = 10;

/** How many bytes a varint has. */
export function widthAt(bytes: Uint8Array, at: number): number {
  let width = 1;
  while (width < MAX_WIDTH && (bytes[at + width - 1] ?? 0) >= 0x80) width += 1;
  return width;
}

/** A varint that is a length, or any other number below 2^53. */
export function varintAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return first;
  let value = 0;
  for (let width = widthAt(bytes, at) - 1; width >= 0; width -= 1)
    value = value * 0x80 + ((bytes[at + width] ?? 0) & 0x7f);
  return value;
}

/** A varint that is a signed number of 64 bits. */
export function int64At(bytes: Uint8Array, at: number): bigint {
  let value = 0n;
  for (let width = widthAt(bytes, at) - 1; width >= 0; width -= 1)
    value = (value << 7n) | BigInt((bytes[at + width] ?? 0) & 0x7f);
  return BigInt.asIntN(64, value);
}

/** The byte behind a field whose value begins at `at`; Infinity for a kind of field that OTLP does not use. */
export function behindField(bytes: Uint8Array, tag: number, at: number): number {
  const kind = tag & 7;
  if (kind === 2) return at + widthAt(bytes, at) + varintAt(bytes, at);
  if (kind === 0) return at + widthAt(bytes, at);
  if (kind === 1) return at + 8;
  return kind === 5 ? at + 4 : Number.POSITIVE_INFINITY;
}

/** The numbers among bytes. */
export function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}
