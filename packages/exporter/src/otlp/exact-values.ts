/** What every OTLP encoder of ours agrees on: how a value of a record becomes one that any receiver accepts. */
import { type AttributeValue, Double } from '@cryptrail/mapper';

const MAX_UINT64 = 2n ** 64n - 1n;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** A value after the choice of its OTLP type. */
export type ExactValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: number | bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'texts'; readonly value: readonly string[] };

/** Chooses the OTLP type of an attribute value. A whole number outside 64 bit becomes its decimal digits as text; nothing is rounded. */
export function exactValue(value: AttributeValue): ExactValue {
  switch (typeof value) {
    case 'string':
      return { type: 'string', value: value.toWellFormed() };
    case 'boolean':
      return { type: 'bool', value };
    case 'bigint':
      return value >= MIN_INT64 && value <= MAX_INT64
        ? { type: 'int', value }
        : { type: 'string', value: value.toString() };
    case 'number':
      return Number.isSafeInteger(value) ? { type: 'int', value } : { type: 'double', value };
    default:
      return value instanceof Double
        ? { type: 'double', value: value.value }
        : { type: 'texts', value: value.map((text) => text.toWellFormed()) };
  }
}

/** The time when OTLP can carry it (1970 to 2554), else 0n, which stands for "unknown": a receiver refuses a whole batch for one bad time. */
export function exactTime(nanos: bigint): bigint {
  return nanos >= 0n && nanos <= MAX_UINT64 ? nanos : 0n;
}

/** The id in lower case when it is one: that many bytes in hex and not all zero. */
export function exactId(id: string | undefined, bytes: 8 | 16): string | undefined {
  if (id === undefined || id.length !== bytes * 2 || !/^[0-9a-f]+$/i.test(id) || /^0+$/.test(id)) return undefined;
  return id.toLowerCase();
}
