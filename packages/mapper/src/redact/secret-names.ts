import type { RedactionRules } from '@cryptrail/catalogue';
import { SECRET_WORDS, SHORT_SECRET_WORD } from '@cryptrail/catalogue/words';
import { remembered } from '../remembered.ts';

/** Tests on names, made once for each product's rules. */
export interface SecretNames {
  isSecret(name: string): boolean;
  isSecretParameter(name: string): boolean;
  /** Whether a value stands for one that was masked already: `?`, `$1`, or a placeholder of the product. */
  isPlaceholder(value: string): boolean;
  /** Whether a text holds part of a secret name at all, so that most texts need no closer look. */
  mayHold(text: string): boolean;
  /** Parts of secret names that stand in a text that holds one. */
  readonly sought: readonly SoughtWord[];
}

/** `AuthorizationDeniedException: …`: what stands behind it is its message, in which other names are looked for. */
const EXCEPTION_CLASS = /[a-z](?:Exception|Error)$/;

const compiled = new WeakMap<RedactionRules, SecretNames>();

/**
 * Whether a field, detail, setting or key of this name holds a secret: whether a secret word occurs in it. Case and separators do not count
 * (`api_key` is in `X-API-Key` and `apiKeyOld`); words of up to four letters must be a part of their own (`userPin`, not `mapping`). Classes of
 * exceptions (`PasswordExpiredException`) are no names of values.
 */
export function isSecretName(name: string, rules: RedactionRules): boolean {
  return secretNames(rules).isSecret(name);
}

/** The tests for these rules. */
export function secretNames(rules: RedactionRules): SecretNames {
  const known = compiled.get(rules);
  if (known !== undefined) return known;
  const made = compile(rules);
  compiled.set(rules, made);
  return made;
}

function compile(rules: RedactionRules): SecretNames {
  const words = [...new Set([...SECRET_WORDS, ...rules.secretNames])];
  const long = words.map(squash).filter((word) => word.length > SHORT_SECRET_WORD);
  const short = new Set(words.map(squash).filter((word) => word.length <= SHORT_SECRET_WORD));
  const fields = new Set((rules.secretFields ?? []).map(squash));
  const harmless = new Set((rules.harmlessNames ?? []).map(squash));
  const parameters = new Set(rules.queryParameters.map(squash));
  const judge = (name: string): boolean => {
    const squashed = squash(name);
    if (harmless.has(squashed) || EXCEPTION_CLASS.test(name)) return false;
    return (
      fields.has(squashed) ||
      long.some((word) => squashed.includes(word)) ||
      partsOf(name).some((part) => short.has(part))
    );
  };
  // A source uses the same few names over and over.
  const isSecret = remembered(judge);
  const sought = soughtWords([...words, ...(rules.secretFields ?? [])], rules.queryParameters);
  const mayHold = new RegExp(sought.map(patternOf).join('|') || '$^', 'i');
  return {
    isSecret,
    isPlaceholder: (value) => placeholder(value, rules.placeholders ?? []),
    isSecretParameter: (name) => parameters.has(squash(name)) || isSecret(name),
    mayHold: (text) => mayHold.test(text),
    sought,
  };
}

/** Parts of a name, in lower case, that follow one another in a text with nothing but separators between them. */
export type SoughtWord = readonly string[];

/** The last part of a parameter of a query. */
const TIE = '=';
/** What says that a token follows, whatever the name before it. */
const SCHEME = 'bearer';

/** What stands in a text that holds a secret: part of a name, or a parameter of a query. */
function soughtWords(names: readonly string[], parameters: readonly string[]): SoughtWord[] {
  const sought: SoughtWord[] = [];
  // A word is found by one that is part of it.
  const add = (word: SoughtWord) => {
    if (!sought.some(([first = '', ...more]) => more.length === 0 && word.some((part) => part.includes(first))))
      sought.push(word);
  };
  const words = [SCHEME, ...names].map(soughtParts);
  for (const word of words.sort((one, other) => one.length - other.length || one.join().length - other.join().length))
    add(word);
  for (const name of parameters) add([...soughtParts(name), TIE]);
  return sought;
}

/** `private_key` is sought as `private` and `key`, whatever separates them; a name without ASCII may be anywhere. */
function soughtParts(name: string): string[] {
  const parts = name
    .toLowerCase()
    .split(/[^a-z0-9]/)
    .filter((part) => part !== '');
  return parts.length === 0 ? [''] : parts;
}

/** The same as an expression. What a parameter is called may be spelled in part as `%74oken`. */
function patternOf([first = '', ...more]: SoughtWord): string {
  return (first || '(?:)') + more.map((part) => `[^a-z0-9]*(?:[a-z0-9]{0,${part.length - 1}}%|${part})`).join('');
}

function placeholder(value: string, prefixes: readonly string[]): boolean {
  if (value === '?') return true;
  const digits = value.search(/\d/);
  return digits > 0 && /^\d{1,6}$/.test(value.slice(digits)) && ['$', ...prefixes].includes(value.slice(0, digits));
}

/** Letters and digits alone, in lower case. */
function squash(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** `userPin`, `user_pin` and `USER-PIN` have the parts `user` and `pin`. */
function partsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]/u);
}
