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
  const split = splitTexts(message, rule);
  const columns = columnsOf(split, rule);
  const texts = joinEscaped(split, columns, rule);
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
  const details = createOpenDetails();
  readDetails(texts, known, columns[known - 1], fields, details, rule);
  if (firstDetail !== undefined || (texts.length > known && !isPair(texts[known] ?? '', rule)))
    issues.push({ code: 'unknown_field_order', message: 'a column holds the delimiter' });
  return { fields, details: details.finish((text) => detailValue(text, rule), issues), issues };
}

/** Web pages and some shippers put a blank behind each delimiter; the product does not. */
function splitTexts(message: string, { delimiter }: DelimitedFormat): string[] {
  const texts = message.split(delimiter);
  const blanks = texts.length > 1 && texts.every((text, at) => at === 0 || text === '' || text.startsWith(' '));
  return blanks ? texts.map((text) => text.trim()) : texts;
}

/** The columns of this line: without the first one when it may be missing and the text in its place is the second. */
function columnsOf(texts: readonly string[], rule: DelimitedFormat): readonly string[] {
  const [first, second] = rule.columns;
  if (!rule.firstOptional || first === undefined || second === undefined) return rule.columns;
  const text = texts[0] ?? '';
  return !fitsColumn(first, text, rule) && fitsColumn(second, text, rule) ? rule.columns.slice(1) : rule.columns;
}

/** Puts a value together again that was split at an escaped delimiter. */
function joinEscaped(texts: string[], columns: readonly string[], { escaped, delimiter }: DelimitedFormat): string[] {
  for (const column of escaped ?? []) {
    const from = columns.indexOf(column);
    let to = from;
    while (to >= 0 && to < texts.length - 1 && endsInEscape(texts[to] ?? '')) to += 1;
    if (to > from) texts.splice(from, to - from + 1, texts.slice(from, to + 1).join(delimiter));
  }
  return texts;
}

/** An odd number of backslashes: the last one is no escaped backslash. */
function endsInEscape(text: string): boolean {
  let backslashes = 0;
  while (text.charCodeAt(text.length - 1 - backslashes) === 0x5c) backslashes += 1;
  return backslashes % 2 === 1;
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

function readDetails(
  texts: readonly string[],
  from: number,
  lastColumn: string | undefined,
  fields: Map<string, FieldValue>,
  details: OpenDetails,
  rule: DelimitedFormat,
): void {
  const tail: string[] = [];
  let escaped = false;
  for (let at = from; at < texts.length; at += 1) {
    const text = texts[at] ?? '';
    const length = escaped ? -1 : keyLength(text, rule);
    if (length !== -1) details.add(text.slice(0, length), text.slice(length + rule.detailSeparator.length));
    else if (!details.append(rule.delimiter + text)) tail.push(text);
    escaped = endsInEscape(text);
  }
  if (tail.length === 0 || lastColumn === undefined) return;
  const before = fields.get(lastColumn)?.text ?? '';
  fields.set(lastColumn, { kind: 'text', text: [before, ...tail].join(rule.delimiter) });
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
