import { C_ESCAPES } from '../decode/c-escapes.ts';
import { MAX_FIELDS } from '../decode/decoded.ts';
import type { Limits } from '../limits.ts';
import { createTextBuilder } from '../text-builder.ts';
import type { Form, FormReader } from './form.ts';
import { type Cell, rowEntry } from './row.ts';
import { createUnitReader } from './unit-reader.ts';

const START =
  /^(?:--|\/\*|\\(?:restrict|connect)|(?:SET|INSERT INTO|COPY|CREATE TABLE|DROP TABLE|LOCK TABLES|BEGIN|START TRANSACTION|USE)\b)/i;
const TABLE_DATA = /^(?:INSERT INTO|COPY|CREATE TABLE)\b/im;

/** What journalctl prints between entries begins like a comment. */
const JOURNAL_REMARK = /^-- (?:Journal|Logs|Reboot|Boot|No entries|cursor)/;

/** A database dump: `INSERT` and `COPY` of `pg_dump`, `INSERT` of mysqldump and mariadb-dump. Only rows are taken; no statement is ever run. */
export const sql: Form = {
  id: 'sql',
  sniff: (head) => START.test(head) && !JOURNAL_REMARK.test(head) && (TABLE_DATA.test(head) || 'more'),
  open: createReader,
};

/** Longest beginning of a `CREATE TABLE` that is looked at. */
const MAX_DEFINITIONS = 65_536;

/** Columns of `CREATE TABLE`, for an INSERT that names none. */
type Tables = Map<string, readonly string[]>;

interface Target {
  readonly columns: readonly string[];
  readonly copy: boolean;
}

/** A unit of the dump: how far it goes, and what came of it. Undefined: its end has not come yet. */
type Unit = { readonly to: number; readonly cells?: readonly Cell[]; readonly target?: Target | null } | undefined;

