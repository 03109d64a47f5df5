import { ascii, isSame, startsWith } from '../bytes.ts';
import { detailValue } from '../decode/row.ts';
import type { FieldValue } from '../records.ts';
import { readJavaXml } from '../xml/java-xml.ts';
import { decodeEntities } from '../xml/tokens.ts';
import { ByteCache } from './byte-cache.ts';
import {
  BEYOND,
  BOOLEAN,
  DOUBLE,
  ESCAPED,
  FORBIDDEN,
  INT,
  KINDS,
  MAX_TOKENS,
  NULL,
  STRING,
  TELLING,
} from './line-scanner.ts';
import type { LineTree } from './line-tree.ts';
import type { RowValues } from './row-values.ts';
import { TagRun } from './tag-run.ts';
import { CELL_SIGNS } from './text-arena.ts';
import { utf8Text } from './utf8.ts';
import { fillingOf } from './value-table.ts';
import { areSame, type Block, blockOf, signsOfFour, wordsOf } from './words.ts';

/** How a table writes the signs of a text that its cells cannot hold as they are. */
export interface CellDialect {
  /** How `"` stands in a cell. */
  readonly quote: string;
  /** The sign that stands before another one, e.g. the first of two quotes; both are skipped together. */
  readonly mark: number;
  /** The sign that must stand behind the mark, or -1 for any. */
  readonly marked: number;
  /** Whether `\n` and the like stand for white space. */
  readonly hasEscapes: boolean;
  /** The text of a cell, or undefined when its escapes are none. */
  read(raw: string): string | undefined;
}

const SPACE = 0x20;
const AMPERSAND = 0x26;
const MINUS = 0x2d;
const POINT = 0x2e;
const SLASH = 0x2f;
const ZERO = 0x30;
const LESS = 0x3c;
const GREATER = 0x3e;
const LETTER_T = 0x54;
const LETTER_N = 0x4e;
const LETTER_R = 0x52;
const TO_LOWER = 0x20;

/** Heads of documents that are remembered, and the longest of them; values that are read as trees, and the longest of them. */
const MAX_HEADS = 8;
const MAX_HEAD = 512;
const MAX_TREE = 4096;
/** Values that are remembered as they were read, and the longest of them; texts and elements of the same bytes have nothing to do with each other. */
const KNOWN_BITS = 9;
const MAX_KEPT = 512;
const TEXTS = 0;
const TREES = 1;
/** Numbers of the type have so many digits at most; the longest of them are looked at closely. */
const INT_DIGITS = 10;
const MAX_INT = 2_147_483_647;
const LONG_DIGITS = 18;
/** Digits of milliseconds that `Date` knows for certain. */
const DATE_DIGITS = 15;
const DOUBLE_SIGNS = 24;

