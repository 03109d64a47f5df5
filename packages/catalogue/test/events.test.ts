import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { PRODUCTS, productIds, readTables } from '../scripts/tables.ts';
import { defineProduct } from '../src/define-product.ts';
import type { EventEntry } from '../src/types.ts';
import { rawObjects } from './raw-json.ts';
import { templateParts } from './template-parts.ts';

const schema = JSON.parse(readFileSync(new URL('../schema/events.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ allErrors: true, strictTypes: false, strictRequired: false }).compile(schema);

/** Names grouped by what `key` says of an entry; entries of which it says nothing are left out. */
function groupNames(
  entries: readonly (readonly [string, EventEntry])[],
  key: (entry: EventEntry) => string | undefined,
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, entry] of entries) {
    const value = key(entry);
    if (value !== undefined) groups.set(value, [...(groups.get(value) ?? []), name]);
  }
  return groups;
}

const repeated = (groups: ReadonlyMap<string, readonly string[]>) =>
  [...groups].filter(([, names]) => names.length > 1);

/** True when a record could have a level that both entries take. */
function levelsMeet(one: EventEntry, other: EventEntry): boolean {
  const [mine, theirs] = [one.when?.levels, other.when?.levels];
  return !mine || !theirs || mine.some((level) => theirs.includes(level));
}

/** Attributes that the engine writes for every product. */
const ENGINE_ATTRIBUTES = ['error.type', 'exception.type', 'exception.message', 'cryptrail.code', 'cryptrail.outcome'];

/** Outcome rules of formats that are not described yet; goes away with the last of them. */
const RULES_TO_COME: Readonly<Record<string, readonly string[]>> = { cesecore: ['ocsp', 'worker', 'ws'] };

describe.each(productIds())('events of %s', (id) => {
  const tables = readTables(id);
  const entries = Object.entries(tables.events);
  const raw = readFileSync(join(PRODUCTS, id, 'events.json'), 'utf8');
  const objects = rawObjects(raw);
  const product = defineProduct(tables);
  const byCode = groupNames(entries, (entry) => entry.code);
  const entryOf = (name: string): EventEntry => {
    const entry = tables.events[name];
    if (!entry) throw new Error(`no entry ${name}`);
    return entry;
  };

  it('have the shape of the schema', () => {
    validate(tables.events);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('repeat no key, which JSON.parse would hide', () => {
    const twice = objects.filter(({ keys }) => new Set(keys).size < keys.length);
    expect(twice).toEqual([]);
  });

  it('stand in the order of their names', () => {
    const [names] = objects.map(({ keys }) => keys);
    expect(names).toEqual([...(names ?? [])].sort());
    expect(names).toHaveLength(entries.length);
  });

  it('have printable ASCII names in the namespace of the product', () => {
    const start = `${tables.product.namespace}.`;
    expect(entries.filter(([name]) => !name.startsWith(start) || !/^[!-~]+$/.test(name))).toEqual([]);
  });

  it('have one default entry for each repeated code, and a way to tell the others from it', () => {
    for (const [code, names] of byCode) {
      const defaults = names.filter((name) => entryOf(name).default);
      const others = names.filter((name) => !entryOf(name).default);
      if (names.length === 1) expect(defaults, code).toEqual([]);
      else expect([defaults.length, others.filter((name) => !entryOf(name).when)], code).toEqual([1, []]);
    }
  });

  it('share the group among all names of one code', () => {
    const groups = repeated(byCode).map(([code, names]) => [
      code,
      new Set(names.map((name) => entryOf(name).group)).size,
    ]);
    expect(groups.filter(([, count]) => count !== 1)).toEqual([]);
  });

  it('name their source', () => {
    expect(entries.filter(([, entry]) => !entry.source.trim())).toEqual([]);
  });

  it('C28 say of each important, high or critical event why it matters, what to look at and what to do', () => {
    const weighty = entries.filter(([, entry]) => entry.important || ['high', 'critical'].includes(entry.priority));
    expect(weighty.filter(([, entry]) => !entry.why || !entry.triage || !entry.remediation)).toEqual([]);
    expect(weighty.length).toBeGreaterThan(0);
  });

  it('share no description', () => {
    expect(repeated(groupNames(entries, (entry) => entry.description))).toEqual([]);
  });

  it('lead from name to code and back', () => {
    for (const [name, entry] of entries) {
      expect(product.events.get(name)).toBeDefined();
      if (entry.code !== undefined) expect(product.codes.get(entry.code), name).toContain(name);
    }
    for (const [code, names] of product.codes) {
      expect(names.map((name) => product.events.get(name)?.code)).toEqual(names.map(() => code));
      if (names.length > 1) expect(product.events.get(names[0] ?? '')?.default, code).toBe(true);
    }
  });

  it('name an outcome rule that the product has', () => {
    const rules = new Set([...Object.keys(tables.product.outcomes), ...(RULES_TO_COME[id] ?? [])]);
    expect(entries.filter(([, { outcome }]) => outcome !== undefined && !rules.has(outcome))).toEqual([]);
  });

  it('promise only attributes that a rule can give', () => {
    const { details, codeAttribute, groupAttribute } = tables.product;
    const given = new Set([...ENGINE_ATTRIBUTES, codeAttribute?.name, groupAttribute]);
    for (const rule of tables.fields) {
      for (const name of [rule.attribute, rule.port, rule.rest, rule.full, ...(rule.also ?? [])]) given.add(name);
    }
    for (const format of tables.product.formats) for (const name of Object.keys(format.fixed ?? {})) given.add(name);
    for (const [name, { attributes, fixed = {} }] of entries) {
      const own = new Set(Object.keys(fixed));
      const missing = attributes.filter((attribute) => !given.has(attribute.name) && !own.has(attribute.name));
      expect(
        missing.filter((attribute) => !attribute.name.startsWith(details.prefix)),
        name,
      ).toEqual([]);
    }
  });

  it('point to existing entries when replaced', () => {
    const targets = entries.flatMap(([, { deprecated }]) => deprecated?.replacedBy ?? []);
    expect(targets.filter((target) => !Object.hasOwn(tables.events, target))).toEqual([]);
  });

  it('have message templates that can be read', () => {
    const templates = entries.flatMap(([, entry]) => entry.when?.messages ?? []);
    expect(templates.map((text) => [text, templateParts(text).faults]).filter(([, faults]) => faults?.length)).toEqual(
      [],
    );
  });

  it('have no template that another entry of the same code and level has too', () => {
    const places = entries
      .filter(([, entry]) => !entry.when?.conditions)
      .flatMap(([name, entry]) =>
        (entry.when?.messages ?? []).map((text) => ({ name, entry, text: templateParts(text).literals.join('\0') })),
      );
    const clashes = places.filter((place, at) =>
      places
        .slice(at + 1)
        .some(
          (other) =>
            other.text === place.text && other.entry.code === place.entry.code && levelsMeet(other.entry, place.entry),
        ),
    );
    expect(clashes.map(({ name, text }) => [name, text])).toEqual([]);
  });
});
