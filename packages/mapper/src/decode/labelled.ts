import type { LabelledFormat } from '@cryptrail/catalogue';
import type { Issue } from '../issue.ts';
import type { FieldValue } from '../records.ts';
import type { Decoded } from './decoded.ts';
import { createOpenDetails, isDetailKey } from './open-details.ts';
import { hasShape } from './text-shape.ts';

/**
 * Reads `START: x; LABEL: value; …; KEY: value; END:123`. Labels with a fixed place come first, in their order; what follows is details, apart from
 * the columns, so that a key written by an attacker never passes for one. Nothing is escaped: a text without a key belongs to the value before it.
 * Values may hold line breaks. A record without its end mark was cut and says so. `announced`: something outside the message says that it is a record.
 *
 * Undefined: the message is no record of this format.
 */
export function decodeLabelled(message: string, rule: LabelledFormat, announced = false): Decoded | undefined {
  if (!message.startsWith(rule.start)) return undefined;
  const issues: Issue[] = [];
  const fields = new Map<string, FieldValue>();
  const end = splitEnd(message, rule);
  const columns = readColumns(end.rest, rule, fields, announced && end.value === undefined);
  if (!columns) return undefined;
  if (end.value === undefined) issues.push(NO_END);
  else fields.set(rule.end[1], fieldValue(end.value, rule));
  const details = readDetails(end.rest.slice(columns.end), columns.lastField, fields, rule, issues);
  return { fields, details, issues };
}

/** Said of a record that was cut. */
export const NO_END: Issue = { code: 'truncated_upstream', message: 'the record has no end mark' };
/** Said of a record with a label among its details that has a place of its own. */
export const LOOKS_LIKE_COLUMNS: Issue = {
  code: 'unknown_field_order',
  message: 'a value holds what looks like columns',
};

/** `… ; END:1793595665129` → what stands before the label, and the text behind it when it is the last thing of the message. */
function splitEnd(message: string, { end: [label], separator }: LabelledFormat): { rest: string; value?: string } {
  const mark = `${separator}${label}`;
  const at = message.lastIndexOf(mark);
  if (at === -1) return { rest: message };
  const value = message.slice(at + mark.length).trimEnd();
  // The separator behind the last detail stays with the rest, so that every pair ends in one.
  return value.includes(separator) || value.includes('\n')
    ? { rest: message }
    : { rest: message.slice(0, at + separator.length), value };
}

/** Reads the labels with a fixed place; undefined when they are not those of this format. `cut`: the text may end anywhere. */
function readColumns(
  text: string,
  rule: LabelledFormat,
  fields: Map<string, FieldValue>,
  cut: boolean,
): { readonly end: number; readonly lastField: string } | undefined {
  let at = rule.preface ? rule.start.length : 0;
  let lastField = '';
  for (const [index, [label, field]] of rule.columns.entries()) {
    const from = valueStart(text, at, label, rule);
    if (from === -1) {
      if (cut && fields.size > 0 && label.startsWith(text.slice(at))) return { end: text.length, lastField };
      if (rule.optional?.includes(label)) continue;
      return undefined;
    }
    const stop = valueEnd(text, from, index, rule);
    // The line ends inside this value, which may have lost its end: the columns before it are all that is certain.
    if (stop === -1) return cut && fields.size > 0 ? { end: text.length, lastField } : undefined;
    const value = text.slice(from, stop);
    const shape = rule.shapes?.[field];
    if (shape !== undefined && !hasShape(value, shape)) return undefined;
    fields.set(field, fieldValue(value, rule));
    lastField = field;
    at = stop + rule.separator.length;
  }
  return { end: at, lastField };
}

function valueStart(text: string, at: number, label: string, { assign, glued }: LabelledFormat): number {
  if (text.startsWith(label + assign, at)) return at + label.length + assign.length;
  return glued?.includes(label) && text.startsWith(label, at) ? at + label.length : -1;
}

/** Where the value of a column ends: at the separator; for an open one at the next label, which may not stand inside double quotes. */
function valueEnd(text: string, from: number, index: number, rule: LabelledFormat): number {
  const { separator, assign, columns, open } = rule;
  const label = columns[index]?.[0];
  const next = columns[index + 1]?.[0];
  const plain = text.indexOf(separator, from);
  if (label === undefined || next === undefined || !open?.includes(label)) return plain;
  const mark = separator + next + assign;
  const outside = indexOutsideQuotes(text, mark, from);
  const found = outside === -1 ? text.indexOf(mark, from) : outside;
  return found === -1 ? plain : found;
}

/** `CN="a; ISSUER: evil", O=x; ISSUER: y`: a value of a distinguished name with special signs stands in quotes after `=`. */
function indexOutsideQuotes(text: string, mark: string, from: number): number {
  let at = from;
  let found = text.indexOf(mark, at);
  while (found !== -1) {
    const quote = text.indexOf('="', at);
    if (quote === -1 || found < quote) return found;
    const close = closingQuote(text, quote + 2);
    if (close === -1) return -1;
    at = close + 1;
    if (found < at) found = text.indexOf(mark, at);
  }
  return -1;
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (at - slashes > from && text[at - slashes - 1] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

function readDetails(
  text: string,
  lastField: string,
  fields: Map<string, FieldValue>,
  rule: LabelledFormat,
  issues: Issue[],
): Map<string, FieldValue> {
  const { separator, assign } = rule;
  const details = createOpenDetails(text);
  let tail = -1;
  let repeated = false;
  // Each pair ends in a separator, so nothing stands behind the last one but in a cut record.
  for (let at = 0; at < text.length && !details.full; ) {
    const stop = text.indexOf(separator, at);
    const end = stop === -1 ? text.length : stop;
    const part = text.slice(at, end);
    const length = part.indexOf(assign);
    const key = part.slice(0, length).trimStart();
    if (length !== -1 && isDetailKey(key, rule.keyPrefixes)) {
      repeated ||= isGuarded(key, rule);
      details.add(key, at + length + assign.length, end);
    } else if (!details.extend(end)) tail = end;
    at = end + separator.length;
  }
  if (tail !== -1) {
    const before = fields.get(lastField)?.text ?? '';
    fields.set(lastField, { kind: 'text', text: before + separator + text.slice(0, tail) });
  }
  if (repeated || tail !== -1) issues.push(LOOKS_LIKE_COLUMNS);
  return details.finish((value) => fieldValue(value, rule), issues);
}

/** Whether a detail has a key that looks like a column, which stands elsewhere. */
export function isGuarded(key: string, { columns, repeated }: LabelledFormat): boolean {
  return columns.some(([label]) => label === key) && !repeated?.includes(key);
}

function fieldValue(text: string, { absent }: LabelledFormat): FieldValue {
  return { kind: text === '' || absent?.includes(text) ? 'null' : 'text', text };
}
