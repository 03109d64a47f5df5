import { createHmac } from 'node:crypto';

/** Changes a text of a record; `name` is that of the attribute it is, undefined for the body. */
export type TextChange = (text: string, name: string | undefined) => string;

/** Makes the change for one record of the values that it holds. */
export type RecordChange = (valuesOf: (name: string) => readonly string[]) => TextChange;

/** 128 bit of the HMAC: enough that no two people get one pseudonym. */
const PSEUDONYM_DIGITS = 32;
/** Shorter values stand in texts by chance. */
const SHORTEST_REPEATED = 3;

/**
 * Replaces the values of attributes by pseudonyms: the same value and key give the same one, on every machine. Where a text of the record
 * repeats the value, it is replaced there, too.
 */
export function createPseudonyms(attributes: readonly string[], key: Uint8Array): RecordChange {
  const names = new Set(attributes);
  const pseudonymOf = (value: string) =>
    `pseudonym:${createHmac('sha256', key).update(value).digest('hex').slice(0, PSEUDONYM_DIGITS)}`;
  return (valuesOf) => {
    const values = [...new Set(attributes.flatMap((name) => valuesOf(name)))].filter((value) => value !== '');
    // Longer ones first: a name may be part of a distinguished name.
    const repeated = values
      .filter((value) => value.length >= SHORTEST_REPEATED)
      .sort((one, other) => other.length - one.length)
      .map((value) => [value, pseudonymOf(value)] as const);
    return (text, name) => {
      if (name !== undefined && names.has(name)) return text === '' ? text : pseudonymOf(text);
      return repeated.reduce((result, [value, pseudonym]) => result.replaceAll(value, () => pseudonym), text);
    };
  };
}

/** A compiled pattern. */
export interface Pattern {
  /** The text with everything that matches replaced. */
  replace(text: string): string;
}

/** Replaces what patterns match, in every text. */
export function createRedaction(patterns: readonly Pattern[]): RecordChange {
  const change: TextChange = (text) => patterns.reduce((result, pattern) => pattern.replace(result), text);
  return () => change;
}

/** One change after the other; undefined when there is none. */
export function joinChanges(changes: readonly RecordChange[]): RecordChange | undefined {
  if (changes.length <= 1) return changes[0];
  return (valuesOf) => {
    const made = changes.map((change) => change(valuesOf));
    return (text, name) => made.reduce((result, change) => change(result, name), text);
  };
}
