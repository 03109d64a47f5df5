import { createTextBuilder, type TextBuilder } from '../text-builder.ts';
import { C_ESCAPES } from './c-escapes.ts';

/** A text in Go's `%q` form, read. */
export interface GoQuoted {
  readonly value: string;
  /** Index after the closing quote. */
  readonly end: number;
  /** False when the closing quote is missing or an escape is none of Go's. */
  readonly whole: boolean;
}

const SIMPLE: ReadonlyMap<string, string> = new Map([...C_ESCAPES, ['a', '\x07'], ['\\', '\\'], ['"', '"']]);

/** Digits after `\x`, `\u`, `\U`. */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

const REPLACEMENT = '\ufffd';

/**
 * Reads the text between the quotes that begin at `start`, as Go's strconv.Quote wrote it. `\xNN` from 0x80 on stands for a byte that is no UTF-8 and
 * becomes U+FFFD, as in every other format. An unknown escape keeps its characters.
 */
export function readGoQuoted(text: string, start: number): GoQuoted {
  let value: TextBuilder | undefined;
  let whole = true;
  let at = start + 1;
  let from = at;
  while (at < text.length) {
    const sign = text.charAt(at);
    if (sign === '"') return { value: ended(value, text.slice(from, at)), end: at + 1, whole };
    if (sign !== '\\') {
      at += 1;
      continue;
    }
    value ??= createTextBuilder();
    value.add(text.slice(from, at));
    const found = readEscape(text, at + 1);
    value.add(found?.value ?? sign);
    whole &&= found !== undefined;
    at = found?.end ?? at + 1;
    from = at;
  }
  return { value: ended(value, text.slice(from)), end: text.length, whole: false };
}

/** Most texts have no escape and are a slice. */
function ended(before: TextBuilder | undefined, rest: string): string {
  before?.add(rest);
  return before?.text() ?? rest;
}

/** The escape whose letter stands at `at`. */
function readEscape(text: string, at: number): { readonly value: string; readonly end: number } | undefined {
  const letter = text.charAt(at);
  const simple = SIMPLE.get(letter);
  if (simple !== undefined) return { value: simple, end: at + 1 };
  const length = DIGITS.get(letter);
  if (length === undefined) return undefined;
  const code = hexNumber(text, at + 1, length);
  if (code === undefined) return undefined;
  return { value: character(letter, code), end: at + 1 + length };
}

function character(letter: string, code: number): string {
  if (letter === 'x') return code < 0x80 ? String.fromCharCode(code) : REPLACEMENT;
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return isSurrogate || code > 0x10ffff ? REPLACEMENT : String.fromCodePoint(code);
}

/** Exactly `length` hexadecimal digits. */
function hexNumber(text: string, at: number, length: number): number | undefined {
  if (at + length > text.length) return undefined;
  let code = 0;
  for (let index = at; index < at + length; index += 1) {
    const digit = hexDigit(text.charCodeAt(index));
    if (digit === undefined) return undefined;
    code = code * 16 + digit;
  }
  return code;
}

function hexDigit(unit: number): number | undefined {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : undefined;
}
