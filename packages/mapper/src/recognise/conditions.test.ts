import type { Condition } from '@cryptrail/catalogue';
import { describe, expect, it } from 'vitest';
import type { FieldValue, RawRecord } from '../records.ts';
import { allHold } from './conditions.ts';

const record = (fields: Record<string, FieldValue>): RawRecord => ({
  fields: new Map(Object.entries(fields)),
  details: new Map([['d', { kind: 'text', text: 'detail' }]]),
  layout: { level: 'INFO' },
  original: '',
  position: { number: 1 },
  issues: [],
});

const sample = record({
  word: { kind: 'string', text: ' Audit ' },
  yes: { kind: 'boolean', text: 'true' },
  yesText: { kind: 'string', text: 'true' },
  status: { kind: 'int', text: '404' },
  statusText: { kind: 'string', text: '404' },
  nothing: { kind: 'null', text: '' },
  blank: { kind: 'string', text: '  ' },
});

describe('allHold', () => {
  const cases: [string, Condition, boolean][] = [
    ['compares folded text', { field: 'word', equals: 'audit', fold: true }, true],
    ['compares exact text', { field: 'word', equals: 'audit' }, false],
    ['takes a boolean', { field: 'yes', equals: true }, true],
    ['never takes a text for a boolean', { field: 'yesText', equals: true }, false],
    ['takes a number in a range', { field: 'status', from: 400, to: 599 }, true],
    ['never takes a text for a number', { field: 'statusText', from: 400 }, false],
    ['counts null as absent', { field: 'nothing', present: false }, true],
    ['counts a blank text as not filled', { field: 'blank', filled: true }, false],
    ['looks into details', { field: 'd', in: 'details', startsWith: 'det' }, true],
    ['looks into the layout', { field: 'level', in: 'layout', oneOf: ['info'], fold: true }, true],
    ['finds no inherited names', { field: '__proto__', present: true }, false],
    ['tests the kind', { field: 'status', kinds: ['string'] }, false],
  ];
  it.each(cases)('%s', (_, condition, wanted) => {
    expect(allHold([condition], sample)).toBe(wanted);
  });

  it('holds when there is nothing to test', () => {
    expect(allHold(undefined, sample)).toBe(true);
  });
});
