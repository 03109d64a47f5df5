import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyOverlay } from './apply-overlay.ts';
import { CatalogueError } from './errors.ts';
import type { Overlay } from './overlay.ts';
import type { Product } from './types.ts';

const vault: Product = {
  id: 'vault',
  value: 'vault',
  namespace: 'vault',
  formats: [],
  recognition: [],
  severities: {},
  outcomes: { default: [], status: [] },
  resource: {},
  details: { prefix: 'vault.details.', keys: 'snake' },
  redaction: { secretNames: [], queryParameters: [] },
  sentence: [],
  fields: [{ id: 'door', fields: ['door'], attribute: 'vault.door' }],
  events: new Map([
    ['vault.doors.opened', { code: '7', group: 'doors', category: 'authorization', priority: 'low', tags: ['door'] }],
  ]),
  codes: new Map([['7', ['vault.doors.opened']]]),
  titles: new Map([['vault.doors.opened', 'Door opened']]),
};

const own = { title: 'Door forced', group: 'doors', category: 'deception', priority: 'critical' } as const;

/** The error that an overlay, typed or not, is refused with. */
function refusal(overlay: object): CatalogueError {
  try {
    applyOverlay(vault, { product: 'vault', ...overlay } as Overlay);
  } catch (error) {
    if (error instanceof CatalogueError) return error;
    throw error;
  }
  throw new Error('the overlay was taken');
}

describe('applyOverlay', () => {
  it('F11 changes priority, floor, tags and title of an event and leaves the rest', () => {
    const changed = applyOverlay(vault, {
      product: 'vault',
      changes: { 'vault.doors.opened': { priority: 'high', floor: 17, title: 'Door open' } },
    });
    expect(changed.events.get('vault.doors.opened')).toEqual({
      code: '7',
      group: 'doors',
      category: 'authorization',
      priority: 'high',
      floor: 17,
      tags: ['door'],
    });
    expect(changed.titles.get('vault.doors.opened')).toBe('Door open');
  });

  it('F11 adds event types of the user, found by their code', () => {
    const changed = applyOverlay(vault, { product: 'vault', events: { 'vault.doors.forced': { ...own, code: '8' } } });
    expect(changed.codes.get('8')).toEqual(['vault.doors.forced']);
    expect(changed.events.get('vault.doors.forced')).toMatchObject({ code: '8', priority: 'critical' });
    expect(changed.titles.get('vault.doors.forced')).toBe('Door forced');
  });

  it('adds a second meaning of a code, told apart by its message, behind the default', () => {
    const when = { messages: ['forced {door}'] };
    const changed = applyOverlay(vault, {
      product: 'vault',
      events: { 'vault.doors.forced': { ...own, code: '7', when } },
    });
    expect(changed.codes.get('7')).toEqual(['vault.doors.opened', 'vault.doors.forced']);
  });

  it('adds rules for further fields behind those of the product', () => {
    const changed = applyOverlay(vault, {
      product: 'vault',
      fields: [{ fields: ['ticket'], attribute: 'acme.ticket.id' }],
    });
    expect(changed.fields.map(({ attribute }) => attribute)).toEqual(['vault.door', 'acme.ticket.id']);
  });

  it('leaves the given product as it was', () => {
    const before = structuredClone({ events: [...vault.events], codes: [...vault.codes], fields: vault.fields });
    applyOverlay(vault, {
      product: 'vault',
      changes: { 'vault.doors.opened': { priority: 'high' } },
      events: { 'vault.doors.forced': { ...own, code: '8' } },
      fields: [{ fields: ['x'], attribute: 'vault.x' }],
    });
    expect({ events: [...vault.events], codes: [...vault.codes], fields: vault.fields }).toEqual(before);
  });

  it('lays one overlay over another', () => {
    const once = applyOverlay(vault, { product: 'vault', events: { 'vault.doors.forced': { ...own, code: '8' } } });
    const twice = applyOverlay(once, { product: 'vault', changes: { 'vault.doors.forced': { priority: 'low' } } });
    expect(twice.events.get('vault.doors.forced')?.priority).toBe('low');
  });

  it.each([
    ['wrong_product', { product: 'safe' }, 'product: this overlay is for safe, not for vault'],
    ['unknown_key', { event: {} }, 'unknown key "event"; did you mean events?'],
    ['unknown_event', { changes: { 'vault.doors.openned': {} } }, 'did you mean vault.doors.opened?'],
    ['unknown_event', { changes: { toString: {} } }, 'new events go under "events"'],
    ['unknown_key', { changes: { 'vault.doors.opened': { prioritty: 'high' } } }, 'did you mean priority?'],
    ['wrong_value', { changes: { 'vault.doors.opened': { priority: 'urgent' } } }, 'expected one of informational'],
    ['wrong_value', { changes: { 'vault.doors.opened': { floor: 25 } } }, 'a whole number from 1 to 24, found 25'],
    ['wrong_type', { changes: [] }, 'expected an object, found []'],
    ['event_exists', { events: { 'vault.doors.opened': { ...own, code: '9' } } }, 'change it under "changes"'],
    ['missing_key', { events: { 'vault.doors.forced': { title: 'x' } } }, 'group is missing'],
    ['missing_key', { events: { 'vault.doors.forced': own } }, 'code or when is missing'],
    ['ambiguous_code', { events: { 'vault.doors.forced': { ...own, code: '7' } } }, 'code 7 is taken'],
    [
      'wrong_value',
      { events: { 'vault.doors.forced': { ...own, code: '8', outcome: 'toString' } } },
      'default or status',
    ],
    ['reserved_name', { events: { 'safe.doors.forced': { ...own, code: '8' } } }, 'vault.<lower_case_words>'],
    [
      'reserved_name',
      {
        events: JSON.parse('{"__proto__":{"title":"x","group":"x","category":"network","priority":"low","code":"8"}}'),
      },
      'vault.<lower_case_words>',
    ],
    ['reserved_name', { fields: [{ fields: ['x'], attribute: 'event.name' }] }, 'not ours to extend'],
    ['missing_key', { fields: [{ fields: ['x'] }] }, 'attribute is missing'],
    ['rule_exists', { fields: [{ id: 'door', fields: ['x'], attribute: 'vault.x' }] }, 'the id door'],
    ['wrong_value', { fields: [{ fields: ['x'], attribute: 'vault.x', convert: 'shout' }] }, 'expected one of'],
  ])('refuses with %s: %j', (code, overlay, message) => {
    const error = refusal(overlay);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  it('says where the fault is', () => {
    expect(refusal({ changes: { 'vault.doors.opened': { tags: [7] } } }).path).toBe(
      'changes["vault.doors.opened"].tags[0]',
    );
  });

  it('refuses any other value with a CatalogueError and nothing else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const error = refusal({ colour: value });
        expect(error.code).toBe('unknown_key');
        expect(() => applyOverlay(vault, value as unknown as Overlay)).toThrow(CatalogueError);
      }),
    );
  });
});
