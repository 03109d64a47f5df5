import type { AttributeValue } from './records.ts';

/**
 * Attributes of one record, in order. It reads like a `Map`, costs a fraction of one to make, and is passed on from name to name: that is what becomes of
 * attributes. A record has some twenty, so a name is looked for by walking.
 */
export class AttributeList implements ReadonlyMap<string, AttributeValue> {
  readonly #names: string[] = [];
  readonly #values: AttributeValue[] = [];

  get size(): number {
    return this.#names.length;
  }

  has(name: string): boolean {
    return this.#names.includes(name);
  }

  get(name: string): AttributeValue | undefined {
    const at = this.#names.indexOf(name);
    return at === -1 ? undefined : this.#values[at];
  }

  /** An attribute that is there keeps its place. */
  set(name: string, value: AttributeValue): this {
    const at = this.#names.indexOf(name);
    if (at === -1) return this.add(name, value);
    this.#values[at] = value;
    return this;
  }

  /** The same for a name that is not there yet, which nobody looks for. */
  add(name: string, value: AttributeValue): this {
    this.#names.push(name);
    this.#values.push(value);
    return this;
  }

  clear(): void {
    this.#names.length = 0;
    this.#values.length = 0;
  }

  forEach(visit: (value: AttributeValue, name: string, list: AttributeList) => void): void {
    for (let at = 0; at < this.#names.length; at += 1) {
      const value = this.#values[at];
      if (value !== undefined) visit(value, this.#names[at] ?? '', this);
    }
  }

  keys(): MapIterator<string> {
    return this.#names.values();
  }

  values(): MapIterator<AttributeValue> {
    return this.#values.values();
  }

  *entries(): MapIterator<[string, AttributeValue]> {
    for (let at = 0; at < this.#names.length; at += 1) {
      const value = this.#values[at];
      if (value !== undefined) yield [this.#names[at] ?? '', value];
    }
  }

  [Symbol.iterator](): MapIterator<[string, AttributeValue]> {
    return this.entries();
  }
}
