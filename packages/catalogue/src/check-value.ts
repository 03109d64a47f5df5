import { CatalogueError } from './errors.ts';
import { nearest } from './nearest.ts';

/** Throws unless the value at `path` is right. */
export type Check = (value: unknown, path: string) => void;

/** Key → what its value must be. */
export type Shape = Readonly<Record<string, Check>>;

/** A text that is not empty, and matches when a pattern is given. */
export function text(pattern?: RegExp, expected = 'a text'): Check {
  return (value, path) => {
    if (typeof value !== 'string' || value.trim() === '' || (pattern && !pattern.test(value)))
      throw wrong(path, value, expected);
  };
}

/** One of these words. */
export function word(words: readonly string[]): Check {
  return (value, path) => {
    if (typeof value === 'string' && words.includes(value)) return;
    const meant = typeof value === 'string' ? nearest(value, words) : undefined;
    throw wrong(path, value, meant === undefined ? `one of ${words.join(', ')}` : `perhaps ${meant}`);
  };
}

/** A whole number in these bounds. */
export function wholeNumber(from: number, to: number): Check {
  return (value, path) => {
    if (!Number.isInteger(value) || Number(value) < from || Number(value) > to)
      throw wrong(path, value, `a whole number from ${from} to ${to}`);
  };
}

/** `true` or `false`. */
export const flag: Check = (value, path) => {
  if (typeof value !== 'boolean') throw wrong(path, value, 'true or false');
};

/** A list of such values, with at least one. */
export function list(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value) || value.length === 0) throw wrong(path, value, 'a list with at least one value');
    for (const [index, item] of value.entries()) check(item, `${path}[${index}]`);
  };
}

/** An object with free keys. */
export function recordOf(check: Check): Check {
  return (value, path) => {
    for (const [key, member] of Object.entries(plainObject(value, path)))
      check(member, `${path}[${JSON.stringify(key)}]`);
  };
}

/** An object with these keys and no others; `required` ones must be there. */
export function shaped(shape: Shape, required: readonly string[] = []): Check {
  const known = new Map(Object.entries(shape));
  return (value, path) => {
    const members = plainObject(value, path);
    for (const [key, member] of Object.entries(members)) {
      const check = known.get(key);
      if (!check) throw unknownKey(key, path, known.keys());
      check(member, path === '' ? key : `${path}.${key}`);
    }
    const missing = required.find((key) => !Object.hasOwn(members, key));
    if (missing !== undefined) throw new CatalogueError('missing_key', path, `${missing} is missing`);
  };
}

function plainObject(value: unknown, path: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new CatalogueError('wrong_type', path, `expected an object, found ${shown(value)}`);
}

function unknownKey(key: string, path: string, known: Iterable<string>): CatalogueError {
  const words = [...known];
  const meant = nearest(key, words);
  const help = meant === undefined ? `known are ${words.join(', ')}` : `did you mean ${meant}?`;
  return new CatalogueError('unknown_key', path, `unknown key ${JSON.stringify(key)}; ${help}`);
}

function wrong(path: string, value: unknown, expected: string): CatalogueError {
  return new CatalogueError('wrong_value', path, `expected ${expected}, found ${shown(value)}`);
}

/** Short enough for a message. */
function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
}
