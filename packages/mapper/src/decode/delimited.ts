import type { DelimitedFormat } from '@cryptrail/catalogue';
import type { Issue } from '../issue.ts';
import type { FieldValue } from '../records.ts';
import type { Decoded } from './decoded.ts';
import { decodeText } from './encoded-text.ts';
import { createOpenDetails, isDetailKey, type OpenDetails } from './open-details.ts';
import { hasShape } from './text-shape.ts';

/**
 * Reads `time;EVENT;STATUS;…;last column;key=value;key=value`. Nothing is escaped in such a line but distinguished names, which may stand in any
 * detail: a text without a key, or behind a backslash, belongs to the value before it. `announced`: something outside the message
 * says that it is a record of this format, so that a line cut between two columns is still read as far as it goes.
 *
 * Undefined: the message is no record of this format.
 */
export function decodeDelimited(message: string, rule: DelimitedFormat, announced = false): Decoded | undefined {
  const spaced = isSpaced(message, rule);
  const columns = columnsOf(firstText(message, rule), rule);
  const { texts, ends } = readTexts(message, columns, spaced, rule);
  const issues: Issue[] = [];
  const cut = texts.length < columns.length;
  if (cut) {
    // The last text of a cut line may have lost its end, so it is not believed; what is left must still tell the event.
    texts.pop();
    const needed = columns.findIndex((column) => rule.shapes[column] === 'upper_name') + 1;
    if (!announced || texts.length < Math.max(needed, 1)) return undefined;
    issues.push({ code: 'truncated_upstream', message: `the line ends after ${texts.length} whole columns` });
  }
  if (!columns.every((column, at) => at >= texts.length || fitsColumn(column, texts[at] ?? '', rule))) return undefined;

  const fields = new Map<string, FieldValue>();
  const firstDetail = shiftedAt(texts, columns, rule);
  const known = firstDetail ?? Math.min(columns.length, texts.length);
  for (let at = 0; at < known; at += 1) {
    const column = columns[at];
    if (column !== undefined) fields.set(column, fieldValue(texts[at] ?? '', rule));
  }
  const details = createOpenDetails(message);
  const lastEnd = ends[known - 1];
  if (!cut && lastEnd !== undefined)
    readDetails({ message, from: lastEnd + rule.delimiter.length, spaced }, columns[known - 1], fields, details, rule);
  if (firstDetail !== undefined || (texts.length > known && !isPair(texts[known] ?? '', rule)))
    issues.push(HOLDS_DELIMITER);
  return { fields, details: details.finish((text) => detailValue(spaced ? text.trim() : text, rule), issues), issues };
}

/** Said of a record in which it is not certain where columns end. */
export const HOLDS_DELIMITER: Issue = { code: 'unknown_field_order', message: 'a column holds the delimiter' };

/** Web pages and some shippers put a blank behind each delimiter; the product does not. */
function isSpaced(message: string, { delimiter }: DelimitedFormat): boolean {
  let at = message.indexOf(delimiter);
  if (at === -1) return false;
  for (; at !== -1; at = message.indexOf(delimiter, at + delimiter.length)) {
    const next = at + delimiter.length;
    if (next < message.length && message[next] !== ' ' && !message.startsWith(delimiter, next)) return false;
  }
  return true;
}

function firstText(message: string, { delimiter }: DelimitedFormat): string {
  const end = message.indexOf(delimiter);
  return end === -1 ? message : message.slice(0, end);
}

/** The columns of this line: without the first one when it may be missing and the text in its place is the second. */
function columnsOf(text: string, rule: DelimitedFormat): readonly string[] {
  const [first, second] = rule.columns;
  if (!rule.firstOptional || first === undefined || second === undefined) return rule.columns;
  return !fitsColumn(first, text, rule) && fitsColumn(second, text, rule) ? rule.columns.slice(1) : rule.columns;
}

