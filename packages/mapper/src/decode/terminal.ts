import type { TerminalFormat } from '@cryptrail/catalogue';
import type { FieldValue } from '../records.ts';
import { type Decoded, type Decoding, MAX_FIELDS, reportOnce, TOO_MANY_FIELDS } from './decoded.ts';
import { readGoQuoted } from './go-quote.ts';

/** `ESC[33mWARNESC[0m[2024-09-17T08:00:52Z] ` or `WARN[0042] `. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are switched by ESC
const START = /^(?:\u001b\[\d{1,2}m)?([A-Z]{4})(?:\u001b\[0m)?\[([^\]\s]{1,40})\] ?/;
/** A coloured key may hold blanks; no key that a program logs is longer than this. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are switched by ESC
const COLOURED_KEY = /\u001b\[\d{1,2}m([^\u001b]{1,200})\u001b\[0m=/y;
const PLAIN_KEY = /([^\s=]{1,200})=(?=[^\s])/y;
/** A value that Go's logrus prints without quotes. */
const BARE = /[A-Za-z0-9._/@^+-]*/y;

/**
 * Reads a line that Go's logrus wrote on a terminal. Undefined when it does not begin with a level and brackets.
 *
 *     WARN[0042] a message padded with blanks                client_id="app one" code=587
 *
 * The message is not quoted: the pairs are the longest end of the line that is nothing but pairs, coloured ones when the level is. Without colours
 * an empty value is part of the message, because base64 ends in `=`, too. Brackets with digits alone count the seconds since
 * the program started, which is no time; they are kept as a detail.
 */
export function decodeTerminal(text: string, { header }: TerminalFormat): Decoded | undefined {
  const start = START.exec(text);
  if (!start) return undefined;
  const [whole, level = '', stamp = ''] = start;
  const [levelName, timeName, messageName] = header;
  const decoded: Decoding = { fields: new Map([[levelName, textValue(level)]]), details: new Map(), issues: [] };
  if (/^\d+$/.test(stamp)) decoded.details.set('elapsed_seconds', textValue(String(Number(stamp))));
  else decoded.fields.set(timeName, textValue(stamp));
  const { at, pairs } = findPairs(text, whole.length, whole.startsWith('\u001b') ? COLOURED_KEY : PLAIN_KEY);
  decoded.fields.set(messageName, textValue(text.slice(whole.length, at).trimEnd()));
  if (pairs.length > MAX_FIELDS) reportOnce(decoded.issues, TOO_MANY_FIELDS);
  for (const [key, value] of pairs.slice(0, MAX_FIELDS)) {
    const isTaken = decoded.fields.has(key);
    (isTaken ? decoded.details : decoded.fields).set(key, textValue(value));
  }
  return decoded;
}

interface Pair {
  readonly key: string;
  readonly value: string;
  readonly end: number;
}

/** Where the pairs begin that run to the end of the line, and what they are. A text that breaks the row makes a new beginning. */
function findPairs(text: string, from: number, keys: RegExp): { at: number; pairs: (readonly [string, string])[] } {
  const end = text.trimEnd().length;
  let at = end;
  let pairs: (readonly [string, string])[] = [];
  for (let next = text.indexOf(' ', from); next !== -1 && next < end; ) {
    const pair = readPair(text, next + 1, end, keys);
    if (pair) {
      if (pairs.length === 0) at = next;
      if (pairs.length <= MAX_FIELDS) pairs.push([pair.key, pair.value]);
      next = pair.end;
      continue;
    }
    pairs = [];
    next = text.indexOf(' ', next + 1);
  }
  return pairs.length === 0 ? { at: end, pairs } : { at, pairs };
}

/** One pair, with a blank or the end of the line behind it. */
function readPair(text: string, at: number, lineEnd: number, keys: RegExp): Pair | undefined {
  const found = matchAt(keys, text, at);
  if (!found) return undefined;
  const [whole, key = ''] = found;
  const { value, end } = readValue(text, at + whole.length);
  if (end > lineEnd || (end < lineEnd && text.charAt(end) !== ' ')) return undefined;
  return { key, value, end };
}

function readValue(text: string, at: number): { value: string; end: number } {
  if (text.charAt(at) === '"') {
    const { value, end, whole } = readGoQuoted(text, at);
    // No end fits a text that is not closed.
    return { value, end: whole ? end : text.length + 1 };
  }
  const value = matchAt(BARE, text, at)?.[0] ?? '';
  return { value, end: at + value.length };
}

function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at;
  return sticky.exec(text);
}

function textValue(text: string): FieldValue {
  return { kind: 'text', text };
}
