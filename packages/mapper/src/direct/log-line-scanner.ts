import type { FormatRule, LabelledFormat, Product } from '@cryptrail/catalogue';
import { isSame, isUpper } from '../bytes.ts';
import { announces } from '../decode/line-kind.ts';
import { ByteCache } from './byte-cache.ts';
import { DelimitedScanner } from './delimited-scanner.ts';
import { LabelledScanner } from './labelled-scanner.ts';
import { CATEGORY_PART, LAYOUT_PARTS, NO_LAYOUT, THREAD_PART } from './layout-scanner.ts';
import { BEGINS, LineBeginnings } from './line-beginnings.ts';
import {
  ALONE,
  BY_DIGITS,
  FIXED,
  type FindLineControl,
  type LineHead,
  type LineScanner,
  type LineShape,
  TELLING,
} from './line-scanner.ts';
import { LineTree } from './line-tree.ts';
import { FITS, MAX_VARIANTS, type MessageScanner, UNSURE } from './message-scanner.ts';
import { PatternScanner } from './pattern-scanner.ts';
import type { Token } from './shape.ts';
import { asciiText, utf8Text } from './utf8.ts';
import { TEXT_SIGNS, ValueTable } from './value-table.ts';

/** The last byte of a byte order mark in UTF-8. */
const LAST_OF_MARK = 0xbf;
/** Loggers whose formats are remembered, two to the power of it. */
const CATEGORY_BITS = 7;
/** Combinations of format, layout and fields whose shapes are kept, each in a tree of its own. */
const MAX_TREES = 64;

/** One format whose messages stand in lines of a log. */
interface MessageFormat {
  readonly categories: readonly string[] | undefined;
  readonly labelled: LabelledScanner | undefined;
  readonly delimited: DelimitedScanner | undefined;
  readonly pattern: PatternScanner | undefined;
  /** Messages of other formats behind the first columns of its own are none of it. */
  readonly isListing: boolean;
  /** The way of the lines without a layout and with each of them. */
  readonly trees: (Map<number, LineTree> | undefined)[];
}

/** A category, and which of the formats it announces, in order. */
interface Announced {
  readonly category: Uint8Array;
  /** What the category holds, as values say of themselves. */
  readonly signs: number;
  readonly formats: readonly MessageFormat[];
}

/** The order in which the ordinary way tries the formats of messages. */
const ORDER: readonly FormatRule['decoder'][] = ['labelled', 'delimited', 'listing', 'pattern'];
const LAYOUT_TOKENS: readonly Token[] = LAYOUT_PARTS.map((name) => ({ space: 'layout', name }));

/**
 * Walks lines of loggers: what a layout printed, and behind it a message with labels, with columns or of a pattern; messages with columns also without a layout. Several lines are one record where an
 * end mark stands in a later one.
 */
export class LogLineScanner implements LineScanner {
  readonly repeats = true;
  readonly #values = new ValueTable();
  readonly starts = this.#values.starts;
  readonly ends = this.#values.ends;
  readonly signs = this.#values.signs;
  readonly kinds = this.#values.kinds;
  readonly #beginnings: LineBeginnings;
  readonly #formats: readonly MessageFormat[];
  readonly #findControl: FindLineControl;
  readonly #announced = new ByteCache<Announced>(CATEGORY_BITS);
  /** The logger of the line before, and the formats that it announces. */
  #category: Uint8Array = new Uint8Array();
  #categorySigns = TELLING;
  #categoryFormats: readonly MessageFormat[] = NO_FORMATS;
  #trees: LineTree[] = [];
  /** What is known of the line that was looked at last. */
  #format: MessageFormat | undefined;
  #layout = NO_LAYOUT;
  #message = 0;
  /** The formats that may read its message, and from which of them on. */
  #candidates: readonly MessageFormat[] = NO_FORMATS;
  #first = 0;
  readonly #partStarts = new Int32Array(LAYOUT_PARTS.length);
  readonly #partEnds = new Int32Array(LAYOUT_PARTS.length);
  #bytes: Uint8Array = new Uint8Array();

  private constructor(beginnings: LineBeginnings, formats: readonly MessageFormat[], findControl: FindLineControl) {
    this.#beginnings = beginnings;
    this.#formats = formats;
    this.#findControl = findControl;
  }

  /** Undefined for products whose lines cannot be told apart by their bytes, or that have no such formats. */
  static of(products: readonly Product[], findControl: FindLineControl): LogLineScanner | undefined {
    const all = products.flatMap((product) => product.formats);
    const ordered = ORDER.flatMap((decoder) => all.filter((format) => format.decoder === decoder));
    const formats = ordered.map((format) => messageFormat(format, all));
    if (!formats.some(({ labelled, delimited, pattern }) => labelled ?? delimited ?? pattern)) return undefined;
    const beginnings = LineBeginnings.of(products);
    return beginnings && new LogLineScanner(beginnings, formats, findControl);
  }

