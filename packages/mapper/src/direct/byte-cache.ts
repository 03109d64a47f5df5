import { isSame } from './bytes.ts';

const MIN_SLOTS = 32;
/** Places that are looked at for one key: whoever makes up keys of one hash gets no more. */
const MAX_PROBES = 8;
const NO_SLOTS = new Int32Array(1);
const NO_ENTRIES = new Int32Array();

/** Remembers what bytes mean. Grows with what it is given up to its limit; then it forgets all and begins anew, so that memory is bounded and no answer is wrong. */
export class ByteCache<Value> {
  readonly #limit: number;
  /** Number of the entry + 1, by hash. Most caches of a plan stay empty, and take no room then. */
  #slots = NO_SLOTS;
  #hashes = NO_ENTRIES;
  #seeds = NO_ENTRIES;
  #keys: Uint8Array[] = [];
  #values: Value[] = [];

  /** @param bits The cache has room for two to the power of these entries. */
  constructor(bits: number) {
    this.#limit = 2 ** bits;
  }

  /** The value of these bytes; undefined when it is not known (any more). `seed`: bytes of different seeds have nothing to do with each other. */
  get(bytes: Uint8Array, start: number, end: number, seed = 0): Value | undefined {
    const sum = hash(bytes, start, end, seed);
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const entry = (slots[(sum + probe) & mask] ?? 0) - 1;
      if (entry < 0) return undefined;
      if (this.#hashes[entry] !== sum || this.#seeds[entry] !== seed) continue;
      if (isSame(this.#keys[entry] ?? NO_BYTES, bytes, start, end)) return this.#values[entry];
    }
    return undefined;
  }

  /** Gives bytes a value. They must not have one, and are copied. */
  set(bytes: Uint8Array, start: number, end: number, value: Value, seed = 0): void {
    if (this.#keys.length >= this.#limit) this.#clear();
    if (this.#keys.length >= this.#hashes.length) this.#grow();
    const entry = this.#keys.length;
    const sum = hash(bytes, start, end, seed);
    if (!this.#place(entry, sum)) return;
    this.#hashes[entry] = sum;
    this.#seeds[entry] = seed;
    this.#keys.push(bytes.slice(start, end));
    this.#values.push(value);
  }

  #place(entry: number, sum: number): boolean {
    const mask = this.#slots.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const at = (sum + probe) & mask;
      if (this.#slots[at] !== 0) continue;
      this.#slots[at] = entry + 1;
      return true;
    }
    return false;
  }

  #grow(): void {
    const length = Math.max(MIN_SLOTS, this.#slots.length * 2);
    const hashes = this.#hashes;
    this.#slots = new Int32Array(length);
    this.#hashes = new Int32Array(length / 2);
    this.#hashes.set(hashes);
    const seeds = this.#seeds;
    this.#seeds = new Int32Array(length / 2);
    this.#seeds.set(seeds);
    for (let entry = 0; entry < this.#keys.length; entry += 1) this.#place(entry, hashes[entry] ?? 0);
  }

  #clear(): void {
    this.#slots.fill(0);
    this.#keys = [];
    this.#values = [];
  }
}

const NO_BYTES = new Uint8Array();

/** A hash over bytes and their number, four at a time, as a signed number of 32 bits. */
export function hash(bytes: Uint8Array, start: number, end: number, seed = 0): number {
  let sum = 0x811c9dc5 ^ (end - start) ^ Math.imul(seed, 0x9e3779b1);
  let at = start;
  for (const last = end - 4; at <= last; at += 4) {
    const four =
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    sum = Math.imul(sum ^ four, 0x5bd1e995);
    sum ^= sum >>> 15;
  }
  for (; at < end; at += 1) sum = Math.imul(sum ^ (bytes[at] ?? 0), 0x01000193);
  return sum ^ (sum >>> 15);
}