function createReader({ maxRecordBytes }: Limits): FormReader {
  const tables: Tables = new Map();
  let target: Target | null = null;
  /** Strings of this dump have backslash escapes. */
  let backslashes = false;
  let number = 0;

  function next(text: string, from: number, ended: boolean): Unit {
    if (target?.copy) return copyLine(text, from, ended);
    if (target) return tuple(text, from, backslashes);
    return statement(text, from, ended);
  }

  function statement(text: string, from: number, ended: boolean): Unit {
    const at = skipBlanks(text, from);
    if (at >= text.length) return undefined;
    if (text.startsWith('--', at) || text[at] === '\\' || text[at] === '#') return comment(text, at, ended);
    const end = endOfStatement(text, at, backslashes);
    const head = text.slice(at, end ?? Math.min(text.length, at + 16_384));
    const insert =
      /^(?:INSERT|REPLACE)\s+(?:IGNORE\s+)?INTO\s+([^\s(]{1,400})(?:\s*\(([^)]{1,8000})\))?\s*VALUES\s*/i.exec(head);
    if (insert) return { to: at + insert[0].length, target: { columns: columnsOf(insert[1], insert[2]), copy: false } };
    if (end === undefined) return undefined;
    const copy = /^COPY\s+([^\s(]{1,400})\s*\(([^)]{1,8000})\)\s+FROM\s+stdin\b/i.exec(head);
    const line = text.indexOf('\n', end);
    if (copy)
      return line === -1 ? undefined : { to: line + 1, target: { columns: columnsOf(copy[1], copy[2]), copy: true } };
    remember(head);
    return { to: end };
  }

  function comment(text: string, at: number, ended: boolean): Unit {
    const end = text.indexOf('\n', at);
    if (end === -1 && !ended) return undefined;
    const line = text.slice(at, end === -1 ? text.length : end);
    if (/MySQL dump|MariaDB dump/i.test(line)) backslashes = true;
    return { to: end === -1 ? text.length : end + 1 };
  }

  function columnsOf(table: string | undefined, list: string | undefined): readonly string[] {
    return list === undefined ? (tables.get(bareName(table ?? '')) ?? []) : list.split(',').map(bareName);
  }

  function remember(head: string): void {
    const create = /^CREATE TABLE\s+(?:IF NOT EXISTS\s+)?([^\s(]{1,400})\s*\(/i.exec(head);
    if (!create || tables.size >= 1000) return;
    if (head.includes('`')) backslashes = true;
    tables.set(bareName(create[1] ?? ''), columnNames(head.slice(create[0].length, MAX_DEFINITIONS)));
  }

  return createUnitReader(maxRecordBytes, {
    take(source, entries) {
      let from = 0;
      for (let unit = next(source.text, from, source.ended); unit; unit = next(source.text, from, source.ended)) {
        if (unit.cells) {
          number += 1;
          entries.push(rowEntry(target?.columns ?? [], unit.cells, number, source.text.slice(from, unit.to).trim()));
        }
        if (unit.target !== undefined) target = unit.target;
        from = unit.to;
      }
      source.drop(from);
    },
    isRest: (text) => text.trim() !== '',
    giveUp() {
      const within = target !== null;
      target = null;
      if (!within) return undefined;
      number += 1;
      return number;
    },
  });
}

/** `public."timestamp"` → `timestamp`. */
function bareName(name: string): string {
  const plain = name.trim().replace(/["`[\]]/g, '');
  return plain.slice(plain.lastIndexOf('.') + 1);
}

/** Names of the column definitions; keys and constraints are none. */
function columnNames(definitions: string): string[] {
  return definitions
    .split('\n')
    .flatMap((line) => /^\s*([`"]?[A-Za-z_][A-Za-z0-9_]*[`"]?)\s+[a-z]/i.exec(line)?.[1] ?? [])
    .filter((name) => !/^(?:PRIMARY|KEY|UNIQUE|CONSTRAINT|INDEX|FULLTEXT|FOREIGN|CHECK)$/i.test(name))
    .map(bareName);
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\s;]/.test(text.charAt(at))) at += 1;
  return at;
}

/** Index behind the `;` that ends a statement, or undefined. Comments and strings are passed over. */
function endOfStatement(text: string, from: number, backslashes: boolean): number | undefined {
  let at = from;
  while (at < text.length) {
    const sign = text[at];
    if (sign === ';') return at + 1;
    if (sign === "'" || sign === '"' || sign === '`') {
      const end = endOfString(text, at, backslashes && sign !== '`');
      if (end === undefined) return undefined;
      at = end;
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at);
      if (end === -1) return undefined;
      at = end + 2;
    } else at += 1;
  }
  return undefined;
}

/** Index behind the closing quote; a doubled quote stays inside. */
function endOfString(text: string, from: number, backslashes: boolean): number | undefined {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at += 1) {
    if (backslashes && text[at] === '\\') at += 1;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1 < text.length ? at + 1 : undefined;
      at += 1;
    }
  }
  return undefined;
}

/** A line of `COPY … FROM stdin`; `\.` ends the data. */
function copyLine(text: string, from: number, ended: boolean): Unit {
  const end = text.indexOf('\n', from);
  if (end === -1 && !(ended && from < text.length)) return undefined;
  const to = end === -1 ? text.length : end + 1;
  const line = text.slice(from, end === -1 ? text.length : end).replace(/\r$/, '');
  if (line === '\\.') return { to, target: null };
  const cells = line.split('\t', MAX_FIELDS + 1);
  return { to, cells: cells.map((cell) => (cell === '\\N' ? null : unescaped(cell, C_ESCAPES))) };
}

/** `('a', NULL, 5)` of an INSERT, with the comma or semicolon behind it. */
function tuple(text: string, from: number, backslashes: boolean): Unit {
  const open = skipBlanks(text, from);
  if (open >= text.length) return undefined;
  if (text[open] !== '(') return { to: open, target: null };
  const cells: Cell[] = [];
  let at = open + 1;
  for (;;) {
    const value = readValue(text, at, backslashes);
    if (!value) return undefined;
    if (cells.length <= MAX_FIELDS) cells.push(value.cell);
    at = value.to;
    if (text[at] === ')') break;
    at += 1;
  }
  let end = at + 1;
  while (end < text.length && /\s/.test(text.charAt(end))) end += 1;
  if (end >= text.length) return undefined;
  if (text[end] === ',') return { to: end + 1, cells };
  // The row is taken with the target still set; the semicolon ends it when the next unit begins.
  return text[end] === ';' ? { to: end + 1, cells, target: null } : { to: end, cells };
}

function readValue(text: string, from: number, backslashes: boolean): { cell: Cell; to: number } | undefined {
  let at = from;
  while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
  const prefix = /^(?:E|N|_utf8mb4 ?|_binary ?)?(?=')/i.exec(text.slice(at, at + 12))?.[0] ?? '';
  if (text[at + prefix.length] === "'") return readString(text, at + prefix.length, backslashes || /^E$/i.test(prefix));
  let to = at;
  while (to < text.length && text[to] !== ',' && text[to] !== ')') to += 1;
  if (to >= text.length) return undefined;
  const bare = text.slice(at, to).trim();
  return { cell: /^null$/i.test(bare) ? null : bare, to };
}

function readString(text: string, at: number, escapes: boolean): { cell: Cell; to: number } | undefined {
  const end = endOfString(text, at, escapes);
  if (end === undefined) return undefined;
  const raw = text.slice(at + 1, end - 1).replaceAll("''", "'");
  let to = end;
  while (to < text.length && text[to] !== ',' && text[to] !== ')') to += 1;
  return to >= text.length ? undefined : { cell: escapes ? unescaped(raw, STRING_ESCAPES) : raw, to };
}

const STRING_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['b', '\b'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['Z', '\u001a'],
]);

/** Other signs behind a backslash stand for themselves. */
function unescaped(text: string, escapes: ReadonlyMap<string, string>): string {
  if (!text.includes('\\')) return text;
  const plain = createTextBuilder();
  let from = 0;
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', from)) {
    const sign = text.charAt(at + 1);
    plain.add(text.slice(from, at) + (escapes.get(sign) ?? sign));
    from = at + 2;
  }
  plain.add(text.slice(from));
  return plain.text();
}
