import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { PRODUCTS, productIds, readTables } from '../scripts/tables.ts';
import { readOverlay } from '../src/read-overlay.ts';
import { rawObjects } from './raw-json.ts';

const ajv = new Ajv2020({ allErrors: true, strictTypes: false, strictTuples: false });
const compiled = (name: string) =>
  ajv.compile(JSON.parse(readFileSync(new URL(`../schema/${name}.schema.json`, import.meta.url), 'utf8')));
const product = compiled('product');
const fields = compiled('fields');
const overlay = compiled('overlay');
const configuration = compiled('configuration');

const ATTRIBUTE = /^[a-z][a-z0-9]*([._][A-Za-z0-9]+)*$/;
/** Namespaces of OpenTelemetry that are not ours to extend, and the words that look like one. */
const RESERVED = /^(event|audit|security|otel)\./;

it('finds every folder complete', () => {
  const folders = readdirSync(PRODUCTS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual(productIds());
});

describe.each(productIds())('tables of %s', (id) => {
  const tables = readTables(id);
  const names = tables.fields.flatMap((rule) =>
    [rule.attribute, rule.port, rule.rest, rule.full, ...(rule.also ?? [])].flatMap((name) => name ?? []),
  );

  it('have the shape of the schemas', () => {
    product(tables.product);
    expect(product.errors ?? []).toEqual([]);
    fields(tables.fields);
    expect(fields.errors ?? []).toEqual([]);
  });

  it('describe the configuration of the product in the shape of its schema, with keys that are there', () => {
    const path = join(PRODUCTS, id, 'configuration.json');
    if (!existsSync(path)) return;
    const table = JSON.parse(readFileSync(path, 'utf8'));
    configuration(table);
    expect(configuration.errors ?? []).toEqual([]);
    const known = new Set(table.keys.map(({ key }: { key: string }) => key));
    const named = [
      ...table.keys.flatMap(({ requires = [] }: { requires?: string[] }) => requires),
      ...Object.values<Record<string, string>>(table.outputs).flatMap(({ otherwise: _, ...keys }) =>
        Object.values(keys),
      ),
    ];
    expect(named.filter((key) => !known.has(key))).toEqual([]);
  });

  it('repeat no key, which JSON.parse would hide', () => {
    for (const name of ['product', 'fields']) {
      const objects = rawObjects(readFileSync(join(PRODUCTS, id, `${name}.json`), 'utf8'));
      expect(
        objects.filter(({ keys }) => new Set(keys).size < keys.length),
        name,
      ).toEqual([]);
    }
  });

  it('are in the folder of their id, with links that people can open', () => {
    const { homepage, documentation, kind } = tables.product;
    expect(tables.product.id).toBe(id);
    const links = [...(kind === 'internal' ? [] : [homepage]), ...documentation.map(({ url }) => url)];
    expect(links.filter((url) => !url.startsWith('https://'))).toEqual([]);
    if (kind === 'internal') expect(existsSync(homepage)).toBe(true);
  });

  it('name severity rules that are there; formats of one id are variants of one application', () => {
    const { formats, severities } = tables.product;
    const applications = new Map(formats.map(({ id, application }) => [id, application]));
    expect(formats.filter(({ severity }) => !Object.hasOwn(severities, severity))).toEqual([]);
    expect(formats.filter(({ id, application }) => applications.get(id) !== application)).toEqual([]);
  });

  it('write attributes under well-formed names, none in a namespace of others', () => {
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !ATTRIBUTE.test(name) || RESERVED.test(name))).toEqual([]);
  });

  it('have field rules with ids of their own and somewhere to go', () => {
    const ids = tables.fields.flatMap((rule) => rule.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(tables.fields.filter((rule) => !rule.attribute && (rule.to ?? 'attribute') === 'attribute')).toEqual([]);
    expect(tables.fields.filter((rule) => rule.chosen && rule.id === undefined)).toEqual([]);
  });
});

describe('the schema of overlays', () => {
  const good = {
    product: 'cesecore',
    events: { 'cesecore.own': { title: 'Own', code: 'OWN', group: 'own', category: 'network', priority: 'low' } },
    changes: { 'cesecore.cert_revoked': { priority: 'high', floor: 13, tags: ['pager'] } },
    fields: [{ fields: ['ticket'], attribute: 'acme.ticket.id', type: 'string' }],
  };

  it('takes what the library takes', () => {
    expect(overlay(good)).toBe(true);
    expect(readOverlay(good)).toBe(good);
  });

  it.each([
    {},
    { ...good, colour: 1 },
    { ...good, changes: { 'cesecore.cert_revoked': { priority: 'urgent' } } },
    { ...good, events: { 'cesecore.own': { title: 'Own' } } },
    { ...good, fields: [{ attribute: 'acme.ticket.id' }] },
  ])('refuses what the library refuses: %j', (wrong) => {
    expect(overlay(wrong)).toBe(false);
    expect(() => readOverlay(wrong)).toThrow();
  });
});
