import { all as both, quote, statement } from './expression.ts';

/**
 * Signs that stand for something else while a text is rewritten: private-use characters, because log text holds every other one, control characters included.
 * A line that has them itself gets U+FFFD in their place first, so that nobody can forge the structure of a record.
 */
export const MARK = {
  backslash: '\uf8f1',
  quote: '\uf8f2',
  next: '\uf8f3',
  assign: '\uf8f4',
  equals: '\uf8f5',
  shield: '\uf8f6',
} as const;

const all = Object.values(MARK);

/** The bytes with which every mark begins in UTF-8, as a literal of OTTL. */
const FIRST_BYTES = '"\\xef\\xa3"';

/** Holds for a text without any mark. */
export function hasNoMarks(text: string): string {
  return `Index(${text}, ${FIRST_BYTES}) < 0`;
}

/** The statement that takes the marks out of a text from outside. */
export function withoutMarks(target: string, condition?: string): string {
  return statement(
    `replace_pattern(${target}, ${quote(`[${all.join('')}]`)}, "\ufffd")`,
    both(condition, `IsString(${target})`, `not (${hasNoMarks(target)})`),
  );
}
