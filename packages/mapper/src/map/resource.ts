import type { Product } from '@cryptrail/catalogue';
import { flat } from '../flat.ts';
import type { AttributeValue, Resource } from '../records.ts';

type Attributes = ReadonlyMap<string, AttributeValue>;

/** Gives equal resources as one object, so that records can be grouped by identity. Bounded: an attacker who makes up names cannot fill memory. */
export interface ResourceStore {
  /** @param attributes Nobody may change them any more. */
  intern(attributes: Attributes): Resource;
}

const MAX_RESOURCES = 10_000;

export function createResourceStore(): ResourceStore {
  const known = new Map<string, Resource>();
  // A log tells of one instance for long stretches.
  let last: Resource | undefined;
  let lastGiven: Attributes | undefined;
  return {
    intern(attributes) {
      if (last && (lastGiven === attributes || isEqual(last.attributes, attributes))) return last;
      lastGiven = attributes;
      const key = JSON.stringify([...attributes], (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
      const same = known.get(key);
      if (same) {
        last = same;
        return same;
      }
      if (known.size >= MAX_RESOURCES) known.clear();
      const made: Resource = { attributes: new Map([...attributes].map(([name, value]) => [name, kept(value)])) };
      known.set(key, made);
      last = made;
      return made;
    },
  };
}

/** Same names with the same values in the same order. Lists and doubles, which resources hardly hold, are never equal here. */
function isEqual(known: Attributes, given: Attributes): boolean {
  if (known.size !== given.size) return false;
  const names = known.keys();
  let isSame = true;
  given.forEach((value, name) => {
    if (isSame) isSame = names.next().value === name && known.get(name) === value;
  });
  return isSame;
}

function kept(value: AttributeValue): AttributeValue {
  return typeof value === 'string' ? flat(value) : value;
}

/** Resource attributes of a product's records: what their fields said, over the product's constants (by application where they differ). */
export type MergeResource = (application: string | undefined, read: Attributes) => Attributes;

/** Compiles the constants of a product. What comes back may be one object for many records. */
export function compileResource(product: Product): MergeResource {
  const constants = new Map<string, Attributes>();
  const constantsOf = (application: string) => {
    const known = constants.get(application);
    if (known) return known;
    const made = new Map<string, AttributeValue>();
    for (const [name, value] of Object.entries(product.resource)) {
      const text = typeof value === 'string' ? value : value[application];
      if (text !== undefined) made.set(name, text);
    }
    constants.set(application, made);
    return made;
  };
  let last: { readonly fixed: Attributes; readonly read: Attributes; readonly merged: Attributes } | undefined;
  return (application = 'unknown', read) => {
    const fixed = constantsOf(application);
    if (read.size === 0) return fixed;
    if (last?.fixed === fixed && isEqual(last.read, read)) return last.merged;
    const merged = new Map(fixed);
    read.forEach((value, name) => {
      merged.set(name, value);
    });
    last = { fixed, read: new Map(read), merged };
    return merged;
  };
}