/** The texts of the columns and the one behind them, and where each ends. An escaped delimiter does not end a column that may hold one. */
function readTexts(
  message: string,
  columns: readonly string[],
  spaced: boolean,
  { delimiter, escaped }: DelimitedFormat,
): { readonly texts: string[]; readonly ends: number[] } {
  const texts: string[] = [];
  const ends: number[] = [];
  for (let at = 0; at <= message.length && texts.length <= columns.length; ) {
    let end = endOfText(message, at, delimiter);
    const mayHold = escaped?.includes(columns[texts.length] ?? '') ?? false;
    while (mayHold && end < message.length && endsInEscape(message, at, end))
      end = endOfText(message, end + delimiter.length, delimiter);
    const text = message.slice(at, end);
    texts.push(spaced ? text.trim() : text);
    ends.push(end);
    at = end + delimiter.length;
  }
  return { texts, ends };
}

function endOfText(message: string, from: number, delimiter: string): number {
  const end = message.indexOf(delimiter, from);
  return end === -1 ? message.length : end;
}

/** An odd number of backslashes before `end`: the last one is no escaped backslash. */
function endsInEscape(message: string, from: number, end: number): boolean {
  let at = end;
  while (at > from && message.charCodeAt(at - 1) === 0x5c) at -= 1;
  return (end - at) % 2 === 1;
}

function fitsColumn(column: string, text: string, { shapes }: DelimitedFormat): boolean {
  const shape = Object.hasOwn(shapes, column) ? shapes[column] : undefined;
  return shape === undefined || hasShape(text, shape);
}

/** Where the columns end when one of them has not its usual form although further texts follow: from there on no place is certain. */
function shiftedAt(texts: readonly string[], columns: readonly string[], rule: DelimitedFormat): number | undefined {
  const next = texts[columns.length];
  if (next === undefined || isPair(next, rule) || !rule.expected) return undefined;
  const odd = columns.findIndex((column, at) => {
    const shape = rule.expected?.[column];
    const text = texts[at] ?? '';
    return shape !== undefined && !isAbsent(text, rule) && !hasShape(text, shape);
  });
  return odd === -1 ? undefined : odd;
}

function isPair(text: string, rule: DelimitedFormat): boolean {
  return keyLength(text, rule) !== -1;
}

/** Length of the key with which the text begins, or -1. */
function keyLength(text: string, { detailSeparator, keyPrefixes }: DelimitedFormat): number {
  const end = text.indexOf(detailSeparator);
  return end !== -1 && isDetailKey(text.slice(0, end), keyPrefixes) ? end : -1;
}

/** Where the details stand. */
interface Tail {
  readonly message: string;
  readonly from: number;
  readonly spaced: boolean;
}

function readDetails(
  { message, from, spaced }: Tail,
  lastColumn: string | undefined,
  fields: Map<string, FieldValue>,
  details: OpenDetails,
  rule: DelimitedFormat,
): void {
  let tail = -1;
  let escaped = false;
  for (let at = from; at <= message.length && !details.full; ) {
    const end = endOfText(message, at, rule.delimiter);
    let start = at;
    while (spaced && start < end && message[start] === ' ') start += 1;
    const text = message.slice(start, end);
    const length = escaped ? -1 : keyLength(text, rule);
    if (length !== -1) details.add(text.slice(0, length), start + length + rule.detailSeparator.length, end);
    else if (!details.extend(end)) tail = end;
    escaped = endsInEscape(message, start, end);
    at = end + rule.delimiter.length;
  }
  if (tail === -1 || lastColumn === undefined) return;
  const before = fields.get(lastColumn)?.text ?? '';
  fields.set(lastColumn, { kind: 'text', text: before + rule.delimiter + message.slice(from, tail) });
}

function isAbsent(text: string, { absent }: DelimitedFormat): boolean {
  return text === '' || (absent?.includes(text) ?? false);
}

function fieldValue(text: string, rule: DelimitedFormat): FieldValue {
  return { kind: isAbsent(text, rule) ? 'null' : 'text', text };
}

function detailValue(text: string, rule: DelimitedFormat): FieldValue {
  const value = fieldValue(text, rule);
  return rule.encodedPrefix === undefined ? value : { ...value, text: decodeText(text, rule.encodedPrefix) };
}
