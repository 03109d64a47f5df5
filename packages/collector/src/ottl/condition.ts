import type { Condition, FieldSpace, Product } from '@cryptrail/catalogue';
import { all, any, attribute, field, literal, quote, WORK } from './expression.ts';

/** Kinds of a source value → the test on what a parser makes of it. Text formats know texts only. */
const KIND_TESTS: Readonly<Record<string, (path: string) => string>> = {
  text: (path) => `IsString(${path})`,
  string: (path) => `IsString(${path})`,
  int: (path) => `IsInt(${path})`,
  double: (path) => `IsDouble(${path})`,
  boolean: (path) => `IsBool(${path})`,
  object: (path) => `IsMap(${path})`,
  array: (path) => `IsList(${path})`,
  null: (path) => any(`${path} == ""`, `${path.replace(attribute(WORK.details), attribute(WORK.none))} != nil`),
};

/** Where a value of a space stands while a record is worked on. */
export function pathOf(name: string, space: FieldSpace = 'fields'): string {
  if (space === 'fields') return field(name);
  const work = { details: WORK.details, layout: WORK.layout, message: WORK.captures }[space];
  return `${attribute(work)}[${quote(name)}]`;
}

/** The value is of one of these kinds. */
export function isOfKind(path: string, kinds: readonly string[]): string {
  return any(...new Set(kinds.map((kind) => (KIND_TESTS[kind] ?? KIND_TESTS.text)?.(path) ?? 'false')));
}

/** When a text may stand for a number or truth value: always, never, or where this condition holds. Formats that know types mean a text when they write one. */
export type TextTypes = true | false | string;

/** When texts stand for other types in records of the product. */
export function textTypes({ formats }: Product): TextTypes {
  const typed = formats.filter(({ decoder }) => decoder === 'json').map(({ id }) => id);
  if (typed.length === 0) return true;
  return typed.length === formats.length
    ? false
    : all(...typed.map((id) => `${attribute('cryptrail.source.format')} != ${quote(id)}`));
}

function fromText(path: string, texts: TextTypes, test: string): string[] {
  return texts === false ? [] : [`(${all(`IsString(${path})`, texts === true ? undefined : texts, test)})`];
}

/** The value is a whole number. */
export function isWhole(path: string, texts: TextTypes = true): string {
  return any(
    `IsInt(${path})`,
    `(IsDouble(${path}) and Double(Int(${path})) == ${path})`,
    ...fromText(path, texts, `IsMatch(${path}, "^-?[0-9]{1,19}$")`),
  );
}

/** How many comparisons cost less than one expression. */
const FEW = 3;

/** The text is one of these words; for a text only, because an expression fits numbers, too. */
export function isOneWord(path: string, words: readonly string[]): string {
  if (words.length <= FEW) return any(...words.map((word) => `${path} == ${quote(word)}`));
  return `IsMatch(${path}, ${quote(`^(?:${words.map(literal).join('|')})\\z`)})`;
}

/** A condition of the tables as an OTTL condition. All tests are on values of the wanted kind, so that none fails at run time. */
export function compileCondition(condition: Condition, texts: TextTypes = true): string {
  const path = pathOf(condition.field, condition.in);
  const folded = condition.fold ? `ToLowerCase(Trim(${path}))` : path;
  const isText = `IsString(${path})`;
  const tests: (string | undefined)[] = [
    condition.present === undefined ? undefined : compilePresence(condition, path),
    condition.kinds && isOfKind(path, condition.kinds),
    condition.equals === undefined ? undefined : compileEquals(condition, path, folded, texts),
    condition.oneOf && all(isText, isOneWord(folded, condition.oneOf)),
    condition.filled ? all(isText, `Trim(${path}) != ""`) : undefined,
    condition.from === undefined && condition.to === undefined ? undefined : compileRange(condition, path, texts),
    condition.startsWith === undefined
      ? undefined
      : all(isText, `HasPrefix(${folded}, ${quote(condition.startsWith)})`),
    condition.contains === undefined ? undefined : all(isText, `Index(${folded}, ${quote(condition.contains)}) >= 0`),
  ];
  return all(...tests);
}

/** An empty detail stands for "none". */
function compilePresence({ present, in: space }: Condition, path: string): string {
  const isDetail = space === 'details';
  if (present) return all(`${path} != nil`, isDetail ? `${path} != ""` : undefined);
  return isDetail ? any(`${path} == nil`, `${path} == ""`) : `${path} == nil`;
}

function compileEquals({ equals, fold }: Condition, path: string, folded: string, texts: TextTypes): string {
  if (typeof equals === 'string')
    return fold ? all(`IsString(${path})`, `${folded} == ${quote(equals)}`) : `${path} == ${quote(equals)}`;
  if (typeof equals === 'boolean')
    return any(`${path} == ${equals}`, ...fromText(path, texts, `${path} == ${quote(String(equals))}`));
  return all(isWhole(path, texts), `Int(${path}) == ${equals}`);
}

function compileRange({ from, to }: Condition, path: string, texts: TextTypes): string {
  return all(
    isWhole(path, texts),
    from === undefined ? undefined : `Int(${path}) >= ${from}`,
    to === undefined ? undefined : `Int(${path}) <= ${to}`,
  );
}

/** All conditions of a rule; undefined when there are none. */
export function compileConditions(
  conditions: readonly Condition[] | undefined,
  texts: TextTypes = true,
): string | undefined {
  return conditions?.length ? all(...conditions.map((condition) => compileCondition(condition, texts))) : undefined;
}
