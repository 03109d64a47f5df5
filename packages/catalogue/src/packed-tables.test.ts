import { expect, it, vi } from 'vitest';
import { packEvents } from '../scripts/running-module.ts';
import { type PackedTables, unpackTables } from './packed-tables.ts';

const events = {
  'vault.doors.opened': { title: 'Door opened', code: '7', group: 'doors', category: 'data_access', priority: 'low' },
} as const;
const { values, ...table } = packEvents(events);
const rules = { formats: [], recognition: [], severities: {}, outcomes: {}, sentence: ['~title'], fields: [], values };
const packed: PackedTables = { ...table, signs: '~ABCDE', phrases: 'the ', rules: JSON.stringify(rules) };

it('reads nothing before it is asked for', () => {
  const broken = unpackTables({ ...packed, rules: 'no JSON' });
  expect(() => broken.rules).toThrow(SyntaxError);
});

it('gives the same rules and events whenever it is asked', () => {
  const tables = unpackTables(packed);
  expect(tables.rules.sentence).toEqual(['the title']);
  expect(tables.rules).toBe(tables.rules);
  expect(tables.events).toEqual(events);
  expect(tables.events).toBe(tables.events);
});

it('reads nothing of a product that is loaded', async () => {
  const parse = vi.spyOn(JSON, 'parse');
  const tablesRead = () => parse.mock.calls.filter(([text]) => text.includes('"formats":')).length;
  const { acra } = await import('../products/acra/index.ts');
  expect(acra.id).toBe('acra');
  expect(tablesRead()).toBe(0);
  expect(acra.formats.length).toBeGreaterThan(0);
  expect(acra.events.size).toBeGreaterThan(0);
  expect(tablesRead()).toBe(1);
  parse.mockRestore();
});
