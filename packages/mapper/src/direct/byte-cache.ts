/** Remembers what bytes mean. Of two that fall into one place the later one stays, so that memory is bounded and no answer is wrong. */
export class ByteCache<Value> {
  readonly #keys: (Uint8Array | undefined)[];
  readonly #values: (Value | undefined)[];
  readonly #mask: number;

  /** @param bits The cache has room for two to the power of these entries. */
  constructor(bits: number) {
    this.#mask = 2 ** bits - 1;
    this.#keys = new Array(2 ** bits).fill(undefined);
    this.#values = new Array(2 ** bits).fill(undefined);
  }

  /** The value of these bytes; undefined when it is not known (any more). */
  get(bytes: Uint8Array, start: number, end: number): Value | undefined {
    const place = hash(bytes, start, end) & this.#mask;
    const key = this.#keys[place];
    return key && isSame(key, bytes, start, end) ? this.#values[place] : undefined;
  }

  set(bytes: Uint8Array, start: number, end: number, value: Value): void {
    const place = hash(bytes, start, end) & this.#mask;
    this.#keys[place] = bytes.slice(start, end);
    this.#values[place] = value;
  }
}

/** Whether these bytes stand at a place of others. */
export function isSame(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const { length } = key;
  if (length !== end - start) return false;
  for (let at = 0; at < length; at += 1) if (key[at] !== bytes[start + at]) return false;
  return true;
}

/** FNV-1a. */
export function hash(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0x811c9dc5 ^ (end - start);
  for (let at = start; at < end; at += 1) sum = Math.imul(sum ^ (bytes[at] ?? 0), 0x01000193);
  return (sum ^ (sum >>> 15)) >>> 0;
}
