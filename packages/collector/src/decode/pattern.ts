import type { PatternFormat } from '@cryptrail/catalogue';
import { all, any, attribute, literal, not, quote, set, statement, WORK } from '../ottl/expression.ts';
import { DN_START } from '../ottl/names.ts';
import { shapePattern } from '../ottl/shape.ts';
import { type Decoder, FORMAT_ATTRIBUTE } from './decoder.ts';
import { categoryTests } from './layout.ts';

const fields = attribute(WORK.fields);
const details = attribute(WORK.details);
const message = attribute(WORK.message);
const none = attribute(WORK.none);
const head = 'log.cache["h"]';

/** Values in the literal text of a logger's pattern. */
export function patternDecoder(rule: PatternFormat): Decoder {
  const { id, order, categories, absent = [], absentIn } = rule;
  const { fits, announced } = categoryTests(categories);
  const names = [...order.matchAll(/\$\{([^{}]{1,64})\}/g)].map(([, name = '']) => name);
  const literals = order.split(/\$\{[^{}]{1,64}\}/);
  const start = literals[0] ?? '';
  const isTold = start.length >= 8 ? undefined : announced;
  const last = names.at(-1) ?? '';
  const words = (name: string) => [
    '',
    `\${${name}}`,
    ...absent,
    ...(absentIn && Object.hasOwn(absentIn, name) ? (absentIn[name] ?? []) : []),
  ];
  const sure = longest(literals);
  const plain = plainPattern(rule, names, literals, words);
  const strict = orderPattern(rule, names, literals, words, true);
  const isRecord = `${head}[${quote(last)}] != nil`;
  const hasNames = Object.values(rule.shapes ?? {}).includes('distinguished_name');
  return {
    blocks: [
      {
        comment: `${id}: values in the text of a logger's pattern`,
        conditions: [
          all(
            `${fields} == nil`,
            `${message} != nil`,
            start === '' ? undefined : `HasPrefix(${message}, ${quote(start)})`,
            fits,
            isTold,
            sure === '' ? undefined : `Index(${message}, ${quote(sure)}) >= 0`,
          ),
        ],
        statements: [
          set(head, `ExtractPatterns(${message}, ${quote(plain)})`),
          ...(strict === plain
            ? []
            : [
                set(
                  head,
                  `ExtractPatterns(${message}, ${quote(strict)})`,
                  any(
                    `${head}[${quote(last)}] == nil`,
                    ...names.slice(1).flatMap((name) => isOdd(rule, name, words(name))),
                  ),
                ),
              ]),
          ...(hasNames
            ? [
                set(
                  head,
                  `ExtractPatterns(${message}, ${quote(orderPattern(rule, names, literals, words, false))})`,
                  `${head}[${quote(last)}] == nil`,
                ),
              ]
            : []),
          set(fields, '{}', isRecord),
          ...names.flatMap((name) => {
            const value = `${head}[${quote(name)}]`;
            const isNone = all(isRecord, any(...words(name).map((word) => `${value} == ${quote(word)}`)));
            const move = rule.fields?.includes(name)
              ? [set(`${fields}[${quote(name)}]`, value, all(isRecord, `${value} != nil`))]
              : [];
            return [
              set(`${none}[${quote(name)}]`, 'true', isNone),
              statement(`delete_key(${head}, ${quote(name)})`, isNone),
              ...move,
              ...(move.length > 0 ? [statement(`delete_key(${head}, ${quote(name)})`)] : []),
            ];
          }),
          set(details, head, `${fields} != nil`),
          set(attribute(FORMAT_ATTRIBUTE), quote(id), `${fields} != nil`),
        ],
      },
    ],
  };
}

/** The sign with which the next literal text begins stands in no value: true for most lines, and then the expression never has to go back, which costs a thirtieth. */
function plainPattern(
  { shapes }: PatternFormat,
  names: readonly string[],
  literals: readonly string[],
  words: (name: string) => string[],
): string {
  const values = names.map((name, index) => {
    const shape = shapes && Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    const next = literalBehind(literals, index);
    const free = next === '' ? '.*?' : `[^${literal(next.charAt(0))}]*`;
    const value =
      shape === undefined || shape === 'distinguished_name'
        ? free
        : `${shapePattern(shape, free)}|${words(name).map(literal).join('|')}`;
    return `(?P<${name}>${value})${literal(next)}`;
  });
  return `(?s)^${literal(literals[0] ?? '')}${values.join('')}\\s*$`;
}

/** A test that holds when the value of a column for distinguished names is none. */
function isOdd({ shapes }: PatternFormat, name: string, words: readonly string[]): string[] {
  if (!shapes || !Object.hasOwn(shapes, name) || shapes[name] !== 'distinguished_name') return [];
  const value = `${head}[${quote(name)}]`;
  const isName = [...words.map((word) => `${value} == ${quote(word)}`), `IsMatch(${value}, ${quote(`^${DN_START}`)})`];
  return [not(any(...isName))];
}

/** The text behind a value; behind the last one the blanks at its end do not count. */
function literalBehind(literals: readonly string[], index: number): string {
  const next = literals[index + 1] ?? '';
  return index === literals.length - 2 ? next.trimEnd() : next;
}

function longest(literals: readonly string[]): string {
  return literals.reduce((found, one) => (one.trimEnd().length > found.length ? one.trimEnd() : found), '');
}

/** A value ends at the first place where the text behind it stands, before a distinguished name at the first such place behind which one begins (`strict`); the last one takes the rest. */
function orderPattern(
  { shapes }: PatternFormat,
  names: readonly string[],
  literals: readonly string[],
  words: (name: string) => string[],
  strict: boolean,
): string {
  let pattern = `(?s)^${literal(literals[0] ?? '')}`;
  for (const [index, name] of names.entries()) {
    const shape = shapes && Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    const isFree = shape === undefined || (shape === 'distinguished_name' && (!strict || index === 0));
    const value = isFree ? '.*?' : `${shapePattern(shape, '.*?')}|${words(name).map(literal).join('|')}`;
    pattern += `(?P<${name}>${value})${literal(literalBehind(literals, index))}`;
  }
  return `${pattern}\\s*$`;
}
