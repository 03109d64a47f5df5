import type { TableHead } from '../forms/form.ts';
import { type CellDialect, DetailsScanner } from './details-scanner.ts';
import {
  ESCAPED,
  type FindLineControl,
  FORBIDDEN,
  fillingOfBytes,
  type LineScanner,
  type LineShape,
  NULL,
  PLAIN_SIGNS,
  type ProductFormat,
  TELLING,
  TEXT,
} from './line-scanner.ts';
import { type RowColumns, rowColumns, rowShape, tidyRows } from './row-columns.ts';
import { RowValues } from './row-values.ts';
import { TextArena } from './text-arena.ts';
import { utf8Text } from './utf8.ts';
import { fillingOf } from './value-table.ts';
import { signsOfFour, wordsOf } from './words.ts';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const LETTER_N = 0x4e;
const BACKSLASH = 0x5c;
/** Tables whose columns are remembered. */
const MAX_TABLES = 8;
/** Beside the signs of values: whatever ends a cell. */
const STOP = 0x80;

/** What the bytes of a quoted cell mean: control signs need a look at the text, which may be one of several lines. */
const CELL_SIGNS: Uint8Array = PLAIN_SIGNS.map((sign, byte) =>
  byte === QUOTE ? STOP : (sign & FORBIDDEN) === 0 ? sign : ESCAPED,
);
const NULL_WORD = Uint8Array.from('NULL', (sign) => sign.charCodeAt(0));

/** A quote in a quoted cell is doubled. */
const CSV: CellDialect = {
  quote: '""',
  mark: QUOTE,
  marked: QUOTE,
  hasEscapes: false,
  read: undoubled,
};

/** The text of a quoted cell. A quote that stands alone ends a cell: what holds one is more than a cell. */
function undoubled(raw: string): string | undefined {
  const parts = raw.split('""');
  return parts.some((part) => part.includes('"')) ? undefined : parts.join('"');
}

/** Columns of a table, and what reads their details. */
interface Table {
  readonly columns: RowColumns;
  readonly details: DetailsScanner;
  readonly arena: TextArena;
  readonly delimiter: number;
  /** What the bytes of an unquoted cell mean. */
  readonly bareSigns: Uint8Array;
}

/** In an unquoted cell: it ends here, or is none. */
function bareSigns(delimiter: number): Uint8Array {
  return PLAIN_SIGNS.map((sign, byte) => {
    const isEnd = byte === delimiter || byte === QUOTE || (sign & FORBIDDEN) !== 0;
    return isEnd || (byte === BACKSLASH && delimiter === TAB) ? STOP : sign;
  });
}

/** Walks the bytes of rows as PostgreSQL, MariaDB and spreadsheets write them, the details of each together with its cells. */
export class CsvScanner implements LineScanner {
  readonly #values = new RowValues();
  readonly #formats: readonly ProductFormat[];
  readonly #findControl: FindLineControl;
  #tables = new Map<string, Table | undefined>();
  #head: TableHead | undefined;
  #table: Table | undefined;
  #shape: LineShape | undefined;

  constructor(formats: readonly ProductFormat[], findControl: FindLineControl) {
    this.#formats = formats;
    this.#findControl = findControl;
  }

  get starts(): Int32Array {
    return this.#values.starts;
  }

  get ends(): Int32Array {
    return this.#values.ends;
  }

  get signs(): Uint8Array {
    return this.#values.signs;
  }

  get kinds(): Uint8Array {
    return this.#values.kinds;
  }

  get seen(): number {
    return this.#values.seen;
  }

