import { expect, it } from 'vitest';
import { packEvents } from '../scripts/running-module.ts';
import { type RunningEvent, unpackEvents } from './event-table.ts';

const opened: RunningEvent = {
  title: 'Door opened',
  code: '7',
  group: 'doors',
  category: 'data_access',
  priority: 'low',
  tags: ['door'],
};
const forced: RunningEvent = {
  title: 'Door forced',
  when: { levels: ['warning'] },
  group: 'doors',
  category: 'data_access',
  priority: 'critical',
  floor: 17,
  important: true,
};

it.each([
  ['events of one group', { 'vault.doors.opened': opened, 'vault.doors.forced': forced }],
  ['a name without its group', { 'vault.doors.opened': opened, 'vault.alarm': forced, 'vault.doorsteps.x': forced }],
  ['a name that is its group alone', { 'vault.doors': opened }],
  ['names that begin with nothing alike', { 'vault.doors.opened': opened, 'safe.doors.forced': forced }],
  ['no events', {}],
])('gives back what was put into columns: %s', (_, events) => {
  expect(unpackEvents(packEvents(events))).toEqual(events);
});

it('leaves out what an event does not have', () => {
  const events: Readonly<Record<string, object>> = unpackEvents(
    packEvents({ 'vault.doors.opened': opened, 'vault.doors.forced': forced }),
  );
  expect(Object.keys(events['vault.doors.forced'] ?? {})).toEqual(Object.keys(forced));
});
