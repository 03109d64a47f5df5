import { replace } from '../ottl/expression.ts';
import { MARK } from '../ottl/marks.ts';

/** Escape sequences that are hidden while a text is taken apart, so that a quote is the end of a value and nothing else. */
export const HIDDEN = [
  ['\\\\\\\\', MARK.backslash],
  ['\\\\"', MARK.quote],
] as const;

/** Go's escapes as JSON's, where they differ. `\\xNN` from 0x80 on is a byte that is no UTF-8. Half and far code points have no short form in JSON and are marked likewise. */
const ESCAPES: readonly (readonly [pattern: string, replacement: string])[] = [
  ['\\\\a', '\\u0007'],
  ['\\\\v', '\\u000b'],
  ['\\\\x([0-7][0-9a-fA-F])', '\\u00${1}'],
  ['\\\\x[89a-fA-F][0-9a-fA-F]', '\\ufffd'],
  ['\\\\U[0-9a-fA-F]{8}', '\\ufffd'],
  ['\\\\([^bfnrtu"\\\\/])', `${MARK.backslash}\${1}`],
];

/** Statements that make a text with hidden Go escapes one with JSON's. */
export function unquoteGo(target: string, condition: string): string[] {
  return [
    ...ESCAPES.map(([pattern, replacement]) => replace(target, pattern, replacement, condition)),
    replace(target, MARK.quote, '\\"', condition),
    replace(target, MARK.backslash, '\\\\', condition),
  ];
}
