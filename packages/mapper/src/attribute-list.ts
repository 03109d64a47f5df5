import type { AttributeValue } from './records.ts';

/**
 * Attributes of one record, in order. It reads like a `Map` and costs a fraction of one to make and to keep: attributes are passed on one by one, and records of a kind share
 * their names. A record has some twenty, so a name is looked for by walking.
 */
export class AttributeList implements ReadonlyMap<string, AttributeValue> {
  #names: string[];
  #values: AttributeValue[];
  #size: number;
  /** The names are another list's, too. */
  #isSharing: boolean;

  /** @param names Used as they are, and copied before anything is added to them. */
  constructor(names: string[] = [], values: AttributeValue[] = []) {
    this.#names = names;
    this.#values = values;
    this.#size = names.length;
    this.#isSharing = names.length > 0;
  }

  get size(): number {
    return this.#size;
  }

  has(name: string): boolean {
    return this.#indexOf(name) !== -1;
  }

  get(name: string): AttributeValue | undefined {
    const at = this.#indexOf(name);
    return at === -1 ? undefined : this.#values[at];
  }

  /** An attribute that is there keeps its place. */
  set(name: string, value: AttributeValue): this {
    const at = this.#indexOf(name);
    if (at === -1) return this.add(name, value);
    this.#values[at] = value;
    return this;
  }

  /** The same for a name that is not there yet, which nobody looks for. */
  add(name: string, value: AttributeValue): this {
    if (this.#isSharing) {
      this.#names = this.#names.slice();
      this.#isSharing = false;
    }
    this.#names[this.#size] = name;
    this.#values[this.#size] = value;
    this.#size += 1;
    return this;
  }

  /** Forgets all, and keeps the room for as many. */
  clear(): void {
    this.#size = 0;
  }

  /** The names in order, when they are these; else a copy of them. */
  namesLike(known: string[] | undefined): string[] {
    if (known?.length !== this.#size) return this.#names.slice(0, this.#size);
    for (let at = 0; at < this.#size; at += 1)
      if (known[at] !== this.#names[at]) return this.#names.slice(0, this.#size);
    return known;
  }

  /** What is in the list now, under names that {@link namesLike} gave. */
  snapshot(names: string[] = this.namesLike(undefined)): AttributeList {
    return new AttributeList(names, this.#values.slice(0, this.#size));
  }

  forEach(visit: (value: AttributeValue, name: string, list: AttributeList) => void): void {
    for (let at = 0; at < this.#size; at += 1) {
      const name = this.#names[at];
      const value = this.#values[at];
      if (name !== undefined && value !== undefined) visit(value, name, this);
    }
  }

  /** The names that are there now, as with the two below. */
  keys(): MapIterator<string> {
    return this.#names.slice(0, this.#size).values();
  }

  values(): MapIterator<AttributeValue> {
    return this.#values.slice(0, this.#size).values();
  }

  entries(): MapIterator<[string, AttributeValue]> {
    const pairs: [string, AttributeValue][] = [];
    this.forEach((value, name) => {
      pairs.push([name, value]);
    });
    return pairs.values();
  }

  [Symbol.iterator](): MapIterator<[string, AttributeValue]> {
    return this.entries();
  }

  /** Whether a text among the values is longer than that. */
  hasLonger(limit: number): boolean {
    for (let at = 0; at < this.#size; at += 1) {
      const value = this.#values[at];
      if (typeof value === 'string' && value.length > limit) return true;
    }
    return false;
  }

  #indexOf(name: string): number {
    for (let at = 0; at < this.#size; at += 1) if (this.#names[at] === name) return at;
    return -1;
  }
}
