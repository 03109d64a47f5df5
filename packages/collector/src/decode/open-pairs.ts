import { all, attribute, concat, literal, quote, replace, set, statement, WORK } from '../ottl/expression.ts';
import { MARK, withoutMarks } from '../ottl/marks.ts';
import { STATUS_ATTRIBUTE } from './decoder.ts';
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

/**
 * Statements that read the pairs of `text` into `_d`. A text without a key belongs to the value before it. A key that comes twice shows that a value holds what looks
 * like pairs: the record is marked, and one of the values is known.
 */
export function readOpenPairs(
  text: string,
  { before, key, assign, escaped, notKeys, absent }: OpenPairs,
  condition: string,
): string[] {
  const count = 'log.cache["count"]';
  const isGiven = 'log.cache["pairs"] == true';
  const given = (test: string) => all(isGiven, test);
  const words = absent.map(literal).join('|');
  const pair = `${before}(${key})${assign}`;
  // A text without quotes and backslashes becomes JSON in one step.
  const isPlain = 'log.cache["plain"] == true';
  const isOther = 'log.cache["other"] == true';
  const isEscaped = 'log.cache["escaped"] == true';
  return [
    set('log.cache["pairs"]', 'true', condition),
    withoutMarks(text, isGiven),
    ...(notKeys === undefined
      ? [
          set('log.cache["plain"]', 'true', given(`Index(${text}, "\\"") < 0 and Index(${text}, "\\\\") < 0`)),
          replace(text, pair, '","${1}":"', isPlain),
          set(count, `Len(Split(${text}, ${quote('":"')})) - 1`, isPlain),
          replace(text, '^[^"]*', '', all(isPlain, `not (HasPrefix(${text}, ${quote('","')}))`)),
          set('log.cache["other"]', 'true', given('log.cache["plain"] == nil')),
        ]
      : [set('log.cache["other"]', 'true', isGiven)]),
    set('log.cache["escaped"]', 'true', all(isOther, `Index(${text}, "\\\\") >= 0`)),
    ...(escaped === undefined
      ? []
      : [
          replace(text, '\\\\\\\\', MARK.backslash, isEscaped),
          replace(text, `\\\\${escaped}`, MARK.equals, isEscaped),
        ]),
    ...(notKeys === undefined ? [] : [replace(text, notKeys, `${MARK.shield}\${1}`, isOther)]),
    replace(text, pair, `${MARK.next}\${1}${MARK.assign}`, isOther),
    set(count, `Len(Split(${text}, ${quote(MARK.next)})) - 1`, isOther),
    replace(text, '\\\\', `${MARK.quote}${MARK.quote}`, isEscaped),
    replace(text, '"', '\\"', isOther),
    replace(text, MARK.quote, '\\', isEscaped),
    ...(escaped === undefined
      ? []
      : [
          replace(text, MARK.equals, `\\\\${escaped}`, isEscaped),
          replace(text, MARK.backslash, '\\\\\\\\', isEscaped),
        ]),
    replace(text, `^[^${MARK.next}]*`, '', isOther),
    replace(text, MARK.assign, '":"', isOther),
    replace(text, MARK.next, '","', isOther),
    set(text, concat('"{"', `TrimPrefix(${text}, "\\",")`, '"\\"}"'), given(`HasPrefix(${text}, "\\",")`)),
    ...parseText(text, details, given(`HasPrefix(${text}, "{")`)),
    set(attribute(WORK.repeated), text, given(`${details} != nil and Len(${details}) < ${count}`)),
    set(status, '"partial"', given(`${attribute(WORK.repeated)} != nil and ${status} == nil`)),
    // An empty text stands for "none" from here on.
    ...(absent.length === 0
      ? []
      : [
          statement(
            `replace_all_patterns(${details}, "value", ${quote(`^(?:${words})$`)}, "")`,
            given(`${details} != nil`),
          ),
        ]),
  ];
}