  /** Says of which table the next rows are. */
  begin(head: TableHead): void {
    if (head === this.#head) return;
    this.#head = head;
    const key = [head.delimiter, ...head.columns].join('\n');
    if (!this.#tables.has(key)) {
      if (this.#tables.size >= MAX_TABLES) this.#tables.clear();
      this.#tables.set(key, this.#makeTable(head));
    }
    this.#table = this.#tables.get(key);
  }

  mayBegin(): boolean {
    return this.#table !== undefined;
  }

  /** Where the row stands that was walked last, with all its values. */
  get row(): Pick<RowValues, 'bytes' | 'from' | 'to'> {
    return this.#values;
  }

  /** Index behind the row that begins at `start` and its line break; -1 when it is not for this way, or not whole before `stop`. */
  rowEnd(bytes: Uint8Array, start: number, stop: number): number {
    const end = this.#walk(bytes, start, stop);
    const table = this.#table;
    this.#shape = end === -1 || !table ? undefined : rowShape(table.columns, this.#values);
    if (!this.#shape) return -1;
    this.#values.finish(bytes, start, end);
    return end;
  }

  /** The shape of {@link row}, or of another one. */
  scan(bytes: Uint8Array, start: number, end: number): LineShape | undefined {
    const { row } = this;
    const isKnown = bytes === row.bytes && start === row.from && end === row.to;
    if (!isKnown && this.rowEnd(bytes, start, end) !== end) return undefined;
    return this.#shape;
  }

  text(index: number): string | undefined {
    const { texts, starts, ends, bytes } = this.#values;
    return texts[index] ?? CSV.read(utf8Text(bytes, starts[index] ?? 0, ends[index] ?? 0));
  }

  tidy(): void {
    for (const table of this.#tables.values()) if (table) tidyRows(table.columns);
  }

  #makeTable({ columns: names, delimiter }: TableHead): Table | undefined {
    const columns = rowColumns(names, this.#formats, this.#findControl);
    if (!columns) return undefined;
    const details = new DetailsScanner(CSV, columns.encodedPrefix, columns.tree);
    const sign = delimiter.charCodeAt(0);
    const arena = new TextArena(columns.encodedPrefix, CSV.mark);
    return { columns, details, arena, delimiter: sign, bareSigns: bareSigns(sign) };
  }

  #walk(bytes: Uint8Array, start: number, stop: number): number {
    const table = this.#table;
    if (!table) return -1;
    const { columns, delimiter, arena } = table;
    if (delimiter === TAB && mayBeBlank(bytes[start] ?? 0)) return -1;
    const { length } = columns.tokens;
    this.#values.begin(length, columns.tree.root, arena);
    let at = start;
    for (let index = 0; index < length; index += 1) {
      if (index > 0) {
        if (bytes[at] !== delimiter) return -1;
        at += 1;
      }
      if (bytes[at] !== QUOTE) at = this.#bare(table, bytes, at, stop, index);
      else if (index === columns.details && bytes[at + 1] !== QUOTE)
        at = this.#details(table, bytes, at + 1, stop, index);
      else at = this.#quoted(bytes, at + 1, stop, index);
      if (at === -1 || at >= stop) return -1;
    }
    if (bytes[at] === CR) at += 1;
    return at < stop && bytes[at] === LF ? at + 1 : -1;
  }

  /** Notes an unquoted cell; gives the index of what stands behind it. */
  #bare({ columns, bareSigns: signs }: Table, bytes: Uint8Array, start: number, stop: number, index: number): number {
    const words = wordsOf(bytes);
    let at = start;
    let found = 0;
    for (const last = stop - 4; at <= last; at += 4) {
      const four = signsOfFour(signs, words.getInt32(at, true));
      if ((four & STOP) !== 0) break;
      found |= four;
    }
    for (; at < stop; at += 1) {
      const sign = signs[bytes[at] ?? 0] ?? 0;
      if (sign === STOP) break;
      found |= sign;
    }
    if (this.#isNull(bytes, start, at)) {
      this.#values.note(index, at, at, 0, NULL, 0);
      return at;
    }
    // Details that are not quoted are in no form that is known here.
    if (index === columns.details) return -1;
    this.#values.note(index, start, at, found, TEXT, fillingOf(bytes, start, at));
    return at;
  }

  #isNull(bytes: Uint8Array, start: number, end: number): boolean {
    if (end === start) return true;
    if (end - start === 2) return bytes[start] === BACKSLASH && bytes[start + 1] === LETTER_N;
    if (end - start !== NULL_WORD.length) return false;
    for (let at = 0; at < NULL_WORD.length; at += 1) if (bytes[start + at] !== NULL_WORD[at]) return false;
    return true;
  }

  /** The same for what stands behind a quote. */
  #quoted(bytes: Uint8Array, start: number, stop: number, index: number): number {
    const words = wordsOf(bytes);
    const lastWord = stop - 4;
    let at = start;
    let found = 0;
    for (; at < stop; at += 1) {
      for (; at <= lastWord; at += 4) {
        const four = signsOfFour(CELL_SIGNS, words.getInt32(at, true));
        if ((four & STOP) !== 0) break;
        found |= four;
      }
      const sign = CELL_SIGNS[bytes[at] ?? 0] ?? 0;
      if (sign !== STOP) found |= sign;
      else if (bytes[at + 1] === QUOTE) {
        at += 1;
        found |= ESCAPED | TELLING;
      } else break;
    }
    const filling = (found & ESCAPED) === 0 ? fillingOf(bytes, start, at) : fillingOfBytes(bytes, start, at);
    if (filling === -1 || (filling === 2 && index === this.#table?.columns.details)) return -1;
    this.#values.note(index, start, at, found, TEXT, filling);
    return at + 1;
  }

  #details({ details }: Table, bytes: Uint8Array, start: number, stop: number, index: number): number {
    const end = details.scan(bytes, start, stop, this.#values);
    if (end === -1 || bytes[end] !== QUOTE) return -1;
    this.#values.note(index, start, end, ESCAPED | TELLING, TEXT, 2);
    return end + 1;
  }
}

/** Whether white space may begin with a byte: between tabs, a row of nothing else is a blank line. */
function mayBeBlank(first: number): boolean {
  return first <= SPACE || first > 0x7e;
}
