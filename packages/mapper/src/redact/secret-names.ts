import type { RedactionRules } from '@cryptrail/catalogue';
import { SECRET_WORDS, SHORT_SECRET_WORD } from '@cryptrail/catalogue/words';
import { flat } from '../flat.ts';

/** Tests on names, made once for each product's rules. */
export interface SecretNames {
  isSecret(name: string): boolean;
  isSecretParameter(name: string): boolean;
  /** Whether a value stands for one that was masked already: `?`, `$1`, or a placeholder of the product. */
  isPlaceholder(value: string): boolean;
  /** Whether a text holds part of a secret name at all, so that most texts need no closer look. */
  mayHold(text: string): boolean;
  /** The same for ASCII bytes, and whether they may hold a URL. */
  mayHoldBytes(bytes: Uint8Array, start: number, end: number): boolean;
}

/** Names whose answer is kept, and the longest of them. */
const MAX_REMEMBERED = 2048;
const MAX_REMEMBERED_LENGTH = 128;

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
  // A source uses the same few names over and over; an attacker who makes up more only empties the table.
  const judged = new Map<string, boolean>();
  const isSecret = (name: string): boolean => {
    const known = judged.get(name);
    if (known !== undefined) return known;
    const made = judge(name);
    if (name.length > MAX_REMEMBERED_LENGTH) return made;
    if (judged.size >= MAX_REMEMBERED) judged.clear();
    judged.set(flat(name), made);
    return made;
  };
  const named = [...words, ...(rules.secretFields ?? [])].map(longestPart);
  // `client_secret` is found by its `secret`: `client` alone is in many texts.
  const parameterStarts = rules.queryParameters.filter((name) => !partsOf(name).some((part) => named.includes(part)));
  const starts = [...named, ...parameterStarts.map(longestPart)];
  const mayHold = new RegExp([...new Set(starts)].filter((start) => start !== '').join('|') || '$^', 'i');
  return {
    isSecret,
    isPlaceholder: (value) => placeholder(value, rules.placeholders ?? []),
    isSecretParameter: (name) => parameters.has(squash(name)) || isSecret(name),
    mayHold: (text) => mayHold.test(text),
    mayHoldBytes: compileByteTest([...new Set(starts)].filter((start) => start !== '')),
  };
}

/** Three letters, five bits each, tell most texts from those that hold one of the words. */
const LETTERS = 32;

/** A look for words in bytes, whatever their case; shorter words than three letters are thought to be everywhere. */
function compileByteTest(words: readonly string[]): SecretNames['mayHoldBytes'] {
  if (words.some((word) => word.length < 3)) return () => true;
  const starts = new Map<number, Uint8Array[]>();
  const known = new Uint8Array(LETTERS ** 3);
  for (const word of [...words, '://']) {
    const bytes = new TextEncoder().encode(word);
    const place = placeOf(bytes[0] ?? 0, bytes[1] ?? 0, bytes[2] ?? 0);
    starts.set(place, [...(starts.get(place) ?? []), bytes]);
    known[place] = 1;
  }
  return (bytes, start, end) => {
    let place = placeOf(0, bytes[start] ?? 0, bytes[start + 1] ?? 0);
    for (let at = start + 2; at < end; at += 1) {
      place = ((place * LETTERS) & 0x7fff) | ((bytes[at] ?? 0) & 0x1f);
      if (known[place] === 0) continue;
      for (const word of starts.get(place) ?? []) if (isWord(word, bytes, at - 2, end)) return true;
    }
    return false;
  };
}

function placeOf(first: number, second: number, third: number): number {
  return ((first & 0x1f) * LETTERS + (second & 0x1f)) * LETTERS + (third & 0x1f);
}

function isWord(word: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (start + word.length > end) return false;
  for (let at = 0; at < word.length; at += 1) {
    const byte = bytes[start + at] ?? 0;
    if ((byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte) !== word[at]) return false;
  }
  return true;
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

/** Of `private_key`, `private`: whatever separator a text puts between the parts, this stands in it. */
function longestPart(word: string): string {
  const parts = word.toLowerCase().split(/[^a-z0-9]/);
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}
