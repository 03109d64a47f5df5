import type { Limits } from '../limits.ts';
import type { Entry, Form, FormReader } from './form.ts';
import { brokenRow, TOO_LONG_ROW } from './row.ts';
import { createUnitReader } from './unit-reader.ts';

const NO_JSON = { code: 'malformed_line', message: 'an object of the array is no JSON' } as const;
const encoder = new TextEncoder();

/**
 * A JSON array of objects, as `json_agg` of PostgreSQL, the shell of MySQL and exports of database programs write it: each object is read as a line of its
 * own would be, one at a time, so that an array of any size needs little memory. Several arrays may follow one another.
 */
export const jsonArray: Form = {
  id: 'json-array',
  sniff: (head) => /^\s*\[\s*\{/.test(head) || (/^\s*\[\s*$/.test(head) && head.length < 1024 && 'more'),
  open: createReader,
};

function createReader({ maxRecordBytes }: Limits): FormReader {
  let number = 0;

  return createUnitReader(maxRecordBytes, {
    take(source, entries) {
      const { text } = source;
      let from = text.indexOf('{');
      for (let to = objectEnd(text, from); to !== -1; to = objectEnd(text, from)) {
        number += 1;
        entries.push(entryOf(text.slice(from, to), number, maxRecordBytes));
        from = text.indexOf('{', to);
      }
      // Between objects there are commas and brackets.
      source.drop(from === -1 ? text.length : from);
    },
    isRest: (text) => text.startsWith('{'),
    giveUp() {
      number += 1;
      return number;
    },
  });
}

/** The index behind the object that begins at `from`; -1 while its end has not come. */
function objectEnd(text: string, from: number): number {
  if (from === -1) return -1;
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) {
      at = textEnd(text, at + 1);
      if (at === -1) return -1;
    } else if (sign === OPEN_BRACE) depth += 1;
    else if (sign === CLOSE_BRACE) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

/** The index of the quote that ends a text. */
function textEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) return at;
    if (sign === BACKSLASH) at += 1;
  }
  return -1;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** The object as JSON Lines would have it; of one that is no JSON nothing tells where its secrets are. */
function entryOf(object: string, number: number, maxRecordBytes: number): Entry {
  if (object.length > maxRecordBytes) return brokenRow(number, object.length, TOO_LONG_ROW);
  if (!isJson(object)) return brokenRow(number, object.length, NO_JSON);
  const text = withoutSpace(object);
  return { kind: 'line', frame: { text, position: { number }, byteLength: encoder.encode(object).length } };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** White space between texts and signs is left out. */
function withoutSpace(object: string): string {
  const kept: string[] = [];
  let from = 0;
  for (let at = 0; at < object.length; at += 1) {
    const sign = object.charCodeAt(at);
    if (sign === QUOTE) at = textEnd(object, at + 1);
    else if (isSpace(sign)) {
      if (from < at) kept.push(object.slice(from, at));
      from = at + 1;
    }
  }
  kept.push(object.slice(from));
  return kept.join('');
}

function isSpace(sign: number): boolean {
  return sign === 0x20 || (sign >= 0x09 && sign <= 0x0d);
}
