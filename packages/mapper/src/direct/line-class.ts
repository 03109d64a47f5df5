import type { FieldValue } from '../records.ts';
import { type ByteCache, hash } from './byte-cache.ts';
import type { LinePlan } from './line-plan.ts';
import { kindOf, type LineControl, type LineShape, NULL, TEXT } from './line-scanner.ts';
import type { LineValues } from './line-values.ts';
import type { RecordPlan } from './record-plan.ts';
import type { Token } from './shape.ts';
import { areSame, viewOf, type Words, wordsOf } from './words.ts';

/** Lines of one shape that agree in all values that decide. */
export interface LineClass {
  readonly id: number;
  /** Undefined: the ordinary way has not told yet; null: it is the only one. */
  plan: LinePlan | null | undefined;
  /** What to do where the message makes the event; undefined where it does not, or as long as that is not known. */
  byMessage: ByMessage | undefined;
}

/** What the message of a line decides. */
export interface ByMessage {
  /** Which value of the line it is, and which one of the record. */
  readonly token: number;
  readonly value: number;
  readonly resolve: ResolveMessage;
  /** What the values of the record are. */
  readonly tokens: readonly Token[];
}

/** What the ordinary way would make of a record of the class with this message: a plan, or null when there is none for it; undefined when only it can tell. */
export type ResolveMessage = (
  message: string,
) => { readonly plan: RecordPlan | null; readonly captured: readonly FieldValue[] } | undefined;

/** A class under the values by which it is found. */
interface Entry {
  readonly shape: LineShape;
  /** Hash over all of them. */
  readonly hash: number;
  /** For each control the length of its value, or the answers to its tests. */
  readonly codes: Int32Array;
  /** The values whose text counts, one behind the other. */
  readonly key: Words;
  readonly found: LineClass;
}

const SLOTS = 16_384;
const MAX_CLASSES = SLOTS / 4;
/** So many lines pay for learning all classes anew. */
const LINES_BEFORE_FORGETTING = 32 * MAX_CLASSES;
const MAX_PROBES = 8;
const MAX_KEY_BYTES = 256;
const MAX_TESTED_BYTES = 512;
const MAX_CONTROLS = 64;

/** Finds the classes of lines: one hash over all values that decide, one look whether they are the same. Memory is bounded. */
export class ClassTable {
  readonly #values: LineValues;
  readonly #slots = new Int32Array(SLOTS);
  readonly #codes = new Int32Array(MAX_CONTROLS);
  #entries: Entry[] = [];
  #classes = 0;
  /** Lines since it was empty. */
  #asked = 0;

  constructor(values: LineValues) {
    this.#values = values;
  }

  /** The class of the line that was scanned last; undefined when there is no room for it, or when a value is too long for that. */
  find(shape: LineShape): LineClass | undefined {
    const sum = this.#hash(shape);
    if (sum === -1) return undefined;
    this.#asked += 1;
    if (this.#entries.length >= MAX_CLASSES && this.#asked >= LINES_BEFORE_FORGETTING) this.tidy();
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const slot = (sum + probe) & (SLOTS - 1);
      const index = (this.#slots[slot] ?? 0) - 1;
      if (index < 0) return this.#add(shape, sum, slot);
      const entry = this.#entries[index];
      if (entry && entry.hash === sum && entry.shape === shape && this.#isSame(entry)) return entry.found;
    }
    return undefined;
  }

  /** Makes room when there is none. */
  tidy(): void {
    if (this.#entries.length < MAX_CLASSES) return;
    this.#slots.fill(0);
    this.#entries = [];
    this.#asked = 0;
  }

  /** Fills {@link #codes} and gives a hash that is not negative, or -1. */
  #hash({ id, controls }: LineShape): number {
    const { starts, ends } = this.#values.scanner;
    const bytes = this.#values.bytes;
    const codes = this.#codes;
    let sum = Math.imul(id + 1, 0x9e3779b1);
    if (controls.length > MAX_CONTROLS) return -1;
    for (let index = 0; index < controls.length; index += 1) {
      const one = controls[index];
      if (!one) return -1;
      const start = starts[one.token] ?? 0;
      const end = ends[one.token] ?? 0;
      if (one.answers) {
        const bits = this.#bitsOf(one, one.answers, start, end);
        if (bits === -1) return -1;
        codes[index] = bits;
        sum = Math.imul(sum ^ bits, 0x01000193);
      } else {
        if (end - start > MAX_KEY_BYTES) return -1;
        codes[index] = end - start;
        sum = Math.imul(sum ^ hash(bytes, start, end), 0x01000193);
      }
    }
    return (sum ^ (sum >>> 15)) & 0x7fffffff;
  }

  #isSame({ codes, key, shape: { controls } }: Entry): boolean {
    const { starts } = this.#values.scanner;
    const words = wordsOf(this.#values.bytes);
    let from = 0;
    for (let index = 0; index < controls.length; index += 1) {
      const one = controls[index];
      const code = codes[index] ?? 0;
      if (!one || this.#codes[index] !== code) return false;
      if (one.answers) continue;
      const start = starts[one.token] ?? 0;
      if (!areSame(words, start, start + code, key, from)) return false;
      from += code;
    }
    return true;
  }

  #add(shape: LineShape, sum: number, slot: number): LineClass | undefined {
    if (this.#entries.length >= MAX_CLASSES) return undefined;
    const { starts, ends } = this.#values.scanner;
    const { controls } = shape;
    let length = 0;
    controls.forEach(({ answers }, index) => {
      if (!answers) length += this.#codes[index] ?? 0;
    });
    const key = new Uint8Array(length);
    let at = 0;
    controls.forEach(({ answers, token }) => {
      if (answers) return;
      key.set(this.#values.bytes.subarray(starts[token], ends[token]), at);
      at += (ends[token] ?? 0) - (starts[token] ?? 0);
    });
    this.#classes += 1;
    const found: LineClass = { id: this.#classes, plan: undefined, byMessage: undefined };
    this.#entries.push({ shape, hash: sum, codes: this.#codes.slice(0, controls.length), key: viewOf(key), found });
    this.#slots[slot] = this.#entries.length;
    return found;
  }

  /** The answers to the tests of a control, or -1. */
  #bitsOf({ token, control }: LineControl, answers: ByteCache<number>, start: number, end: number): number {
    const kind = this.#values.scanner.kinds[token] ?? TEXT;
    if (kind === NULL) return 0;
    const isKept = end - start <= MAX_TESTED_BYTES;
    // A text and a number of the same digits have different answers.
    const known = isKept ? answers.get(this.#values.bytes, start, end, kind) : undefined;
    if (known !== undefined) return known;
    const text = this.#values.text(token);
    if (text === undefined) return -1;
    let bits = 0;
    for (const test of control.tests) bits = bits * 2 + (test({ kind: kindOf(kind), text }) ? 1 : 0);
    if (isKept) answers.set(this.#values.bytes, start, end, bits, kind);
    return bits;
  }
}
