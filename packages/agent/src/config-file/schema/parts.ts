import { z } from 'zod';
import { didYouMean } from '../../command-line/nearest.ts';

/** What stands between the sentences about several unknown keys of one section. */
export const BETWEEN_KEYS = '\n';

/** A section of the configuration: these keys and no others. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const keys = Object.keys(shape);
  const hintOf = (key: string) => didYouMean(key, keys) ?? `It takes ${keys.join(', ')}.`;
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys')
        return issue.keys.map((key) => `unknown key ${JSON.stringify(key)}. ${hintOf(key)}`).join(BETWEEN_KEYS);
      return 'takes keys and values';
    },
  });
}

/** One of some words. */
export function word<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, {
    error: ({ input }) => {
      const hint = typeof input === 'string' ? didYouMean(input, words) : undefined;
      return [`takes ${words.join(', ')}.`, ...(hint === undefined ? [] : [hint])].join(' ');
    },
  });
}

/** A text that is not empty. */
export const text = z.string({ error: 'takes a text' }).min(1, { error: 'cannot be empty' });

const TEXTS = { error: 'takes a text, or a list of texts that is not empty' };

/** Texts; one alone needs no brackets. */
export const texts = z
  .union([text, z.array(text, TEXTS).min(1, TEXTS)], TEXTS)
  .transform((given) => (typeof given === 'string' ? [given] : given));

/** True or false; as a text too, for variables of the environment. */
export const yesOrNo = z
  .union([z.boolean(), z.enum(['true', 'false'])], { error: 'takes true or false' })
  .transform((given) => given === true || given === 'true');

const COUNT = { error: 'takes a whole number from 1' };
const SIZE = { error: 'takes a size such as 65536, 64KiB or 4MiB' };
const DURATION = { error: 'takes a time such as 500ms, 10s, 5m, 1h' };

/** A whole number from 1; as digits too, for variables of the environment. */
export const count = z
  .union([z.int(COUNT).min(1, COUNT), z.string().regex(/^[1-9]\d{0,14}$/, COUNT)], COUNT)
  .transform(Number);

const MILLIS = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** A time such as `10s`, in milliseconds. */
export const duration = z
  .string(DURATION)
  .regex(/^[1-9]\d{0,8}(?:ms|s|m|h|d)$/, DURATION)
  .transform((given) => {
    const [, digits = '', unit = ''] = /^(\d+)([a-z]+)$/.exec(given) ?? [];
    return Number(digits) * (MILLIS.get(unit) ?? 0);
  });

const BYTES = new Map([
  ['', 1],
  ['B', 1],
  ['KiB', 1024],
  ['MiB', 1024 ** 2],
  ['GiB', 1024 ** 3],
]);

/** A size such as `4MiB`, in bytes. */
export const size = z
  .union([z.int(SIZE).min(1, SIZE), z.string().regex(/^[1-9]\d{0,11} ?(?:B|KiB|MiB|GiB)?$/, SIZE)], SIZE)
  .transform((given) => {
    const [, digits = '', unit = ''] = /^(\d+) ?([A-Za-z]*)$/.exec(String(given)) ?? [];
    return Number(digits) * (BYTES.get(unit) ?? 0);
  });

type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

/** Keys in camel case, or by other names, and none without a value. */
export type Renamed<Values, Names extends Readonly<Record<string, string>>> = {
  readonly [Key in keyof Values as Key extends keyof Names ? Names[Key] : Camel<Key & string>]: Exclude<
    Values[Key],
    undefined
  >;
};

/** Turns the names of a section into those of the code: `page_rows` is `pageRows`; units that code says and people do not are in `names`. */
export function renamed<const Names extends Readonly<Record<string, string>> = Readonly<Record<never, string>>>(
  names?: Names,
) {
  const nameOf = (key: string) =>
    names?.[key] ?? key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return <Values extends object>(values: Values): Renamed<Values, Names> =>
    Object.fromEntries(
      Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[nameOf(key), value]])),
      // The names are made at run time by the rule that the type states.
    ) as Renamed<Values, Names>;
}
