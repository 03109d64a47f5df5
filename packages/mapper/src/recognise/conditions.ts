import type { Condition, FieldSpace } from '@cryptrail/catalogue';
import type { FieldValue, RawRecord } from '../records.ts';

const LAYOUT_PARTS = ['time', 'level', 'category', 'thread'] as const;

/** The value a rule asks for, wherever it sits. */
export function lookUp(
  record: RawRecord,
  field: string,
  space: FieldSpace = 'fields',
  captures?: ReadonlyMap<string, string>,
): FieldValue | undefined {
  if (space === 'fields') return record.fields.get(field);
  if (space === 'details') return record.details.get(field);
  const text = space === 'message' ? captures?.get(field) : layoutText(record, field);
  return text === undefined ? undefined : { kind: 'text', text };
}

function layoutText(record: RawRecord, field: string): string | undefined {
  const part = LAYOUT_PARTS.find((name) => name === field);
  return part && record.layout?.[part];
}

/** True when all conditions hold; also when there are none. */
export function allHold(
  conditions: readonly Condition[] | undefined,
  record: RawRecord,
  captures?: ReadonlyMap<string, string>,
): boolean {
  return (
    !conditions ||
    conditions.every((condition) => holds(condition, lookUp(record, condition.field, condition.in, captures)))
  );
}

function holds(condition: Condition, value: FieldValue | undefined): boolean {
  const there = value !== undefined && value.kind !== 'null';
  if (condition.present !== undefined && condition.present !== there) return false;
  if (condition.kinds && !(value && condition.kinds.includes(value.kind))) return false;
  const tests = [
    condition.equals !== undefined && ((v: FieldValue) => equals(condition, v)),
    condition.oneOf && ((v: FieldValue) => isText(v) && condition.oneOf?.includes(fold(condition, v.text))),
    condition.filled && ((v: FieldValue) => isText(v) && v.text.trim() !== ''),
    condition.from !== undefined && ((v: FieldValue) => wholeNumber(v, (n) => n >= (condition.from ?? n))),
    condition.to !== undefined && ((v: FieldValue) => wholeNumber(v, (n) => n <= (condition.to ?? n))),
    condition.startsWith !== undefined &&
      ((v: FieldValue) => isText(v) && fold(condition, v.text).startsWith(condition.startsWith ?? '')),
    condition.contains !== undefined &&
      ((v: FieldValue) => isText(v) && fold(condition, v.text).includes(condition.contains ?? '')),
  ];
  return tests.every((test) => !test || (there && test(value)));
}

function isText(value: FieldValue): boolean {
  return value.kind === 'text' || value.kind === 'string';
}

function fold(condition: Condition, text: string): string {
  return condition.fold ? text.trim().toLowerCase() : text;
}

function equals(condition: Condition, value: FieldValue): boolean {
  const wanted = condition.equals;
  if (typeof wanted === 'string') return isText(value) && fold(condition, value.text) === wanted;
  if (typeof wanted === 'boolean')
    return (value.kind === 'boolean' || value.kind === 'text') && value.text === String(wanted);
  return wholeNumber(value, (n) => n === wanted);
}

function wholeNumber(value: FieldValue, test: (n: number) => boolean): boolean {
  const text = value.kind === 'int' || value.kind === 'double' || value.kind === 'text' ? wholeText(value) : '';
  const n = isDigits(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(n) && test(n);
}

/** The digits of a number that JSON wrote as `404.0` or `4.04e2`: a whole number is one however it is written. Other texts as they are. */
export function wholeText({ kind, text }: FieldValue): string {
  const n = kind === 'double' ? Number(text) : Number.NaN;
  return Number.isSafeInteger(n) ? String(n) : text;
}

/** Decimal digits with an optional minus sign, nothing else. */
export function isDigits(text: string): boolean {
  const from = text.startsWith('-') ? 1 : 0;
  if (text.length === from) return false;
  for (let at = from; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x30 || unit > 0x39) return false;
  }
  return true;
}
