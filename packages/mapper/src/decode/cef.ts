import type { CefFormat } from '@cryptrail/catalogue';
import type { FieldValue } from '../records.ts';
import { createTextBuilder } from '../text-builder.ts';
import { type Decoded, type Decoding, MAX_FIELDS, reportOnce, TOO_MANY_FIELDS } from './decoded.ts';
import { readGoQuoted } from './go-quote.ts';

/** `CEF:0|` and later versions of the same paper. */
const PREFIX = /^CEF:\d{1,2}\|/;

/**
 * Reads an ArcSight CEF line: header columns between `|`, then an extension of `key=value` pairs. Undefined when it does not begin with `CEF:0|`.
 *
 *     CEF:0|vendor|service|1.2.3|587|a message \= with an escape|3|client_id=app one unixTime=1726560000.950
 *
 * A value may hold blanks: every `=` that is not escaped ends a key, and the key is the word before it, or a text in Go's quotes. A header
 * cut before its last column keeps what is there and makes an issue. An extension key with the name of a header column goes to the details,
 * so that it cannot pass for the column; of another repeated key the last counts.
 */
export function decodeCef(text: string, rule: CefFormat): Decoded | undefined {
  const prefix = PREFIX.exec(text);
  if (!prefix) return undefined;
  const decoded: Decoding = { fields: new Map(), details: new Map(), issues: [] };
  const extension = readHeader(text, prefix[0].length, rule, decoded);
  if (extension === undefined)
    decoded.issues.push({ code: 'malformed_line', message: 'the CEF header is not complete' });
  else readExtension(text, extension, rule, decoded);
  return decoded;
}

/** Index of the extension, or undefined when the header ends too early. */
function readHeader(
  text: string,
  start: number,
  { header, escapes }: CefFormat,
  { fields }: Decoding,
): number | undefined {
  let at = start;
  for (const name of header) {
    const end = findUnescaped(text, '|', at);
    const value = unescapeCef(text.slice(at, end === -1 ? text.length : end), 'header', escapes);
    fields.set(name, textValue(value === ' ' ? '' : value));
    if (end === -1) return undefined;
    at = end + 1;
  }
  return at;
}

/** Walks the extension once: `key` is the open pair, its value ends where the next key begins. */
function readExtension(text: string, start: number, rule: CefFormat, decoded: Decoding): void {
  const goQuoted = rule.escapes === 'goquoted';
  let key: string | undefined;
  let valueStart = start;
  let wordStart = start;
  let at = start;
  while (at < text.length) {
    const sign = text.charAt(at);
    const quoted = goQuoted && sign === '"' && at === wordStart ? readQuotedKey(text, at) : undefined;
    if (quoted || sign === '=') {
      if (key !== undefined) addPair(key, text.slice(valueStart, wordStart), rule, decoded);
      key = quoted ? quoted.key : text.slice(wordStart, at);
      at = quoted ? quoted.end : at + 1;
      valueStart = at;
      // `a=b=c`: an empty value of `a`, then `b=c`, because in a value the sign would be escaped.
      wordStart = at;
    } else if (sign === '\\') at += 2;
    else {
      at += 1;
      if (sign === ' ') wordStart = at;
    }
  }
  if (key !== undefined) addPair(key, text.slice(valueStart), rule, decoded);
  else if (text.slice(start).trim() !== '') {
    decoded.issues.push({ code: 'malformed_line', message: 'the CEF extension is no key=value' });
    decoded.details.set('unread', textValue(text.slice(start)));
  }
}

/** `"Key ID"=`: quotes with the sign right behind them. In a value the sign would be escaped, so no value can look like this. */
function readQuotedKey(text: string, at: number): { readonly key: string; readonly end: number } | undefined {
  const { value, end, whole } = readGoQuoted(text, at);
  return whole && text.charAt(end) === '=' ? { key: value, end: end + 1 } : undefined;
}

function addPair(name: string, raw: string, rule: CefFormat, { fields, details, issues }: Decoding): void {
  const { escapes } = rule;
  const header: readonly string[] = rule.header;
  const key = unescapeCef(name, 'extension', escapes);
  // One blank separates the pairs and one ends the line; an empty value is printed as one blank more.
  const cut = raw.endsWith(' ') ? raw.slice(0, -1) : raw;
  const value = textValue(cut === ' ' ? '' : unescapeCef(cut, 'extension', escapes));
  if (header.includes(key)) {
    details.set(key, value);
    return;
  }
  const before = fields.get(key);
  if (before === undefined && fields.size >= MAX_FIELDS) {
    reportOnce(issues, TOO_MANY_FIELDS);
    return;
  }
  fields.set(key, value);
  if (before === undefined) return;
  details.set(key, before);
  reportOnce(issues, { code: 'duplicate_field', message: 'a key occurs more than once' });
}

function findUnescaped(text: string, sign: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const here = text.charAt(at);
    if (here === sign) return at;
    if (here === '\\') at += 1;
  }
  return -1;
}

/** A text without its escapes, as the formatters of a part of the line make them. */
export function unescapeCef(text: string, part: 'header' | 'extension', escapes: CefFormat['escapes']): string {
  if (escapes === 'goquoted') return unescapeSigns(text, '\\|=');
  return unescapeSigns(text, part === 'header' ? '\\|' : '\\=nr');
}

/** Drops the backslash before each of `signs`; `n` and `r` stand for line breaks. Other backslashes stay. */
function unescapeSigns(text: string, signs: string): string {
  if (!text.includes('\\')) return text;
  const plain = createTextBuilder();
  let from = 0;
  for (let at = text.indexOf('\\'); at !== -1 && at + 1 < text.length; at = text.indexOf('\\', from)) {
    const sign = text.charAt(at + 1);
    plain.add(text.slice(from, at) + (signs.includes(sign) ? lineBreak(sign) : `\\${sign}`));
    from = at + 2;
  }
  plain.add(text.slice(from));
  return plain.text();
}

function lineBreak(sign: string): string {
  if (sign === 'n') return '\n';
  return sign === 'r' ? '\r' : sign;
}

function textValue(text: string): FieldValue {
  return { kind: 'text', text };
}
