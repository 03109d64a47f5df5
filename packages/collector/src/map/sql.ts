import { quote, statement } from '../ottl/expression.ts';
import { MARK, withoutMarks } from '../ottl/marks.ts';

const OPEN = MARK.next;
const CLOSE = MARK.assign;

/**
 * One walk over the tokens of an SQL text. What stays is captured, what is a literal is not; a comment keeps its signs. A quote behind a backslash leaves open where
 * its text ends, so all that follows is masked.
 */
const TOKENS = [
  ...["'", '"'].map(
    (sign) => `${sign}(?:[^${sign}\\\\]|\\\\\\\\|\\\\[^${sign}\\\\]|${sign}${sign})*(?:${sign}|\\\\${sign}.*|\\\\?\\z)`,
  ),
  '(`[^`]*`)',
  '(--)\\s*[^\\s][^\\n]*',
  '(/\\*)\\s*[^\\s*](?:[^*]|\\*+[^*/])*(\\*+/|\\z)',
  '(\\$[0-9][A-Za-z0-9_\\x{80}-\\x{10FFFF}]*)',
  '\\$\\$.*?(?:\\$\\$|\\z)',
  '\\$[A-Za-z_][A-Za-z0-9_]*\\$.*?(?:\\$[A-Za-z_][A-Za-z0-9_]*\\$|\\z)',
  '([:@$][A-Za-z0-9_\\x{80}-\\x{10FFFF}]*|[A-Za-z_\\x{80}-\\x{10FFFF}][A-Za-z0-9_\\x{80}-\\x{10FFFF}]*)',
  '0[xX][0-9A-Za-z_.]*',
  '[0-9](?:[eE][+-]|[0-9A-Za-z_.\\x{80}-\\x{10FFFF}])*',
].join('|');

/** Statements that replace the literals of an SQL text by `?`: numbers, quoted texts, dollar quotes, the text of comments. Names, `$1`, `?` and values masked before stay. */
export function maskSql(target: string, condition: string): string[] {
  const step = (pattern: string, replacement: string) =>
    statement(`replace_pattern(${target}, ${quote(pattern)}, ${quote(replacement)})`, condition);
  return [
    withoutMarks(target),
    step(`(?s)${TOKENS}`, `${OPEN}\${1}\${2}\${3}\${5}\${6}${CLOSE}\${4}`),
    step(`${OPEN}(--|/\\*)${CLOSE}`, '${1}?'),
    step(`${OPEN}${CLOSE}`, '?'),
    step(`[${OPEN}${CLOSE}]`, ''),
  ];
}