  get seen(): number {
    return this.#values.seen;
  }

  /** A digit or a level, as layouts begin. */
  mayBegin(bytes: Uint8Array, start: number, end: number): boolean {
    const first = bytes[start] ?? 0;
    if (first >= 0x30 && first <= 0x39) return bytes[start + 2] === 0x3a || bytes[start + 4] === 0x2d;
    let at = start;
    while (at < end && isUpper(bytes[at] ?? 0)) at += 1;
    return at > start + 2 && (bytes[at] === 0x20 || bytes[at] === 0x5b);
  }

  /** See {@link LineScanner.begins}. */
  begins(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#beginnings.kindOf(bytes, start, end) === BEGINS;
  }

  unitEnd(bytes: Uint8Array, start: number, end: number, stop: number): number {
    if (!this.#locate(bytes, start, end)) return -1;
    const labelled = this.#format?.labelled;
    if (!labelled) return stop === ALONE ? end : this.#beginnings.endOf(bytes, end, stop);
    if (labelled.endMark(bytes, this.#message, end) !== -1) return end;
    return stop === ALONE ? -1 : this.#beginnings.endOf(bytes, end, stop, labelled);
  }

  scan(bytes: Uint8Array, start: number, end: number): LineShape | undefined {
    const format = this.#format;
    if (!format || bytes[start] === undefined) return undefined;
    this.#bytes = bytes;
    const scanner = format.labelled ?? format.delimited;
    if (!scanner) return this.#scanPatterns(bytes, end);
    const variant = scanner.prepare(bytes, this.#message, end);
    const tree = variant === -1 ? undefined : this.#treeOf(format, variant, scanner);
    if (!tree) return undefined;
    const values = this.#values;
    values.begin(tree);
    scanner.addFields(bytes, tree, values);
    this.#addLayout(bytes, tree);
    if (!values.place || !scanner.addDetails(bytes, end, tree, values)) return undefined;
    return tree.shapeAt(values.place);
  }

  /** The first pattern that a message is of. */
  #scanPatterns(bytes: Uint8Array, end: number): LineShape | undefined {
    for (let index = this.#first; index < this.#candidates.length; index += 1) {
      const format = this.#candidates[index];
      const fit = format?.pattern?.match(bytes, this.#message, end) ?? UNSURE;
      if (!format?.pattern || fit === UNSURE) return undefined;
      if (fit === FITS) return this.#patternShape(format, format.pattern, bytes);
    }
    return undefined;
  }

  #patternShape(format: MessageFormat, pattern: PatternScanner, bytes: Uint8Array): LineShape | undefined {
    const tree = this.#treeOf(format, 0, undefined);
    if (!tree) return undefined;
    const values = this.#values;
    values.begin(tree);
    pattern.add('fields', bytes, tree, values);
    this.#addLayout(bytes, tree);
    pattern.add('details', bytes, tree, values);
    return tree.shapeAt(values.place);
  }

  /** Only columns have escapes; elsewhere stand bytes that are no UTF-8. */
  text(index: number): string {
    const start = this.#values.starts[index] ?? 0;
    const end = this.#values.ends[index] ?? 0;
    return this.#format?.delimited?.text(this.#bytes, start, end) ?? utf8Text(this.#bytes, start, end);
  }

  get specialWords(): readonly Uint8Array[] {
    return (this.#format?.labelled ?? this.#format?.delimited)?.specialWords ?? [];
  }

  get specialBeginning(): Uint8Array | undefined {
    return this.#format?.delimited?.specialBeginning;
  }

  /** The category announces formats; the name of a thread is none of the line's own. */
  variesBy(token: Token): number {
    if (token.space === 'layout') return token.name === LAYOUT_PARTS[THREAD_PART] ? BY_DIGITS : FIXED;
    return (this.#format?.labelled ?? this.#format?.delimited)?.variesBy(token) ?? FIXED;
  }

  /** See {@link LineScanner.headOf}. */
  headOf(bytes: Uint8Array, start: number, end: number): LineHead | undefined {
    const beginnings = this.#beginnings;
    const { layouts } = beginnings;
    if (beginnings.kindOf(bytes, start, end) !== BEGINS || beginnings.layout === NO_LAYOUT) return undefined;
    return layouts.headOf(beginnings.layout, bytes, start, end);
  }

  forget(): void {
    this.#beginnings.forget();
  }

  tidy(): void {
    for (const tree of this.#trees) tree.tidy();
  }

  /** Finds layout, format and message of a line. False: it is not for this way. */
  #locate(bytes: Uint8Array, start: number, end: number): boolean {
    this.#format = undefined;
    const beginnings = this.#beginnings;
    // A byte order mark behind a line is no part of it.
    if (bytes[end - 1] === LAST_OF_MARK || beginnings.kindOf(bytes, start, end) !== BEGINS) return false;
    this.#layout = beginnings.layout;
    if (this.#layout === NO_LAYOUT) {
      this.#message = start;
      this.#format = this.#formatOf(this.#formats, bytes, start, end);
      return this.#format?.delimited !== undefined;
    }
    const { layouts } = beginnings;
    this.#message = layouts.message;
    // The line behind this one is read, too.
    for (let part = 0; part < LAYOUT_PARTS.length; part += 1) {
      this.#partStarts[part] = layouts.starts[part] ?? 0;
      this.#partEnds[part] = layouts.ends[part] ?? 0;
    }
    this.#format = this.#formatOf(this.#announcedBy(bytes), bytes, layouts.message, end);
    return this.#format !== undefined;
  }

  /** The first format that may read a message, when it is one for this way. */
  #formatOf(
    formats: readonly MessageFormat[],
    bytes: Uint8Array,
    start: number,
    end: number,
  ): MessageFormat | undefined {
    this.#candidates = formats;
    for (let index = 0; index < formats.length; index += 1) {
      const format = formats[index];
      this.#first = index;
      if (format?.isListing && !this.#beginnings.mayBeFreeColumns(bytes, start, end)) continue;
      if (format?.labelled && !format.labelled.begins(bytes, start, end)) continue;
      if (!format?.pattern) return format?.labelled || format?.delimited ? format : undefined;
      // None of them: some other text of the logger, to which other lines belong.
      return formats.some(({ pattern }) => pattern?.begins(bytes, start, end)) ? format : undefined;
    }
    return undefined;
  }

  #announcedBy(bytes: Uint8Array): readonly MessageFormat[] {
    const { layouts } = this.#beginnings;
    if (!layouts.partsOf(this.#layout).includes(CATEGORY_PART)) return NO_FORMATS;
    const start = layouts.starts[CATEGORY_PART] ?? 0;
    const end = layouts.ends[CATEGORY_PART] ?? 0;
    if (end > start && isSame(this.#category, bytes, start, end)) return this.#categoryFormats;
    const { category, signs, formats } = this.#knownOf(bytes, start, end);
    this.#category = category;
    this.#categorySigns = signs;
    this.#categoryFormats = formats;
    return formats;
  }

  #knownOf(bytes: Uint8Array, start: number, end: number): Announced {
    const known = this.#announced.get(bytes, start, end);
    if (known) return known;
    const name = asciiText(bytes, start, end);
    // An empty name announces as little as another one.
    const formats = this.#formats.filter(({ categories }) => announces(categories, { category: name }));
    let signs = 0;
    for (let at = start; at < end; at += 1) signs |= TEXT_SIGNS[bytes[at] ?? 0] ?? 0;
    const made = { category: bytes.slice(start, end), signs, formats };
    this.#announced.set(bytes, start, end, made);
    return made;
  }

  #addLayout(bytes: Uint8Array, tree: LineTree): void {
    if (this.#layout === NO_LAYOUT) return;
    const parts = this.#beginnings.layouts.partsOf(this.#layout);
    for (let index = 0; index < parts.length; index += 1) {
      const part = parts[index] ?? 0;
      const token = LAYOUT_TOKENS[part];
      const start = this.#partStarts[part] ?? 0;
      const end = this.#partEnds[part] ?? 0;
      const signs = part === CATEGORY_PART ? this.#categorySigns : TELLING;
      if (token) this.#values.addKnown(tree, token, bytes, start, end, start === end ? 0 : signs, false);
    }
  }

  #treeOf({ trees }: MessageFormat, variant: number, scanner: MessageScanner | undefined): LineTree | undefined {
    const known = trees[this.#layout + 1]?.get(variant);
    if (known || this.#trees.length >= MAX_TREES || variant >= MAX_VARIANTS) return known;
    const made = new LineTree(this.#findControl, 0, scanner?.nameDetails(variant));
    const ways = trees[this.#layout + 1] ?? new Map<number, LineTree>();
    trees[this.#layout + 1] = ways.set(variant, made);
    this.#trees.push(made);
    return made;
  }
}

const NO_FORMATS: readonly MessageFormat[] = [];

function messageFormat(format: FormatRule, all: readonly FormatRule[]): MessageFormat {
  const isLabelled = format.decoder === 'labelled' && !standsBehindOther(format, all);
  return {
    categories: 'categories' in format ? format.categories : undefined,
    labelled: isLabelled ? LabelledScanner.of(format) : undefined,
    delimited: format.decoder === 'delimited' ? DelimitedScanner.of(format) : undefined,
    pattern: format.decoder === 'pattern' ? PatternScanner.of(format) : undefined,
    isListing: format.decoder === 'listing',
    trees: [],
  };
}

/** Where a format of other lines is asked first what a line is, a record of this one may go on behind its end mark. */
function standsBehindOther(format: LabelledFormat, all: readonly FormatRule[]): boolean {
  return all
    .slice(0, all.indexOf(format))
    .some((one) => one.decoder === 'pattern' && one.categories.some((name) => format.categories?.includes(name)));
}
