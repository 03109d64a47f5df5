import { all, any, attribute, concat, literal, quote, replace, set, statement, WORK } from '../ottl/expression.ts';
import { hasNoMarks, MARK, withoutMarks } from '../ottl/marks.ts';
import { IS_READ, READ, STATUS_ATTRIBUTE } from './decoder.ts';
import { parseText } from './pairs.ts';

const details = attribute(WORK.details);
const status = attribute(STATUS_ATTRIBUTE);

/** How details stand in a text without escaping. */
export interface OpenPairs {
  /** RE2 expression for what stands before a key. */
  readonly before: string;
  readonly key: string;
  /** What stands between key and value. */
  readonly assign: string;
  /** A delimiter behind a backslash is part of the value. */
  readonly escaped?: string;
  /** RE2 expressions for what is no beginning of a pair; the delimiter before it is their first group. */
  readonly notKeys?: string;
  /** Words for "none". */
  readonly absent: readonly string[];
}

const count = 'log.cache["count"]';
const isGiven = 'log.cache["pairs"] == true';

/** Holds for a text that becomes JSON in one step: without quotes, backslashes and marks. */
export function isPlain(text: string): string {
  return all(`Index(${text}, "\\"") < 0`, `Index(${text}, "\\\\") < 0`, hasNoMarks(text));
}

/**
 * Statements that read a plain text of nothing but pairs, of which no key comes twice, into `_d`, and say that the record was read. Of other texts nothing is left, so that the statements
 * that read them find them as they were. `condition` holds for texts with pairs, `without` for records that have none.
 */
export function readPlainPairs(
  text: string,
  { before, key, assign, absent }: OpenPairs,
  condition: string,
  without: string,
): string[] {
  return [
    set('log.cache["pairs"]', 'true', all(condition, `IsMatch(${text}, ${quote(`^${before}${key}${assign}`)})`)),
    replace(text, `${before}(${key})${assign}`, '","${1}":"', isGiven),
    set(count, `Len(Split(${text}, ${quote('":"')})) - 1`, isGiven),
    set(text, concat('"{"', `TrimPrefix(${text}, "\\",")`, '"\\"}"'), isGiven),
    set(details, `ParseJSON(${text})`, isGiven),
    set(READ, 'true', any(`(${without})`, `(${isGiven} and Len(${details}) == ${count})`)),
    statement(`delete_key(log.attributes, ${quote(WORK.details)})`, `${READ} == nil`),
    ...withoutAbsent(absent, `${IS_READ} and ${details} != nil`),
  ];
}

/** An empty text stands for "none" from here on. */
function withoutAbsent(absent: readonly string[], condition: string): string[] {
  if (absent.length === 0) return [];
  const words = `^(?:${absent.map(literal).join('|')})$`;
  return [statement(`replace_all_patterns(${details}, "value", ${quote(words)}, "")`, condition)];
}

/**
 * Statements that read the pairs of `text` into `_d`. A text without a key belongs to the value before it. A key that comes twice shows that a value holds what looks
 * like pairs: the record is marked, and one of the values is known.
 */
export function readOpenPairs(
  text: string,
  { before, key, assign, escaped, notKeys, absent }: OpenPairs,
  condition: string,
): string[] {
  const given = (test: string) => all(isGiven, test);
  const pair = `${before}(${key})${assign}`;
  const isEscaped = 'log.cache["escaped"] == true';
  return [
    set('log.cache["pairs"]', 'true', condition),
    withoutMarks(text, isGiven),
    set('log.cache["escaped"]', 'true', given(`Index(${text}, "\\\\") >= 0`)),
    ...(escaped === undefined
      ? []
      : [
          replace(text, '\\\\\\\\', MARK.backslash, isEscaped),
          replace(text, `\\\\${escaped}`, MARK.equals, isEscaped),
        ]),
    ...(notKeys === undefined ? [] : [replace(text, notKeys, `${MARK.shield}\${1}`, isGiven)]),
    replace(text, pair, `${MARK.next}\${1}${MARK.assign}`, isGiven),
    set(count, `Len(Split(${text}, ${quote(MARK.next)})) - 1`, isGiven),
    replace(text, '\\\\', `${MARK.quote}${MARK.quote}`, isEscaped),
    replace(text, '"', '\\"', isGiven),
    replace(text, MARK.quote, '\\', isEscaped),
    ...(escaped === undefined
      ? []
      : [
          replace(text, MARK.equals, `\\\\${escaped}`, isEscaped),
          replace(text, MARK.backslash, '\\\\\\\\', isEscaped),
        ]),
    replace(text, `^[^${MARK.next}]*`, '', isGiven),
    replace(text, MARK.assign, '":"', isGiven),
    replace(text, MARK.next, '","', isGiven),
    set(text, concat('"{"', `TrimPrefix(${text}, "\\",")`, '"\\"}"'), given(`HasPrefix(${text}, "\\",")`)),
    ...parseText(text, details, given(`HasPrefix(${text}, "{")`)),
    set(attribute(WORK.repeated), text, given(`${details} != nil and Len(${details}) < ${count}`)),
    set(status, '"partial"', given(`${attribute(WORK.repeated)} != nil and ${status} == nil`)),
    ...withoutAbsent(absent, given(`${details} != nil`)),
  ];
}
