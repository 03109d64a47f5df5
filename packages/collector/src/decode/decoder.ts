import type { Condition, FormatRule } from '@cryptrail/catalogue';
import type { Block } from '../ottl/block.ts';
import { compileConditions, isOneWord } from '../ottl/condition.ts';
import { any, attribute, quote, set, statement, WORK } from '../ottl/expression.ts';

/** Which format a record is: the attribute that everything behind the decoding asks. */
export const FORMAT_ATTRIBUTE = 'cryptrail.source.format';
/** How well a record could be read; absent when it was read in full. */
export const STATUS_ATTRIBUTE = 'cryptrail.parse.status';

/** How a format is read in a Collector: its fields end up in `_f`, and its id in `cryptrail.source.format`. */
export interface Decoder {
  readonly blocks: readonly Block[];
}

/** The record was read by one of these formats. */
export function isOneOf(some: readonly FormatRule[], formats: readonly FormatRule[]): string {
  const format = attribute(FORMAT_ATTRIBUTE);
  return some.length === formats.length
    ? `${format} != nil`
    : isOneWord(
        format,
        some.map(({ id }) => id),
      );
}

/** The record belongs to the product: one of these lists of conditions holds. */
export function claimed(claims: readonly (readonly Condition[])[] | undefined, texts: boolean): string | undefined {
  return claims && any(...claims.map((conditions) => `(${compileConditions(conditions, texts) ?? 'true'})`));
}

/** Set when a record was read, while its block runs. */
export const READ = 'log.cache["read"]';
/** The record was read. */
export const IS_READ = `${READ} == true`;

/** Statements that make the fields of a record out of its columns, without those that stand for none. */
export function takeFields(head: string, columns: readonly string[], absent: readonly string[]): string[] {
  return [
    statement(`delete_matching_keys(${head}, "^_")`, IS_READ),
    ...columns.map((name) => {
      const value = `${head}[${quote(name)}]`;
      return statement(
        `delete_key(${head}, ${quote(name)})`,
        any(...['', ...absent].map((word) => `${value} == ${quote(word)}`)),
      );
    }),
    set(attribute(WORK.fields), head, IS_READ),
  ];
}
