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
  if (!record.layout) return undefined;
  const part = LAYOUT_PARTS.find((name) => name === field);
  return part && record.layout[part];
}

/** A test on a record, made once from conditions in a table. */
export type RecordTest = (record: RawRecord, captures?: ReadonlyMap<string, string>) => boolean;

/** True when all conditions hold; also when there are none. */
export function allHold(
  conditions: readonly Condition[] | undefined,
  record: RawRecord,
  captures?: ReadonlyMap<string, string>,
): boolean {
  return compileConditions(conditions)(record, captures);
}

/** Makes a test that is true when all conditions hold. */
export function compileConditions(conditions: readonly Condition[] | undefined): RecordTest {
  const tests = (conditions ?? []).map(compileCondition);
  const [first] = tests;
  if (!first) return () => true;
  if (tests.length === 1) return first;
  return (record, captures) => {
    for (let at = 0; at < tests.length; at += 1) if (tests[at]?.(record, captures) === false) return false;
    return true;
  };
}

/** Makes a test that is true when all conditions of one of the lists hold. */
export function compileAlternatives(lists: readonly (readonly Condition[])[]): RecordTest {
  const tests = lists.map(compileConditions);
  return (record, captures) => {
    for (const test of tests) if (test(record, captures)) return true;
    return false;
  };
}

function compileCondition(condition: Condition): RecordTest {
  const { field, in: space, present, kinds } = condition;
  const tests = valueTests(condition);
  return (record, captures) => {
    const value = lookUp(record, field, space, captures);
    const there = value !== undefined && value.kind !== 'null';
    if (present !== undefined && present !== there) return false;
    if (kinds && !(value && kinds.includes(value.kind))) return false;
    if (tests.length === 0) return true;
    if (!there) return false;
    for (let at = 0; at < tests.length; at += 1) if (tests[at]?.(value) === false) return false;
    return true;
  };
}

/** A test on one value. */
export type ValueTest = (value: FieldValue) => boolean;

/** What a condition asks of the value itself, beside its being there and its kind; undefined when it asks nothing. */
export function compileValueTest(condition: Condition): ValueTest | undefined {
  const tests = valueTests(condition);
  return tests.length === 0 ? undefined : (value) => tests.every((test) => test(value));
}

function valueTests(condition: Condition): ValueTest[] {
  const { equals, oneOf, filled, from, to, startsWith, contains } = condition;
  const tests: ValueTest[] = [];
  if (equals !== undefined) tests.push(equalsTest(condition, equals));
  if (oneOf) tests.push((value) => isText(value) && oneOf.includes(fold(condition, value.text)));
  if (filled) tests.push((value) => isText(value) && value.text.trim() !== '');
  if (from !== undefined) tests.push((value) => wholeNumber(value, (n) => n >= from));
  if (to !== undefined) tests.push((value) => wholeNumber(value, (n) => n <= to));
  if (startsWith !== undefined)
    tests.push((value) => isText(value) && fold(condition, value.text).startsWith(startsWith));
  if (contains !== undefined) tests.push((value) => isText(value) && fold(condition, value.text).includes(contains));
  return tests;
}

function isText(value: FieldValue): boolean {
  return value.kind === 'text' || value.kind === 'string';
}

function fold(condition: Condition, text: string): string {
  return condition.fold ? text.trim().toLowerCase() : text;
}

function equalsTest(condition: Condition, wanted: string | number | boolean): ValueTest {
  if (typeof wanted === 'string') return (value) => isText(value) && fold(condition, value.text) === wanted;
  if (typeof wanted === 'number') return (value) => wholeNumber(value, (n) => n === wanted);
  const word = String(wanted);
  return (value) => (value.kind === 'boolean' || value.kind === 'text') && value.text === word;
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
