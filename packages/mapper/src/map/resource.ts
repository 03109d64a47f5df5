import type { Product } from '@cryptrail/catalogue';
import type { AttributeValue, Resource } from '../records.ts';

/** Gives equal resources as one object, so that records can be grouped by identity. Bounded: an attacker who makes up names cannot fill memory. */
export interface ResourceStore {
  intern(attributes: ReadonlyMap<string, AttributeValue>): Resource;
}

const MAX_RESOURCES = 10_000;

export function createResourceStore(): ResourceStore {
  const known = new Map<string, Resource>();
  return {
    intern(attributes) {
      const key = JSON.stringify([...attributes], (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
      const same = known.get(key);
      if (same) return same;
      if (known.size >= MAX_RESOURCES) known.clear();
      const made: Resource = { attributes: new Map(attributes) };
      known.set(key, made);
      return made;
    },
  };
}

/** Resource attributes of a product's record: what its fields said, over the product's constants (by application where they differ). */
export function resourceAttributes(
  product: Product,
  application: string | undefined,
  read: ReadonlyMap<string, AttributeValue>,
): Map<string, AttributeValue> {
  const merged = new Map<string, AttributeValue>();
  for (const [name, value] of Object.entries(product.resource)) {
    const text = typeof value === 'string' ? value : value[application ?? 'unknown'];
    if (text !== undefined) merged.set(name, text);
  }
  for (const [name, value] of read) merged.set(name, value);
  return merged;
}
