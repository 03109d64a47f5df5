import { grown, NO_BYTES } from '../bytes.ts';
import { areSame, viewOf, wordsOf } from './words.ts';

const MIN_SLOTS = 32;
/** Places that are looked at for one key: whoever makes up keys of one hash gets no more. */
const MAX_PROBES = 8;
const NO_SLOTS = new Int32Array(1);
const NO_ENTRIES = new Int32Array();
/** How many entries must have been asked for again, as a part of all, when the cache is a quarter full and each time it is full. */
const WORTH = 8;
/** A cache that is not worth its cost rests for so many questions, as a multiple of its entries. */
const REST = 32;
const MIN_BYTES = 256;
/** Numbers of an entry: its hash, its seed, and where its key begins and ends among all keys. They stand closely together, because most of what is asked for is not in the nearest memory. */
const ENTRY_SIZE = 4;
const HASH = 0;
const SEED = 1;
const START = 2;
const END = 3;

/**
 * Remembers what bytes mean. Grows with what it is given up to its limit; then it forgets all and begins anew, so that memory is bounded and no answer is wrong. Where hardly
 * anything comes again it forgets all and rests: numbers that are given once are not worth their place.
 */
export class ByteCache<Value> {
  readonly #limit: number;
  /** Number of the entry + 1, by hash. Most caches of a plan stay empty, and take no room then. */
  #slots = NO_SLOTS;
  #entries = NO_ENTRIES;
  #keys = NO_BYTES;
  #keyWords = viewOf(NO_BYTES);
  #keysEnd = 0;
  #values: Value[] = [];
  #hits = 0;
  /** The entry that was asked for last: many values are those of the record before. */
  #last = 0;
  /** Questions that are not answered. */
  #rest = 0;

  /** @param bits The cache has room for two to the power of these entries. */
  constructor(bits: number) {
    this.#limit = 2 ** bits;
  }

  /** The value of these bytes; undefined when it is not known (any more). `seed`: bytes of different seeds have nothing to do with each other. */
  get(bytes: Uint8Array, start: number, end: number, seed = 0): Value | undefined {
    if (this.#rest > 0) {
      this.#rest -= 1;
      return undefined;
    }
    if (this.#values.length === 0) return undefined;
    const last = this.#last;
    const entry = this.#isKey(last, bytes, start, end, seed) ? last : this.#find(bytes, start, end, seed);
    if (entry === -1) return undefined;
    this.#last = entry;
    this.#hits += 1;
    return this.#values[entry];
  }

  #find(bytes: Uint8Array, start: number, end: number, seed: number): number {
    const sum = hash(bytes, start, end, seed);
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const entry = (slots[(sum + probe) & mask] ?? 0) - 1;
      if (entry < 0) return -1;
      if (this.#entries[entry * ENTRY_SIZE + HASH] === sum && this.#isKey(entry, bytes, start, end, seed)) return entry;
    }
    return -1;
  }

  /** Gives bytes a value. They must not have one, and are copied. */
  set(bytes: Uint8Array, start: number, end: number, value: Value, seed = 0): void {
    if (this.#rest > 0) return;
    const entry = this.#values.length;
    if (entry >= this.#limit || (entry === this.#limit / 4 && this.#hits * WORTH < entry)) {
      if (this.#hits * WORTH < entry) this.#rest = REST * entry;
      this.#clear();
      if (this.#rest > 0) return;
    }
    this.#add(this.#values.length, bytes, start, end, value, seed);
  }

  #add(entry: number, bytes: Uint8Array, start: number, end: number, value: Value, seed: number): void {
    const at = entry * ENTRY_SIZE;
    if (at >= this.#entries.length) this.#grow();
    const sum = hash(bytes, start, end, seed);
    if (!this.#place(entry, sum)) return;
    const from = this.#keysEnd;
    const to = from + end - start;
    if (to > this.#keys.length) this.#keep(grown(this.#keys, Math.max(MIN_BYTES, to * 2)));
    this.#keys.set(bytes.subarray(start, end), from);
    this.#keysEnd = to;
    this.#entries[at + HASH] = sum;
    this.#entries[at + SEED] = seed;
    this.#entries[at + START] = from;
    this.#entries[at + END] = to;
    this.#values.push(value);
  }

  #isKey(entry: number, bytes: Uint8Array, start: number, end: number, seed: number): boolean {
    const entries = this.#entries;
    const at = entry * ENTRY_SIZE;
    const from = entries[at + START] ?? 0;
    if (entries[at + SEED] !== seed || (entries[at + END] ?? 0) - from !== end - start) return false;
    return areSame(wordsOf(bytes), start, end, this.#keyWords, from);
  }

  #keep(keys: Uint8Array): void {
    this.#keys = keys;
    this.#keyWords = viewOf(keys);
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
    this.#slots = new Int32Array(length);
    this.#entries = grown(this.#entries, (length / 2) * ENTRY_SIZE);
    for (let entry = 0; entry < this.#values.length; entry += 1)
      this.#place(entry, this.#entries[entry * ENTRY_SIZE + HASH] ?? 0);
  }

  /** A cache that rests gives its room back. */
  #clear(): void {
    this.#values = [];
    this.#hits = 0;
    this.#last = 0;
    this.#keysEnd = 0;
    if (this.#rest === 0) {
      this.#slots.fill(0);
      return;
    }
    this.#slots = NO_SLOTS;
    this.#entries = NO_ENTRIES;
    this.#keep(NO_BYTES);
  }
}

/** A hash over bytes and their number, as a signed number of 32 bits: words in turns by two sums, so that neither waits for the other. */
export function hash(bytes: Uint8Array, start: number, end: number, seed = 0): number {
  const words = wordsOf(bytes);
  let one = 0x811c9dc5 ^ (end - start) ^ Math.imul(seed, 0x9e3779b1);
  let two = 0x2545f491;
  let at = start;
  for (const last = end - 8; at <= last; at += 8) {
    one = Math.imul(one ^ words.getInt32(at, true), 0x5bd1e995);
    one ^= one >>> 15;
    two = Math.imul(two ^ words.getInt32(at + 4, true), 0x1b873593);
    two ^= two >>> 13;
  }
  for (; at < end; at += 1) one = Math.imul(one ^ (bytes[at] ?? 0), 0x01000193);
  return mixed(one ^ Math.imul(two, 0x85ebca6b));
}

/** Any bit of a number tells upon all others. */
export function mixed(value: number): number {
  let sum = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  sum = Math.imul(sum ^ (sum >>> 15), 0x846ca68b);
  return sum ^ (sum >>> 16);
}
