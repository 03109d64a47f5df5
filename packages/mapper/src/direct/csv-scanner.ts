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
import { utf8Text } from './utf8.ts';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const LETTER_N = 0x4e;
const BACKSLASH = 0x5c;
/** Tables whose columns are remembered. */
const MAX_TABLES = 8;

/** What the bytes of a quoted cell mean: control signs need a look at the text, which may be one of several lines. */
const CELL_SIGNS: Uint8Array = PLAIN_SIGNS.map((sign) => ((sign & FORBIDDEN) === 0 ? sign : ESCAPED));
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
  readonly columns: RowColumns | undefined;
  readonly details: DetailsScanner;
  readonly delimiter: number;
}

/** Walks the bytes of rows as PostgreSQL, MariaDB and spreadsheets write them, the details of each together with its cells. */
export class CsvScanner implements LineScanner {
  readonly #values = new RowValues();
  readonly #formats: readonly ProductFormat[];
  readonly #findControl: FindLineControl;
  #tables = new Map<string, Table>();
  #head: TableHead | undefined;
  #table: Table | undefined;
  #bytes: Uint8Array = new Uint8Array();
  /** The row that was walked last: where it is, and what. */
  #start = -1;
  #end = -1;
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
    this.#end = -1;
    const key = [head.delimiter, ...head.columns].join('\n');
    const known = this.#tables.get(key);
    this.#table = known ?? this.#makeTable(head);
    if (known) return;
    if (this.#tables.size >= MAX_TABLES) this.#tables.clear();
    this.#tables.set(key, this.#table);
  }

  mayBegin(): boolean {
    return this.#table?.columns !== undefined;
  }

  /** Index behind the row that begins at `start` and its line break; -1 when it is not for this way, or not whole before `stop`. */
  rowEnd(bytes: Uint8Array, start: number, stop: number): number {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = this.#walk(bytes, start, stop);
    const columns = this.#table?.columns;
    this.#shape = this.#end === -1 || !columns ? undefined : rowShape(columns, this.#values, bytes);
    return this.#shape ? this.#end : -1;
  }

  scan(bytes: Uint8Array, start: number, end: number): LineShape | undefined {
    const isKnown = bytes === this.#bytes && start === this.#start && end === this.#end;
    if (!isKnown && this.rowEnd(bytes, start, end) !== end) return undefined;
    return this.#shape;
  }

  text(index: number): string | undefined {
    const { texts, starts, ends } = this.#values;
    return texts[index] ?? CSV.read(utf8Text(this.#bytes, starts[index] ?? 0, ends[index] ?? 0));
  }

  tidy(): void {
    for (const { columns } of this.#tables.values()) if (columns) tidyRows(columns);
  }

  #makeTable({ columns: names, delimiter }: TableHead): Table {
    const columns = rowColumns(names, this.#formats, this.#findControl);
    const details = new DetailsScanner(CSV, columns?.encodedPrefix);
    return { columns, details, delimiter: delimiter.charCodeAt(0) };
  }

  #walk(bytes: Uint8Array, start: number, stop: number): number {
    const { columns, delimiter } = this.#table ?? {};
    if (!columns || delimiter === undefined) return -1;
    const values = this.#values;
    const { length } = columns.tokens;
    values.begin(length);
    let at = start;
    for (let index = 0; index < length; index += 1) {
      if (bytes[at] !== QUOTE) at = this.#bare(bytes, at, stop, index);
      else if (index === columns.details && bytes[at + 1] !== QUOTE) at = this.#details(bytes, at + 1, stop, index);
      else at = this.#quoted(bytes, at + 1, stop, index);
      if (at === -1 || at >= stop) return -1;
      if (index < length - 1 && bytes[at] !== delimiter) return -1;
      if (index < length - 1) at += 1;
    }
    if (bytes[at] === CR) at += 1;
    return at < stop && bytes[at] === LF ? at + 1 : -1;
  }

  /** Notes an unquoted cell; gives the index of what stands behind it. */
  #bare(bytes: Uint8Array, start: number, stop: number, index: number): number {
    const delimiter = this.#table?.delimiter ?? 0;
    let at = start;
    let found = 0;
    for (; at < stop; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === delimiter || byte === LF) break;
      const sign = PLAIN_SIGNS[byte] ?? 0;
      if (byte === QUOTE || (byte === BACKSLASH && delimiter === TAB)) return -1;
      if ((sign & FORBIDDEN) !== 0) {
        if (byte !== CR || bytes[at + 1] !== LF) return -1;
        break;
      }
      found |= sign;
    }
    if (this.#isNull(bytes, start, at)) {
      this.#values.note(index, at, at, 0, NULL, 0);
      return at;
    }
    // Details that are not quoted are in no form that is known here.
    const filling = index === this.#table?.columns?.details ? -1 : fillingOfBytes(bytes, start, at);
    if (filling === -1) return -1;
    this.#values.note(index, start, at, found, TEXT, filling);
    return at;
  }

  #isNull(bytes: Uint8Array, start: number, end: number): boolean {
    if (end === start) return true;
    if (end - start === 2) return bytes[start] === BACKSLASH && bytes[start + 1] === LETTER_N;
    if (end - start !== NULL_WORD.length) return false;
    for (let at = 0; at < NULL_WORD.length; at += 1) if (bytes[start + at] !== NULL_WORD[at]) return false;
    return true;
  }

  #quoted(bytes: Uint8Array, start: number, stop: number, index: number): number {
    let at = start;
    let found = 0;
    for (; at < stop; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte !== QUOTE) found |= CELL_SIGNS[byte] ?? 0;
      else if (bytes[at + 1] === QUOTE) {
        at += 1;
        found |= ESCAPED | TELLING;
      } else break;
    }
    const filling = fillingOfBytes(bytes, start, at);
    if (filling === -1 || (filling === 2 && index === this.#table?.columns?.details)) return -1;
    this.#values.note(index, start, at, found, TEXT, filling);
    return at + 1;
  }

  #details(bytes: Uint8Array, start: number, stop: number, index: number): number {
    const end = this.#table?.details.scan(bytes, start, stop, this.#values) ?? -1;
    if (end === -1 || bytes[end] !== QUOTE) return -1;
    this.#values.note(index, start, end, ESCAPED | TELLING, TEXT, 2);
    return end + 1;
  }
}
