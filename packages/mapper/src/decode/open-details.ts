import type { Issue } from '../issue.ts';
import type { FieldValue } from '../records.ts';

/** Gathers key-value pairs of a format without escaping, where values can hold what looks like more pairs. */
export interface OpenDetails {
  /** A new pair. A key that was there before gets a number behind it, so that neither value is lost. */
  add(key: string, value: string): void;
  /** Text that belongs to the last value. False when there is no pair yet. */
  append(text: string): boolean;
  /** The pairs in order; `read` makes a value of each text. */
  finish(read: (text: string) => FieldValue, issues: Issue[]): Map<string, FieldValue>;
}

/** Starts an empty collection. The pairs come from a map, so a repeated key shows that a value holds what looks like pairs; which is which nobody can tell. Linear in the text, whatever the number of pairs and repeats. */
export function createOpenDetails(): OpenDetails {
  const pairs: { readonly key: string; readonly parts: string[] }[] = [];
  return {
    add(key, value) {
      pairs.push({ key, parts: [value] });
    },
    append(text) {
      const last = pairs.at(-1);
      last?.parts.push(text);
      return last !== undefined;
    },
    finish(read, issues) {
      const details = new Map<string, FieldValue>();
      const repeats = new Map<string, number>();
      for (const { key, parts } of pairs) {
        let name = key;
        while (details.has(name)) {
          const count = (repeats.get(key) ?? 1) + 1;
          repeats.set(key, count);
          name = `${key}_${count}`;
        }
        details.set(name, read(parts.join('')));
      }
      if (repeats.size > 0)
        issues.push({ code: 'unknown_field_order', message: `${repeats.size} detail keys occur more than once` });
      return details;
    },
  };
}

const MAX_KEY_LENGTH = 256;

/** True when a text can be the key of a detail: a name (`resource0`, `added:FOO`, `tsa.policy-1`), or anything behind one of the prefixes that stand before free names. */
export function isDetailKey(text: string, prefixes: readonly string[] = []): boolean {
  if (text.length > MAX_KEY_LENGTH) return false;
  return /^[\p{L}\p{N}_][\p{L}\p{N}_.:/-]*$/u.test(text) || prefixes.some((prefix) => text.startsWith(prefix));
}
