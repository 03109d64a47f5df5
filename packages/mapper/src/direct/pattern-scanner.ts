import type { PatternFormat } from '@cryptrail/catalogue';
import { asciiBytes, asciiList, indexOfText, isOneOf, isSpace, startsWith, withoutSpace } from '../bytes.ts';
import { NAME_HEAD, readOrder } from '../decode/pattern.ts';
import { isDistinguishedName } from '../map/dn.ts';
import { type ByteShape, byteShape } from './byte-shapes.ts';
import type { LineTree } from './line-tree.ts';
import { FITS, FITS_NOT, type Fit, UNSURE } from './message-scanner.ts';
import type { Token } from './shape.ts';
import { asciiText } from './utf8.ts';
import { TEXT_SIGNS, type ValueTable } from './value-table.ts';

const SPACE = 0x20;
const MAX_SIGN_BYTES = 4;
/** Tells two names from one: see `isDistinguishedName`. */
const VIA = new TextEncoder().encode(' [via] ');

interface PatternValue {
  readonly token: Token;
  /** The literal text behind it. */
  readonly stop: Uint8Array;
  /** A distinguished name begins behind that. */
  readonly beforeName: boolean;
  readonly shape: ByteShape | undefined;
  /** Words for "no value". */
  readonly absent: readonly Uint8Array[];
}

/** Walks messages of one pattern, e.g. `AUDIT;${LOG_ID};"${FILENAME}"`, and says what the reader made by `compilePattern` says, or that it is not sure. */
export class PatternScanner {
  readonly #start: Uint8Array;
  readonly #values: readonly PatternValue[];
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;

  private constructor(start: Uint8Array, values: readonly PatternValue[]) {
    this.#start = start;
    this.#values = values;
    this.#starts = new Int32Array(values.length);
    this.#ends = new Int32Array(values.length);
  }

  /** Undefined for a pattern with something in it that is not walked in bytes. */
  static of(rule: PatternFormat): PatternScanner | undefined {
    const { literals, names } = readOrder(rule.order);
    const [start, ...stops] = literals.map(asciiBytes);
    const values: PatternValue[] = [];
    for (const [index, name] of names.entries()) {
      const value = compileValue(rule, name, stops[index], names[index + 1], index === names.length - 1);
      if (!value) return undefined;
      values.push(value);
    }
    return start && values.length > 0 && new Set(names).size === names.length
      ? new PatternScanner(start, values)
      : undefined;
  }

  /** Whether a message begins as the pattern does. */
  begins(bytes: Uint8Array, start: number, end: number): boolean {
    return startsWith(this.#start, bytes, start, end);
  }

  /** Whether a message is of the pattern. */
  match(bytes: Uint8Array, start: number, end: number): Fit {
    if (!this.begins(bytes, start, end)) return FITS_NOT;
    let at = start + this.#start.length;
    const last = this.#values.length - 1;
    for (let index = 0; index <= last; index += 1) {
      const value = this.#values[index];
      if (!value) return UNSURE;
      const stop = index === last ? lastEnd(value.stop, bytes, at, end) : valueEnd(value, bytes, at, end);
      if (stop < 0) return stop === UNSURE ? UNSURE : FITS_NOT;
      const isNull = isAbsent(value, bytes, at, stop);
      if (!isNull && value.shape && !value.shape(bytes, at, stop)) return FITS_NOT;
      this.#starts[index] = at;
      this.#ends[index] = stop;
      at = stop + value.stop.length;
    }
    return FITS;
  }

  /** Adds the values that stand among the fields, or among the details. */
  add(space: Token['space'], bytes: Uint8Array, tree: LineTree, values: ValueTable): void {
    for (let index = 0; index < this.#values.length; index += 1) {
      const value = this.#values[index];
      if (value?.token.space !== space) continue;
      const start = this.#starts[index] ?? 0;
      const end = this.#ends[index] ?? 0;
      let signs = 0;
      for (let at = start; at < end; at += 1) signs |= TEXT_SIGNS[bytes[at] ?? 0] ?? 0;
      values.addKnown(tree, value.token, bytes, start, end, signs, isAbsent(value, bytes, start, end));
    }
  }
}

function compileValue(
  rule: PatternFormat,
  name: string,
  stop: Uint8Array | undefined,
  next: string | undefined,
  isLast: boolean,
): PatternValue | undefined {
  const { shapes = {}, absent = [], absentIn = {} } = rule;
  const shapeOf = (one: string | undefined) =>
    one !== undefined && Object.hasOwn(shapes, one) ? shapes[one] : undefined;
  const wanted = shapeOf(name);
  const isStrict = wanted !== undefined && wanted !== 'distinguished_name';
  const shape = isStrict ? byteShape(wanted) : undefined;
  const own = Object.hasOwn(absentIn, name) ? (absentIn[name] ?? []) : [];
  const words = asciiList([`\${${name}}`, ...absent, ...own]);
  // Without a text between them two values have no certain border.
  if (!stop || !words || (isStrict && !shape) || (stop.length === 0 && !isLast)) return undefined;
  return {
    token: { space: rule.fields?.includes(name) ? 'fields' : 'details', name },
    stop,
    beforeName: shapeOf(next) === 'distinguished_name',
    shape,
    absent: words,
  };
}

/** The end of a value that has another one behind it; {@link FITS_NOT}, or {@link UNSURE}. */
function valueEnd({ stop, beforeName }: PatternValue, bytes: Uint8Array, from: number, end: number): number {
  const first = indexOfText(stop, bytes, from, end);
  if (first === -1) return FITS_NOT;
  if (!beforeName) return first;
  for (let at = first; at !== -1; at = indexOfText(stop, bytes, at + 1, end)) {
    const next = at + stop.length;
    const fits = beginsName(bytes, next, end);
    if (fits === UNSURE) return UNSURE;
    if (fits === FITS) return at;
  }
  return first;
}

/** Whether a distinguished name begins here. Signs beyond ASCII are counted in another way than bytes: then what stands before them must tell. */
function beginsName(bytes: Uint8Array, start: number, end: number): Fit {
  const head = Math.min(end, start + NAME_HEAD);
  let ascii = start;
  while (ascii < head && (bytes[ascii] ?? 0) < 0x80) ascii += 1;
  const text = asciiText(bytes, start, ascii);
  if (ascii < head) {
    const wide = Math.min(end, start + NAME_HEAD * MAX_SIGN_BYTES);
    if (!text.includes('=') || indexOfText(VIA, bytes, start, wide) !== -1) return UNSURE;
  }
  return isDistinguishedName(text) ? FITS : FITS_NOT;
}

/** The same for the last one, where white space may be missing that the pattern has. */
function lastEnd(stop: Uint8Array, bytes: Uint8Array, from: number, end: number): number {
  // White space beyond ASCII and padding are rare; so is what stands here.
  const sign = end > from ? (bytes[end - 1] ?? 0) : SPACE;
  if (sign >= 0x80 || (sign < SPACE && !isSpace(sign))) return UNSURE;
  const literal = withoutSpace(stop, 0, stop.length);
  const at = withoutSpace(bytes, from, end) - literal;
  if (at < from) return FITS_NOT;
  for (let index = 0; index < literal; index += 1) if (bytes[at + index] !== stop[index]) return FITS_NOT;
  return at;
}

function isAbsent({ absent }: PatternValue, bytes: Uint8Array, start: number, end: number): boolean {
  return start === end || isOneOf(absent, bytes, start, end);
}
