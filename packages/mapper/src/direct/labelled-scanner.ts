import type { LabelledFormat } from '@cryptrail/catalogue';
import { asciiBytes, asciiList, indexOfText, isDigit, isOneOf, isSpace, startsWith, withoutSpace } from '../bytes.ts';
import { isGuarded, LOOKS_LIKE_COLUMNS, NO_END } from '../decode/labelled.ts';
import { detailNames } from '../decode/open-details.ts';
import type { Issue } from '../issue.ts';
import { type ByteShape, byteShape, isDigits } from './byte-shapes.ts';
import { BY_DIGITS, BY_WORDS } from './line-scanner.ts';
import type { LineTree, NameDetails } from './line-tree.ts';
import { keyEndOf, type MessageScanner, NO_KEY, UNSURE } from './message-scanner.ts';
import type { Token } from './shape.ts';
import { beginsKey, fillingOf, isKeySign, MAX_KEY_LENGTH, TEXT_SIGNS, type ValueTable } from './value-table.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_QUOTE = Uint8Array.of(0x3d, QUOTE);
/** One bit for each column says whether it is there, and one behind them whether the record is cut. */
const MAX_COLUMNS = 12;
const CUT = 2 ** MAX_COLUMNS;

interface Column {
  readonly label: Uint8Array;
  /** Label and assignment. */
  readonly begin: Uint8Array;
  /** The assignment may be missing. */
  readonly glued: boolean;
  readonly token: Token;
  readonly optional: boolean;
  readonly shape: ByteShape | undefined;
  /** For a value that may hold the separator: the next label with what stands round it, which ends it instead. */
  readonly mark: Uint8Array | undefined;
}

interface Literals {
  readonly start: Uint8Array;
  readonly separator: Uint8Array;
  readonly assign: Uint8Array;
  readonly end: Uint8Array;
  readonly absent: readonly Uint8Array[];
  readonly prefixes: readonly Uint8Array[];
}

/**
 * Walks `START: x; LABEL: value; …; KEY: value; END:123` and says what `decodeLabelled` says, or nothing. Left to the ordinary way: records that end before their
 * details.
 */
export class LabelledScanner implements MessageScanner {
  readonly #rule: LabelledFormat;
  readonly #columns: readonly Column[];
  readonly #literals: Literals;
  readonly #endToken: Token;
  /** Where the values of the columns stand in the message that is walked; a start of -1 for one that is not there. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** Where its details begin and end, where its end mark stands, or -1, and where the value behind that ends. */
  #details = 0;
  #rest = 0;
  #mark = 0;
  #end = 0;
  /** What the walk met so far. */
  #signs = 0;

  private constructor(rule: LabelledFormat, columns: readonly Column[], literals: Literals, endToken: Token) {
    this.#rule = rule;
    this.#columns = columns;
    this.#literals = literals;
    this.#endToken = endToken;
    this.#starts = new Int32Array(columns.length);
    this.#ends = new Int32Array(columns.length);
  }

  /** Undefined for a format with something in it that is not walked in bytes. */
  static of(rule: LabelledFormat): LabelledScanner | undefined {
    const [endLabel, endField] = rule.end;
    const [start, separator, assign] = [rule.start, rule.separator, rule.assign].map(asciiBytes);
    const end = asciiBytes(rule.separator + endLabel);
    const [absent, prefixes] = [asciiList(rule.absent), asciiList(rule.keyPrefixes)];
    const columns = columnsOf(rule);
    if (!start || !separator?.length || !assign?.length || !end || !absent || !prefixes || !columns) return undefined;
    const literals = { start, separator, assign, end, absent, prefixes };
    return new LabelledScanner(rule, columns, literals, { space: 'fields', name: endField });
  }