const UNSAFE_NAME = /["'&\\]/;
/** Beside the signs of values: a text ends here, or something in it is written in another way. */
const STOP = 0x80;

/** What each byte means in a text of XML: entities, and what becomes another sign, need a look at the text. */
function xmlSigns({ mark }: CellDialect): Uint8Array {
  return CELL_SIGNS.map((sign, byte) => {
    if (byte === LESS || byte === mark) return STOP;
    return byte === AMPERSAND || (sign & FORBIDDEN) !== 0 ? ESCAPED : sign;
  });
}

/** A document up to its map: `<?xml …?> <java …> <object class="…">`. */
interface Head extends Block {
  /** The map is an element without content. */
  readonly isEmpty: boolean;
}

/**
 * Walks the canonical text of `java.beans.XMLEncoder` for a map, as it stands in a cell: a `put` of two values for each entry. Strings and plain values are noted
 * where they stand; other values are read by the reader of the whole language, each for itself. What is not in this form is left to that one altogether.
 */
export class DetailsScanner {
  readonly #dialect: CellDialect;
  readonly #encodedPrefix: string | undefined;
  readonly #signs: Uint8Array;
  readonly #tree: LineTree;
  readonly #date: Uint8Array;
  /** What stands before a name, between it and a text, and behind that. */
  readonly #toName: TagRun;
  readonly #toText: TagRun;
  readonly #textEnd: TagRun;
  readonly #valueEnd: TagRun;
  readonly #mapEnd: TagRun;
  readonly #javaEnd: TagRun;
  #heads: Head[] = [];
  readonly #known = new ByteCache<FieldValue>(KNOWN_BITS);

  /** @param tree Gets the names of the details in their order. */
  constructor(dialect: CellDialect, encodedPrefix: string | undefined, tree: LineTree) {
    this.#dialect = dialect;
    this.#encodedPrefix = encodedPrefix;
    this.#signs = xmlSigns(dialect);
    this.#tree = tree;
    this.#date = ascii(`<object class=${dialect.quote}java.util.Date${dialect.quote}>`);
    const run = (...tags: string[]) => new TagRun(tags, (bytes, at, stop) => this.#blanks(bytes, at, stop));
    this.#toName = run(`<void method=${dialect.quote}put${dialect.quote}>`, '<string>');
    this.#toText = run('</string>', '<string>');
    this.#textEnd = run('</string>', '</void>');
    this.#valueEnd = run('</void>');
    this.#mapEnd = run('</object>', '</java>');
    this.#javaEnd = run('</java>');
  }

  /** Notes the details of the document that begins at `start`; gives the index behind it, or -1. */
  scan(bytes: Uint8Array, start: number, stop: number, values: RowValues): number {
    const head = this.#headAt(bytes, start, stop);
    if (!head) return -1;
    let at = start + head.length;
    for (let name = at; name !== -1 && !head.isEmpty; ) {
      name = this.#toName.behind(bytes, at, stop);
      if (name !== -1) at = this.#entry(bytes, name, stop, values);
      if (at === -1) return -1;
    }
    at = head.isEmpty ? this.#javaEnd.behind(bytes, at, stop) : this.#mapEnd.behind(bytes, at, stop);
    return at === -1 ? -1 : this.#blanks(bytes, at, stop);
  }

  /** `key</string> value </void>` */
  #entry(bytes: Uint8Array, name: number, stop: number, values: RowValues): number {
    const index = values.count;
    const { place } = values;
    const edge = place && this.#tree.named(place, bytes, name, stop, LESS, 'details');
    // A name with escapes is another one than its bytes say.
    if (
      !place ||
      !edge ||
      index >= MAX_TOKENS ||
      (!this.#tree.hasLed(edge) && UNSAFE_NAME.test(this.#tree.nameOf(edge)))
    )
      return -1;
    const nameEnd = name + this.#tree.lengthOf(edge);
    const text = this.#toText.behind(bytes, nameEnd, stop);
    const end = text === -1 ? this.#other(bytes, nameEnd, stop, values) : this.#string(bytes, text, stop, values);
    if (end === -1) return -1;
    values.count += 1;
    values.place = this.#tree.next(edge, values.variantOf(index));
    return text === -1 ? this.#valueEnd.behind(bytes, end, stop) : this.#textEnd.behind(bytes, end, stop);
  }

  /** Notes the text that begins at `start`; gives the index of the tag behind it. */
  #string(bytes: Uint8Array, start: number, stop: number, values: RowValues): number {
    const { mark, marked } = this.#dialect;
    const signs = this.#signs;
    const words = wordsOf(bytes);
    const lastWord = stop - 4;
    let at = start;
    let found = 0;
    for (; at < stop; at += 1) {
      // Most texts hold nothing to stop at: four bytes at a time then.
      for (; at <= lastWord; at += 4) {
        const four = signsOfFour(signs, words.getInt32(at, true));
        if ((four & STOP) !== 0) break;
        found |= four;
      }
      const sign = signs[bytes[at] ?? 0] ?? 0;
      found |= sign;
      if (sign !== STOP) continue;
      if (bytes[at] !== mark) break;
      at += 1;
      if (marked !== -1 && bytes[at] !== marked) return -1;
      found |= ESCAPED | TELLING;
    }
    if (at >= stop) return -1;
    found &= ~STOP;
    const isEncoded = values.arena.mayBeEncoded(bytes, start, at);
    if ((found & ESCAPED) === 0 && !isEncoded)
      values.note(values.count, start, at, found, STRING, fillingOf(bytes, start, at));
    else if (!this.#escaped(bytes, start, at, found, values)) return -1;
    return at;
  }

  /** Notes a text that is not its bytes; false when its escapes are none. */
  #escaped(bytes: Uint8Array, start: number, end: number, found: number, values: RowValues): boolean {
    if (values.noteOwn(values.count, bytes, start, end, STRING)) return true;
    return this.#noteRead(TEXTS, bytes, start, end, found, values);
  }

  /** Notes what was read of a text or of an element; false when it cannot be. Both come again: settings, lists, names with quotes. */
  #noteRead(seed: number, bytes: Uint8Array, start: number, end: number, found: number, values: RowValues): boolean {
    const isKept = end - start <= MAX_KEPT;
    const known = isKept ? this.#known.get(bytes, start, end, seed) : undefined;
    const read = known ?? (seed === TEXTS ? this.#readText(bytes, start, end) : this.#readTree(bytes, start, end));
    if (!read) return false;
    if (isKept && !known) this.#known.set(bytes, start, end, read, seed);
    values.note(values.count, start, end, found | ESCAPED | TELLING, KINDS.indexOf(read.kind), 2);
    values.noteText(values.count, read.text);
    return true;
  }

  #readText(bytes: Uint8Array, start: number, end: number): FieldValue | undefined {
    const raw = this.#dialect.read(utf8Text(bytes, start, end));
    const text = raw === undefined ? undefined : decodeEntities(raw);
    return text === undefined ? undefined : detailValue({ kind: 'string', text }, this.#encodedPrefix);
  }

  /** `</string>`, and what is no text. */
  #other(bytes: Uint8Array, nameEnd: number, stop: number, values: RowValues): number {
    if (!startsWith(STRING_END, bytes, nameEnd, stop)) return -1;
    const at = this.#blanks(bytes, nameEnd + STRING_END.length, stop);
    if (startsWith(NULL_VALUE, bytes, at)) {
      values.note(values.count, at, at, 0, NULL, 0);
      return at + NULL_VALUE.length;
    }
    for (const type of PLAIN_TYPES) {
      if (!startsWith(type.begin, bytes, at)) continue;
      const start = at + type.begin.length;
      let end = start;
      while (end < stop && bytes[end] !== LESS) end += 1;
      if (!startsWith(type.end, bytes, end) || !type.fits(bytes, start, end)) break;
      values.note(values.count, start, end, 0, type.kind, 2);
      return end + type.end.length;
    }
    return startsWith(this.#date, bytes, at)
      ? this.#dateValue(bytes, at, stop, values)
      : this.#treeValue(bytes, at, stop, values);
  }

  /** `<object class="java.util.Date"> <long>1761350400123</long> </object>` */
  #dateValue(bytes: Uint8Array, from: number, stop: number, values: RowValues): number {
    const begin = this.#blanks(bytes, from + this.#date.length, stop);
    if (!startsWith(LONG_BEGIN, bytes, begin)) return -1;
    const start = begin + LONG_BEGIN.length;
    let end = start;
    while (end < stop && bytes[end] !== LESS) end += 1;
    const behind = this.#blanks(bytes, end + LONG_END.length, stop);
    if (!startsWith(LONG_END, bytes, end) || !startsWith(OBJECT_END, bytes, behind)) return -1;
    if (!isWhole(bytes, start, end, DATE_DIGITS)) return -1;
    values.noteTime(values.count, new Date(wholeOf(bytes, start, end)).toISOString(), STRING);
    return behind + OBJECT_END.length;
  }

  /** Lists, constants, unusual numbers and the like: read as they would be in their place. */
  #treeValue(bytes: Uint8Array, start: number, stop: number, values: RowValues): number {
    const end = elementEnd(bytes, start, Math.min(stop, start + MAX_TREE));
    if (end === -1) return -1;
    let found = 0;
    for (let at = start; at < end; at += 1) if ((bytes[at] ?? 0) >= 0x80) found |= BEYOND;
    return this.#noteRead(TREES, bytes, start, end, found, values) ? end : -1;
  }

  /** Whatever counts over the whole document is left to the reader of all of it. */
  #readTree(bytes: Uint8Array, start: number, end: number): FieldValue | undefined {
    const xml = this.#dialect.read(utf8Text(bytes, start, end));
    if (xml === undefined || xml.includes('<array') || xml.includes('idref')) return undefined;
    const read = readJavaXml(`${TREE_BEGIN}${xml}${TREE_END}`);
    const [list] = 'values' in read ? read.values : [];
    const [item, ...more] = list?.kind === 'list' ? list.items : [];
    if (!item || more.length > 0) return undefined;
    const value = detailValue(item, this.#encodedPrefix);
    // Whether a truth value is true is told by its first sign: see `LineWriter`.
    return value.kind === 'boolean' ? undefined : value;
  }

  #headAt(bytes: Uint8Array, start: number, stop: number): Head | undefined {
    const heads = this.#heads;
    for (let index = 0; index < heads.length; index += 1) {
      const head = heads[index];
      const end = start + (head?.length ?? 0);
      if (!head || end > stop || !areSame(wordsOf(bytes), start, end, head.words, 0)) continue;
      if (index > 0) {
        heads[index] = heads[index - 1] ?? head;
        heads[index - 1] = head;
      }
      return head;
    }
    const made = this.#readHead(bytes, start, Math.min(stop, start + MAX_HEAD));
    if (!made) return undefined;
    if (heads.length >= MAX_HEADS) heads.pop();
    heads.push(made);
    return made;
  }

  /** A head is one when the reader of the whole language takes it for that of an empty map. */
  #readHead(bytes: Uint8Array, start: number, stop: number): Head | undefined {
    let at = start;
    while (at < stop && !startsWith(OBJECT_BEGIN, bytes, at)) at += 1;
    while (at < stop && bytes[at] !== GREATER) at += 1;
    if (at >= stop) return undefined;
    const isEmpty = bytes[at - 1] === SLASH;
    const head = bytes.slice(start, at + 1);
    const xml = this.#dialect.read(utf8Text(head, 0, head.length));
    if (xml === undefined || xml.includes('\ufffd')) return undefined;
    const read = readJavaXml(`${xml}${isEmpty ? '' : '</object>'}</java>`);
    const [map, ...more] = 'values' in read ? read.values : [];
    return map?.kind === 'map' && map.entries.length === 0 && more.length === 0
      ? { ...blockOf(head), isEmpty }
      : undefined;
  }

  #blanks(bytes: Uint8Array, from: number, stop: number): number {
    let at = from;
    for (; at < stop; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09) continue;
      if (!this.#dialect.hasEscapes || byte !== this.#dialect.mark) break;
      const sign = (bytes[at + 1] ?? 0) & ~TO_LOWER;
      if (sign !== LETTER_N && sign !== LETTER_R && sign !== LETTER_T) break;
      at += 1;
    }
    return at;
  }
}

