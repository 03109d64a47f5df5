import type { Issue } from '../issue.ts';
import type { FieldValue } from '../records.ts';
import { MAX_FIELDS, TOO_MANY_FIELDS } from './decoded.ts';

/** Gathers key-value pairs of a format without escaping, where values can hold what looks like more pairs. Values are places in the text, so that what belongs to one only moves its end. */
export interface OpenDetails {
  /** A new pair whose value stands from `from` to `to`. A key that was there before gets a number behind it, so that neither value is lost. */
  add(key: string, from: number, to: number): void;
  /** The last value goes on to `to`. False when there is no pair yet. */
  extend(to: number): boolean;
  /** No further pair is taken. */
  readonly full: boolean;
  /** The pairs in order; `read` makes a value of each text. */
  finish(read: (text: string) => FieldValue, issues: Issue[]): Map<string, FieldValue>;
}

interface Pair {
  readonly key: string;
  readonly from: number;
  to: number;
}

/** Starts an empty collection of pairs of this text. The pairs come from a map, so a repeated key shows that a value holds what looks like pairs; which is which nobody can tell. Linear in the text, whatever the number of pairs and repeats. */
export function createOpenDetails(text: string): OpenDetails {
  const pairs: Pair[] = [];
  let full = false;
  return {
    get full() {
      return full;
    },
    add(key, from, to) {
      full = pairs.length >= MAX_FIELDS;
      if (!full) pairs.push({ key, from, to });
    },
    extend(to) {
      const last = pairs.at(-1);
      if (last) last.to = to;
      return last !== undefined;
    },
    finish(read, issues) {
      const details = new Map<string, FieldValue>();
      const names = detailNames(
        pairs.map(({ key }) => key),
        issues,
      );
      for (const [index, { from, to }] of pairs.entries()) details.set(names[index] ?? '', read(text.slice(from, to)));
      if (full) issues.push(TOO_MANY_FIELDS);
      return details;
    },
  };
}

/** The names of details with these keys, and what there is to report of them. */
export function detailNames(keys: readonly string[], issues: Issue[]): string[] {
  const names = new Set<string>();
  const repeats = new Map<string, number>();
  for (const key of keys) {
    let name = key;
    while (names.has(name)) {
      const count = (repeats.get(key) ?? 1) + 1;
      repeats.set(key, count);
      name = `${key}_${count}`;
    }
    names.add(name);
  }
  if (repeats.size > 0)
    issues.push({ code: 'unknown_field_order', message: `${repeats.size} detail keys occur more than once` });
  return [...names];
}

const MAX_KEY_LENGTH = 256;

/** True when a text can be the key of a detail: a name (`resource0`, `added:FOO`, `tsa.policy-1`), or anything behind one of the prefixes that stand before free names. */
export function isDetailKey(text: string, prefixes: readonly string[] = []): boolean {
  if (text.length > MAX_KEY_LENGTH) return false;
  return /^[\p{L}\p{N}_][\p{L}\p{N}_.:/-]*$/u.test(text) || prefixes.some((prefix) => text.startsWith(prefix));
}
