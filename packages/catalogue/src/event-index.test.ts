import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CatalogueEvent, createEventIndex } from './event-index.ts';
import type { EventEntry } from './types.ts';

function event(name: string, entry: Partial<EventEntry> = {}, product = 'vault'): CatalogueEvent<EventEntry> {
  const whole: EventEntry = {
    title: name,
    description: `${name}.`,
    group: 'doors',
    category: 'authorization',
    priority: 'low',
    severity: { source: ['info'] },
    emitted: { status: 'yes' },
    attributes: [],
    references: [],
    source: 'manual, page 1',
    ...entry,
  };
  return { product, name, title: whole.title, entry: whole };
}

const opened = event('vault.doors.opened', { code: '7', name: 'DOOR_OPENED', tags: ['poison record'] });
const forced = event('vault.doors.forced', { code: '7', name: 'DOOR_OPENED', default: true, important: true });
const lost = event('vault.keys.lost', { code: 'X', group: 'keys', listedGroups: ['host_system'] });
const gone = event('safe.doors.gone', { code: '7', emitted: { status: 'no' } }, 'safe');
const index = createEventIndex([opened, forced, lost, gone]);

describe('an event index', () => {
  it('finds by name, and nothing for names that only objects have', () => {
    expect(index.byName('vault.keys.lost')).toBe(lost);
    expect(['vault', '__proto__', 'constructor', ''].map((name) => index.byName(name))).toEqual(
      Array(4).fill(undefined),
    );
  });

  it('gives all events of a code, the default one first', () => {
    expect(index.byCode('7')).toEqual({ events: [forced, opened, gone], default: forced });
  });

  it('narrows a code to one product', () => {
    expect(index.byCode('7', 'safe')).toEqual({ events: [gone], default: gone });
  });

  it('gives an empty list for a code that nobody prints', () => {
    expect(index.byCode('__proto__')).toEqual({ events: [], default: undefined });
    expect(index.byCode('07')).toEqual({ events: [], default: undefined });
  });

  it('finds by constant, letter for letter', () => {
    expect(index.byConstant('DOOR_OPENED')).toEqual([opened, forced]);
    expect(index.byConstant('door_opened')).toEqual([]);
  });

  it('finds tags and groups however they are spelt', () => {
    for (const tag of ['poison record', 'Poison-Record', ' poison_record ']) expect(index.byTag(tag)).toEqual([opened]);
    expect(index.byGroup('Host system')).toEqual([lost]);
    expect(index.byGroup('doors', 'safe')).toEqual([gone]);
  });

  it('lists what passes all conditions of a filter', () => {
    expect(index.list()).toEqual([opened, forced, lost, gone]);
    expect(index.list({ product: 'vault', group: 'doors' })).toEqual([opened, forced]);
    expect(index.list({ group: 'doors', important: false })).toEqual([opened, gone]);
    expect(index.list({ tag: 'poison record', important: true })).toEqual([]);
    expect(index.list({ emitted: false })).toEqual([gone]);
    expect(index.list({ emitted: true, important: true })).toEqual([forced]);
  });

  it('throws on no text whatever', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        index.byName(text);
        index.byCode(text, text);
        index.byGroup(text);
        index.byTag(text);
      }),
    );
  });
});
