import type { EventRule } from '@cryptrail/catalogue';
import { expect, it } from 'vitest';
import { floorOf } from './floor.ts';

const event: EventRule = { group: 'audit_log', category: 'audit_trail', priority: 'high', floor: 13, failureFloor: 20 };

it('gives the floor of the event whatever the outcome', () => {
  expect(['success', 'unknown', undefined].map((outcome) => floorOf(event, outcome as never))).toEqual([13, 13, 13]);
});

it('gives the higher of the two floors on failure', () => {
  expect(floorOf(event, 'failure')).toBe(20);
  expect(floorOf({ ...event, floor: 21 }, 'failure')).toBe(21);
});

it('gives 0 without an event or without floors', () => {
  expect(floorOf(undefined, 'failure')).toBe(0);
  expect(floorOf({ group: 'x', category: 'network', priority: 'low' }, 'failure')).toBe(0);
});
