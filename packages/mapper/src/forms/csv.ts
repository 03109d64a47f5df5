import { C_ESCAPES } from '../decode/c-escapes.ts';
import { MAX_FIELDS } from '../decode/decoded.ts';
import type { Limits } from '../limits.ts';
import { createTextBuilder } from '../text-builder.ts';
import type { ByteSource } from './byte-source.ts';
import { createByteUnitReader } from './byte-unit-reader.ts';
import { csvRowEnd } from './csv-row.ts';
import type { Entry, Form, FormReader, TableHead } from './form.ts';
import { type Cell, rowEntry } from './row.ts';

const LF = 0x0a;

/** A column name: a word, perhaps quoted. */
const COLUMN = /^(?:"[A-Za-z_][A-Za-z0-9_ ]{0,63}"|`[A-Za-z_][A-Za-z0-9_ ]{0,63}`|[A-Za-z_][A-Za-z0-9_]{0,63})$/;
const MIN_COLUMNS = 4;

/** Comma, semicolon or tab separated values with a header line, as PostgreSQL (`\copy … csv header`), MariaDB and spreadsheets write them. */
export const csv: Form = {
  id: 'csv',
  sniff: (head) => header(head) !== undefined,
  open: createReader,
};

function header(head: string): TableHead | undefined {
  const end = head.indexOf('\n');
  const line = (end === -1 ? head : head.slice(0, end)).replace(/\r$/, '');
  for (const delimiter of [',', ';', '\t']) {
    const names = line.split(delimiter);
    if (names.length < MIN_COLUMNS || !names.every((name) => COLUMN.test(name.trim()))) continue;
    const columns = names.map((name) => name.trim().replace(/^["`]|["`]$/g, ''));
    return { delimiter, columns };
  }
  return undefined;
}

function createReader({ maxRecordBytes }: Limits): FormReader {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let head: TableHead | undefined;
  let number = 0;
  /** A row that was given up: its end is looked for at the next line break. */
  let skipping = false;

  /** Reads the header line; what is no table has none, and is left out. */
  function begin(source: ByteSource): void {
    const { bytes, start, end, ended } = source;
    const stop = bytes.subarray(start, end).indexOf(LF);
    if (stop === -1 && !ended) return;
    const line = new TextDecoder('utf-8').decode(bytes.subarray(start, stop === -1 ? end : start + stop + 1));
    head = header(line);
    source.drop(head && stop !== -1 ? start + stop + 1 : end);
  }

  function read(bytes: Uint8Array, from: number, to: number, { columns, delimiter }: TableHead): Entry | undefined {
    const text = decoder.decode(bytes.subarray(from, to));
    const original = text.trimEnd();
    const row = original === '' ? undefined : readRow(text, 0, delimiter, true);
    return row && rowEntry(columns, row.cells, number + 1, original);
  }

  return createByteUnitReader(maxRecordBytes, {
    get number() {
      return number;
    },
    take(source, taker) {
      if (!head) begin(source);
      if (!head) return;
      const { bytes, end: to, ended } = source;
      const delimiter = head.delimiter.charCodeAt(0);
      let from = source.start;
      for (;;) {
        const taken = skipping ? -1 : taker.take(bytes, from, to, number + 1, head);
        if (taken !== -1) {
          number += 1;
          from = taken;
          continue;
        }
        const end = csvRowEnd(bytes, from, to, delimiter, ended);
        if (end === -1) break;
        const entry = skipping ? undefined : read(bytes, from, end, head);
        skipping = false;
        if (entry) {
          number += 1;
          taker.give(entry);
        }
        from = end;
      }
      source.drop(from);
    },
    giveUp() {
      if (skipping) return undefined;
      skipping = true;
      number += 1;
      return number;
    },
  });
}

/** One row from `from` on; undefined when its end has not come yet. A quoted cell may hold anything; a quote in it is doubled (RFC 4180) or, as MariaDB writes it, behind a backslash. An unquoted empty cell, `\N` and `NULL` are null; between tabs, unquoted cells are escaped as `mysql --batch` does. */
export function readRow(
  text: string,
  from: number,
  delimiter: string,
  ended: boolean,
): { cells: Cell[]; to: number } | undefined {
  const cells: Cell[] = [];
  let at = from;
  if (at >= text.length) return undefined;
  for (;;) {
    const quoted = text[at] === '"';
    const cell = quoted ? readQuoted(text, at, ended) : readBare(text, at, delimiter, ended);
    if (!cell) return undefined;
    if (cells.length <= MAX_FIELDS) cells.push(cell.value);
    at = cell.to;
    if (at >= text.length) return ended ? { cells, to: at } : undefined;
    if (text[at] === '\n') return { cells, to: at + 1 };
    at += 1;
  }
}

function readBare(
  text: string,
  from: number,
  delimiter: string,
  ended: boolean,
): { value: Cell; to: number } | undefined {
  let to = from;
  while (to < text.length && text[to] !== delimiter && text[to] !== '\n') to += 1;
  if (to === text.length && !ended) return undefined;
  const raw = text[to] === delimiter ? text.slice(from, to) : text.slice(from, to).replace(/\r$/, '');
  if (raw === '' || raw === '\\N' || raw === 'NULL') return { value: null, to };
  return { value: delimiter === '\t' ? unescaped(raw) : raw, to };
}

/** What `mysql --batch` and PostgreSQL's text format write for signs that end a cell or a line. */
const BATCH_ESCAPES: ReadonlyMap<string, string> = new Map([...C_ESCAPES, ['0', '\0'], ['\\', '\\']]);

/** The text without its escapes, when all its backslashes are of escapes: elsewhere they are the text's own. */
function unescaped(raw: string): string {
  if (!raw.includes('\\') || raw.replace(/\\[\\bfnrtv0]/g, '').includes('\\')) return raw;
  return raw.replace(/\\(.)/g, (_, sign: string) => BATCH_ESCAPES.get(sign) ?? sign);
}

function readQuoted(text: string, from: number, ended: boolean): { value: Cell; to: number } | undefined {
  const value = createTextBuilder();
  let start = from + 1;
  for (;;) {
    const quote = text.indexOf('"', start);
    if (quote === -1 && !ended) return undefined;
    if (quote === -1) {
      value.add(text.slice(start));
      return { value: value.text(), to: text.length };
    }
    if (quote + 1 >= text.length && !ended) return undefined;
    if (text[quote + 1] === '"') {
      value.add(text.slice(start, quote + 1));
      start = quote + 2;
    } else if (quote > start && text[quote - 1] === '\\' && !closes(text, quote + 1)) {
      value.add(`${text.slice(start, quote - 1)}"`);
      start = quote + 1;
    } else {
      value.add(text.slice(start, quote));
      const to = text.startsWith('\r\n', quote + 1) ? quote + 2 : quote + 1;
      return { value: value.text(), to: skipToDelimiter(text, to) };
    }
  }
}

/** What follows a closing quote: a delimiter or the end of the line. */
function closes(text: string, at: number): boolean {
  return at >= text.length || [',', ';', '\t', '\n', '\r'].includes(text.charAt(at));
}

/** Passes over what a careless writer put between a closing quote and the delimiter. */
function skipToDelimiter(text: string, from: number): number {
  let at = from;
  while (at < text.length && !closes(text, at)) at += 1;
  return at;
}