const OBJECT_BEGIN = ascii('<object ');
const OBJECT_END = ascii('</object>');
const STRING_END = ascii('</string>');
const LONG_BEGIN = ascii('<long>');
const LONG_END = ascii('</long>');
const NULL_VALUE = ascii('<null/>');
/** A list has its items as deep as a map has its values. */
const TREE_BEGIN = '<java><object class="java.util.ArrayList"><void method="add">';
const TREE_END = '</void></object></java>';

const PLAIN_TYPES: readonly {
  readonly begin: Uint8Array;
  readonly end: Uint8Array;
  readonly kind: number;
  readonly fits: (bytes: Uint8Array, start: number, end: number) => boolean;
}[] = [
  plainType('int', INT, isInt),
  plainType('long', INT, (bytes, start, end) => isWhole(bytes, start, end, LONG_DIGITS)),
  plainType(
    'boolean',
    BOOLEAN,
    (bytes, start, end) => isSame(TRUE, bytes, start, end) || isSame(FALSE, bytes, start, end),
  ),
  plainType('double', DOUBLE, isDecimal),
  plainType('float', DOUBLE, isDecimal),
];

const TRUE = ascii('true');
const FALSE = ascii('false');

function plainType(
  name: string,
  kind: number,
  fits: (bytes: Uint8Array, start: number, end: number) => boolean,
): (typeof PLAIN_TYPES)[number] {
  return { begin: ascii(`<${name}>`), end: ascii(`</${name}>`), kind, fits };
}