  /** Whether a message begins as those of the format do. */
  begins(bytes: Uint8Array, start: number, end: number): boolean {
    return startsWith(this.#literals.start, bytes, start, end);
  }

  /** Where the end mark stands with which a line ends, or -1. White space may stand behind it. */
  endMark(bytes: Uint8Array, start: number, end: number): number {
    const stop = withoutSpace(bytes, start, end);
    let at = stop;
    while (at > start && isDigit(bytes[at - 1] ?? 0)) at -= 1;
    const mark = at - this.#literals.end.length;
    return mark >= start && startsWith(this.#literals.end, bytes, mark, stop) && isDigits(bytes, at, stop) ? mark : -1;
  }

  /** Whether a line of a record is its last one. */
  readonly closes = (bytes: Uint8Array, start: number, end: number): boolean => this.endMark(bytes, start, end) !== -1;

  /** See {@link MessageScanner.prepare}. */
  prepare(bytes: Uint8Array, start: number, end: number): number {
    const { separator } = this.#literals;
    const mark = this.endMark(bytes, start, end);
    const isCut = mark === -1;
    if (!this.begins(bytes, start, end)) return -1;
    // What stands behind an end mark may be another end.
    if (isCut && indexOfText(this.#literals.end, bytes, start, end) !== -1) return -1;
    // The separator behind the last detail stays with the rest, so that every pair ends in one.
    const rest = isCut ? end : mark + separator.length;
    let at = this.#rule.preface ? start + this.#literals.start.length : start;
    let present = isCut ? CUT : 0;
    for (let index = 0; index < this.#columns.length; index += 1) {
      const column = this.#columns[index];
      if (!column) return -1;
      const from = this.#valueStart(column, bytes, at, rest);
      this.#starts[index] = from;
      const isBegun = from === -1 && isCut && startsWith(bytes.subarray(at, rest), column.label, 0);
      if (from === -1 && column.optional && !isBegun) continue;
      const stop = from === -1 ? -1 : this.#valueEnd(column, bytes, from, rest);
      if (stop === -1 || (column.shape && !column.shape(bytes, from, stop))) return -1;
      this.#ends[index] = stop;
      present += 2 ** index;
      at = stop + separator.length;
    }
    this.#details = at;
    this.#rest = rest;
    this.#mark = mark;
    this.#end = withoutSpace(bytes, start, end);
    return at <= rest ? present : -1;
  }

  /** See {@link MessageScanner.addFields}. */
  addFields(bytes: Uint8Array, tree: LineTree, values: ValueTable): void {
    for (let index = 0; index < this.#columns.length; index += 1) {
      const start = this.#starts[index] ?? -1;
      const token = this.#columns[index]?.token;
      if (start === -1 || !token) continue;
      const end = this.#ends[index] ?? 0;
      this.#signs = 0;
      this.#gather(bytes, start, end);
      values.addKnown(tree, token, bytes, start, end, this.#signs, this.#isAbsent(bytes, start, end));
    }
    if (this.#mark === -1) return;
    const start = this.#mark + this.#literals.end.length;
    values.addKnown(tree, this.#endToken, bytes, start, this.#end, 0, false);
  }

  /** See {@link MessageScanner.addDetails}. */
  addDetails(bytes: Uint8Array, _end: number, tree: LineTree, values: ValueTable): boolean {
    const { separator, assign } = this.#literals;
    const rest = this.#rest;
    let name = -1;
    let nameEnd = -1;
    let stop = 0;
    let before = 0;
    for (let at = this.#details; at < rest; at = stop + separator.length) {
      const begin = afterSpace(bytes, at, rest);
      const key = this.#keyEnd(bytes, begin, rest);
      if (key === UNSURE || (key === NO_KEY && name === -1)) return false;
      if (key !== NO_KEY) {
        if (name !== -1) this.#add(bytes, name, nameEnd, before, tree, values);
        if (!values.place) return false;
        name = begin;
        nameEnd = key;
        this.#signs = 0;
      }
      stop = this.#walk(bytes, key === NO_KEY ? at : key + assign.length, rest);
      before = stop;
    }
    if (name !== -1) this.#add(bytes, name, nameEnd, before, tree, values);
    return values.place !== undefined;
  }

  get specialWords(): readonly Uint8Array[] {
    return this.#literals.absent;
  }

  /** The form of a column says what it is, and all forms take digits for digits. */
  variesBy({ space, name }: Token): number {
    const isShaped = space === 'fields' && this.#columns.some(({ token, shape }) => shape && token.name === name);
    return isShaped || name === this.#endToken.name ? BY_DIGITS : BY_WORDS;
  }

  /** See {@link MessageScanner.nameDetails}. */
  nameDetails(variant: number): NameDetails {
    const rule = this.#rule;
    return (keys) => {
      const issues: Issue[] = variant >= CUT ? [NO_END] : [];
      if (keys.some((key) => isGuarded(key, rule))) issues.push(LOOKS_LIKE_COLUMNS);
      return { names: detailNames(keys, issues), issues };
    };
  }

  #valueStart({ label, begin, glued }: Column, bytes: Uint8Array, at: number, end: number): number {
    if (startsWith(begin, bytes, at, end)) return at + begin.length;
    return glued && startsWith(label, bytes, at, end) ? at + label.length : -1;
  }

  #valueEnd({ mark }: Column, bytes: Uint8Array, from: number, end: number): number {
    const found = mark ? indexOfText(mark, bytes, from, end) : -1;
    if (!mark || found === -1) return indexOfText(this.#literals.separator, bytes, from, end);
    const outside = indexOutsideQuotes(mark, bytes, from, end, found);
    return outside === -1 ? found : outside;
  }

  /** Goes to the next separator and gathers the signs on the way; to the end when there is none, as in a cut record. */
  #walk(bytes: Uint8Array, from: number, end: number): number {
    const { separator } = this.#literals;
    const first = separator[0] ?? 0;
    let signs = this.#signs;
    let at = from;
    for (; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === first && startsWith(separator, bytes, at, end)) break;
      signs |= TEXT_SIGNS[byte] ?? 0;
    }
    this.#signs = signs;
    return at;
  }

  #gather(bytes: Uint8Array, start: number, end: number): void {
    let signs = this.#signs;
    for (let at = start; at < end; at += 1) signs |= TEXT_SIGNS[bytes[at] ?? 0] ?? 0;
    this.#signs = signs;
  }

  /** Where the key ends with which a text begins, {@link NO_KEY}, or {@link UNSURE}. */
  #keyEnd(bytes: Uint8Array, start: number, end: number): number {
    const { assign, separator, prefixes } = this.#literals;
    const first = assign[0] ?? 0;
    let at = start;
    for (; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === first && startsWith(assign, bytes, at, end))
        return at > start && at - start <= MAX_KEY_LENGTH ? at : NO_KEY;
      if (at === start ? !beginsKey(byte) : !isKeySign(byte)) break;
    }
    if (startsWith(separator, bytes, at, end)) return NO_KEY;
    if ((bytes[at] ?? 0) < 0x80 && !prefixes.some((prefix) => startsWith(prefix, bytes, start, end))) return NO_KEY;
    // Such a key may hold any sign.
    while (at < end && !startsWith(separator, bytes, at, end)) at += 1;
    return keyEndOf(bytes, start, at, assign, this.#rule.keyPrefixes);
  }

  #add(bytes: Uint8Array, name: number, nameEnd: number, end: number, tree: LineTree, values: ValueTable): void {
    const start = nameEnd + this.#literals.assign.length;
    const isNull = this.#isAbsent(bytes, start, end);
    values.addDetail(tree, bytes, name, nameEnd, start, end, this.#signs, isNull, fillingOf(bytes, start, end));
  }

  #isAbsent(bytes: Uint8Array, start: number, end: number): boolean {
    return start === end || isOneOf(this.#literals.absent, bytes, start, end);
  }
}

function columnsOf(rule: LabelledFormat): Column[] | undefined {
  const { columns, assign, separator, optional, glued, shapes, open } = rule;
  if (columns.length > MAX_COLUMNS) return undefined;
  const made: Column[] = [];
  for (const [index, [name, field]] of columns.entries()) {
    const label = asciiBytes(name);
    const begin = asciiBytes(name + assign);
    const wanted = shapes && Object.hasOwn(shapes, field) ? shapes[field] : undefined;
    const shape = wanted && byteShape(wanted);
    const next = columns[index + 1]?.[0];
    const mark = next !== undefined && open?.includes(name) ? asciiBytes(separator + next + assign) : undefined;
    if (!label || !begin || (wanted && !shape)) return undefined;
    made.push({
      label,
      begin,
      glued: glued?.includes(name) ?? false,
      token: { space: 'fields', name: field },
      optional: optional?.includes(name) ?? false,
      shape,
      mark,
    });
  }
  return made;
}

/** The first mark that does not stand in `="…"`, or -1. `found`: the first one of all. */
function indexOutsideQuotes(mark: Uint8Array, bytes: Uint8Array, from: number, end: number, found: number): number {
  let at = from;
  for (let next = found; next !== -1; ) {
    // One behind the mark does not count.
    const quote = indexOfText(OPEN_QUOTE, bytes, at, next + 1);
    if (quote === -1) return next;
    const close = closingQuote(bytes, quote + OPEN_QUOTE.length, end);
    if (close === -1) return -1;
    at = close + 1;
    if (next < at) next = indexOfText(mark, bytes, at, end);
  }
  return -1;
}

function closingQuote(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    if (bytes[at] !== QUOTE) continue;
    let slashes = 0;
    while (at - slashes > from && bytes[at - slashes - 1] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

/** Behind the white space of ASCII. */
function afterSpace(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isSpace(bytes[at] ?? 0)) at += 1;
  return at;
}
