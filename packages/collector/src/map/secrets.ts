import type { RedactionRules } from '@cryptrail/catalogue';
import { SECRET_WORDS, SHORT_SECRET_WORD } from '@cryptrail/catalogue/words';
import { literal, quote } from '../ottl/expression.ts';

export { MARKER } from '@cryptrail/catalogue/words';

function wordsOf(rules: RedactionRules): string[] {
  return [...new Set([...SECRET_WORDS, ...rules.secretNames, ...(rules.secretFields ?? [])])];
}

/** `api_key` also as `apiKey`, `API-KEY` and `api key`. */
function spaced(word: string): string {
  return word
    .split(/[^a-z0-9]/i)
    .map(literal)
    .join('[^\\pL\\pN]?');
}

/** Words that hold no other one of the list. */
function unique(words: readonly string[]): string[] {
  return words.filter((word) => !words.some((other) => other !== word && word.includes(other)));
}

const SIGN = '[\\pL\\pN_.-]';

/** An RE2 expression for names with a secret word in them. Signs and a change of case part words; a short word must be a part of its own. */
export function secretName(rules: RedactionRules): string {
  const { long, short, capital } = nameParts(rules);
  return [
    `(?i:${SIGN}*(?:${long})${SIGN}*)`,
    `(?i:(?:${SIGN}*[_.-])?(?:${short})(?:[_.-]${SIGN}*)?)`,
    `${SIGN}*[\\p{Ll}\\pN](?:${capital})(?:[\\p{Lu}_.-]${SIGN}*)?`,
  ].join('|');
}

/** The same from the secret word on, for texts where the name may begin anywhere: without a beginning that fits everywhere it costs a fraction. */
export function secretNameEnd(rules: RedactionRules): string {
  const { long, short, capital } = nameParts(rules);
  return [
    `(?i:(?:${long})${SIGN}*)`,
    `(?i:(?:${short})(?:[_.-]${SIGN}*)?)`,
    `[\\p{Ll}\\pN](?:${capital})(?:[\\p{Lu}_.-]${SIGN}*)?`,
  ].join('|');
}

function nameParts(rules: RedactionRules): { long: string; short: string; capital: string } {
  const words = wordsOf(rules);
  const isShort = (word: string) => word.replace(/[^a-z0-9]/gi, '').length <= SHORT_SECRET_WORD;
  const short = words.filter(isShort);
  const capital = short.map((word) => literal(word.charAt(0).toUpperCase() + word.slice(1)));
  return {
    long: unique(words.filter((word) => !isShort(word)))
      .map(spaced)
      .join('|'),
    short: short.map(literal).join('|'),
    capital: capital.join('|'),
  };
}

/** Long secret words without their separators. */
export function squashedWords(rules: RedactionRules): string[] {
  const squashed = wordsOf(rules).map((word) => word.toLowerCase().replace(/[^a-z0-9]/g, ''));
  return unique([...new Set(squashed.filter((word) => word.length > SHORT_SECRET_WORD))]);
}

/** Conditions of which one holds when a list of names has a secret one; the list in lower case and as it is. */
export function secretKeyTests(rules: RedactionRules, lower: string, printed: string): string[] {
  const words = wordsOf(rules).map((word) => word.toLowerCase());
  const isShort = (word: string) => word.replace(/[^a-z0-9]/g, '').length <= SHORT_SECRET_WORD;
  const long = unique([...new Set(words.filter((word) => !isShort(word)))]);
  const short = words.filter(isShort);
  const capital = short.map((word) => literal(word.charAt(0).toUpperCase() + word.slice(1)));
  return [
    ...long.map((word) => {
      const parts = word.split(/[^a-z0-9]/);
      return parts.length === 1
        ? `Index(${lower}, ${quote(word)}) >= 0`
        : `IsMatch(${lower}, ${quote(parts.map(literal).join('[^\\pL\\pN]{0,2}'))})`;
    }),
    `IsMatch(${lower}, ${quote(`[^a-z0-9](?:${short.map(literal).join('|')})[^a-z0-9]`)})`,
    `IsMatch(${printed}, ${quote(`(?:${capital.join('|')})(?:[^a-z0-9])`)})`,
  ];
}

/**
 * What secret names are made of, in lower case: a text that holds all parts of none of them, and no escape that could hide one, has no secret name in it. Words that begin like
 * several others have that beginning in common.
 */
export function secretParts(rules: RedactionRules): string[][] {
  const words = wordsOf(rules).map((word) => word.toLowerCase().split(/[^a-z0-9]/));
  const single = words.flatMap((parts) => (parts.length === 1 ? parts : []));
  const all = words.map((parts) => {
    const [first = '', ...more] = parts;
    const alike = single.filter((word) => word.slice(0, ALIKE) === first.slice(0, ALIKE));
    return more.length === 0 && alike.length > 2 ? [first.slice(0, ALIKE)] : parts;
  });
  return all.filter(
    (own, index) => !all.some((other, at) => covers(other, own) && (at < index || !covers(own, other))),
  );
}

/** How many signs make words begin alike. */
const ALIKE = 4;

/** Every text with all parts of the second one has all of the first. */
function covers(one: readonly string[], other: readonly string[]): boolean {
  return one.every((part) => other.some((text) => text.includes(part)));
}

/** What may follow a secret name where a value stands behind it: quotes, blanks and colour codes, then an equals sign, a colon or a quote; also as JSON writes them. */
const VALUE_FOLLOWS = '(?:\\\\*["\'`]?(?:\\x1b\\[[0-9;]*m)?(?:[ \\t]|\\\\t)*[=:]|(?:[ \\t]|\\\\t)+\\\\*["\'`])';
/** Signs of a name, and marks that come of changing the case of a letter. */
const NAME_SIGN = '[\\pL\\pN\\pM_.-]';

/**
 * RE2 expressions of which one fits every text with a secret name and a value: for the text in lower case, and for the text as it is. Each begins with letters, so that a
 * text without them costs next to nothing.
 */
export function secretMarks(rules: RedactionRules): {
  lower: string[];
  /** With the word that the text in lower case holds, too. */
  asIs: { word: string; pattern: string }[];
} {
  const words = wordsOf(rules).map((word) => word.toLowerCase());
  const isShort = (word: string) => word.replace(/[^a-z0-9]/g, '').length <= SHORT_SECRET_WORD;
  const groups = new Map<string, string[]>();
  for (const word of unique(words.filter((one) => !isShort(one)))) {
    const expression = word
      .split(/[^a-z0-9]/)
      .map(literal)
      .join('(?:\\\\[a-z]|[^\\pL\\pN]{0,2})');
    const start = word.slice(0, 3);
    groups.set(start, [...(groups.get(start) ?? []), expression]);
  }
  const short = words.filter(isShort);
  return {
    lower: [
      ...[...groups.values()].map((group) => `(?:${group.join('|')})${NAME_SIGN}*${VALUE_FOLLOWS}`),
      ...short.map((word) => `${literal(word)}(?:[_.-]${NAME_SIGN}*)?${VALUE_FOLLOWS}`),
    ],
    asIs: short.map((word) => ({
      word,
      pattern: `${literal(word.charAt(0).toUpperCase() + word.slice(1))}(?:[\\p{Lu}_.-]${NAME_SIGN}*)?${VALUE_FOLLOWS}`,
    })),
  };
}
