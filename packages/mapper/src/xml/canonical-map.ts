import type { JavaValue } from './java-value.ts';
import { decodeEntities } from './tokens.ts';

/** What stands before a map's class, behind it, and around its entries, as `java.beans.XMLEncoder` writes them. */
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n<java version="';
const DECODER = '" class="java.beans.XMLDecoder">\n <object class="';
const OPENED = '">\n';
const PUT = '  <void method="put">\n   <string>';
const BETWEEN = '</string>\n   ';
const STRING = '<string>';
const STRING_END = '</string>';
const NULL = '<null/>';
const PUT_END = '\n  </void>\n';
const END = ' </object>\n</java>\n';
const MAX_VERSION = 64;
const MAX_CLASS = 128;
/** Longer maps are left to the reader of the whole language, which counts. */
const MAX_ENTRIES = 4096;

/**
 * The map of strings and nulls in a text that stands exactly as the encoder writes it, at a fraction of the cost; undefined for any other text, which the reader of the
 * whole language decides on. `isMap`: whether a class is one of the maps that are known.
 */
export function readCanonicalMap(text: string, isMap: (type: string) => boolean): JavaValue | undefined {
  let at = bodyStart(text, isMap);
  if (at === -1) return undefined;
  const entries: [string, JavaValue][] = [];
  while (text.startsWith(PUT, at)) {
    const keyEnd = text.indexOf('<', at + PUT.length);
    const key = keyEnd === -1 ? undefined : decodeEntities(text.slice(at + PUT.length, keyEnd));
    if (key === undefined || !text.startsWith(BETWEEN, keyEnd) || entries.length >= MAX_ENTRIES) return undefined;
    at = keyEnd + BETWEEN.length;
    if (text.startsWith(NULL, at)) {
      entries.push([key, { kind: 'null' }]);
      at += NULL.length;
    } else {
      const end = text.startsWith(STRING, at) ? text.indexOf('<', at + STRING.length) : -1;
      const value = end === -1 ? undefined : decodeEntities(text.slice(at + STRING.length, end));
      if (value === undefined || !text.startsWith(STRING_END, end)) return undefined;
      entries.push([key, { kind: 'string', text: value }]);
      at = end + STRING_END.length;
    }
    if (!text.startsWith(PUT_END, at)) return undefined;
    at += PUT_END.length;
  }
  return text.startsWith(END, at) && at + END.length === text.length ? { kind: 'map', entries } : undefined;
}

/** Where the first entry begins; -1 when the text is in another form. */
function bodyStart(text: string, isMap: (type: string) => boolean): number {
  if (!text.startsWith(DECLARATION)) return -1;
  const version = text.indexOf('"', DECLARATION.length);
  if (version === -1 || version - DECLARATION.length > MAX_VERSION || !text.startsWith(DECODER, version)) return -1;
  if (/[<&]/.test(text.slice(DECLARATION.length, version))) return -1;
  const start = version + DECODER.length;
  const end = text.indexOf('"', start);
  if (end === -1 || end - start > MAX_CLASS || !text.startsWith(OPENED, end)) return -1;
  return isMap(text.slice(start, end)) ? end + OPENED.length : -1;
}