/** A number as Java prints it: `0`, `-7`, `12`. */
function isWhole(bytes: Uint8Array, start: number, end: number, most: number): boolean {
  const from = bytes[start] === MINUS ? start + 1 : start;
  if (from >= end || end - from > most || (bytes[from] === ZERO && end > start + 1)) return false;
  return areDigits(bytes, from, end);
}

function isInt(bytes: Uint8Array, start: number, end: number): boolean {
  return isWhole(bytes, start, end, INT_DIGITS) && Math.abs(wholeOf(bytes, start, end)) <= MAX_INT;
}

function wholeOf(bytes: Uint8Array, start: number, end: number): number {
  const isNegative = bytes[start] === MINUS;
  let value = 0;
  for (let at = isNegative ? start + 1 : start; at < end; at += 1) value = value * 10 + (bytes[at] ?? 0) - ZERO;
  return isNegative ? -value : value;
}

/** `-1.5`, and no other form of number. */
function isDecimal(bytes: Uint8Array, start: number, end: number): boolean {
  const from = bytes[start] === MINUS ? start + 1 : start;
  let point = from;
  while (point < end && bytes[point] !== POINT) point += 1;
  if (end - start > DOUBLE_SIGNS || point === from || point + 1 >= end) return false;
  return areDigits(bytes, from, point) && areDigits(bytes, point + 1, end);
}

function areDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return false;
  }
  return true;
}

/** Index behind the element that begins at `start`; -1 when it does not end before `stop`. What is inside texts is escaped, so every `<` begins a tag. */
function elementEnd(bytes: Uint8Array, start: number, stop: number): number {
  let depth = 0;
  for (let at = start; at < stop; at += 1) {
    if (bytes[at] !== LESS) continue;
    const closes = bytes[at + 1] === SLASH;
    while (at < stop && bytes[at] !== GREATER) at += 1;
    if (at >= stop) return -1;
    if (closes) depth -= 1;
    else if (bytes[at - 1] !== SLASH) depth += 1;
    if (depth <= 0) return at + 1;
  }
  return -1;
}
