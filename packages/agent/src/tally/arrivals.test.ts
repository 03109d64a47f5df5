import { describe, expect, it } from 'vitest';
import { renderArrivalSummary } from '../render/arrivals.ts';
import { type Arrival, createArrivalTally } from './arrivals.ts';

const arrival = (parts: Partial<Arrival>): Arrival => ({
  timeUnixNano: 0n,
  severityNumber: 9,
  event: 'a.b',
  outcome: '',
  priority: 'low',
  service: 's',
  body: '',
  ...parts,
});

describe('createArrivalTally', () => {
  it('counts by event, severity and outcome, most important first', () => {
    const tally = createArrivalTally();
    tally.add([
      arrival({ event: 'common' }),
      arrival({ event: 'common' }),
      arrival({ event: 'severe', severityNumber: 17 }),
      arrival({ event: 'none', priority: '', severityNumber: 21 }),
      arrival({ event: 'bait', priority: 'critical' }),
      arrival({ event: 'common', outcome: 'failure' }),
    ]);
    expect(tally.total()).toBe(6);
    expect(tally.kinds().map(({ event, outcome, count }) => [event, outcome, count])).toEqual([
      ['bait', '', 1],
      ['severe', '', 1],
      ['common', '', 2],
      ['common', 'failure', 1],
      ['none', '', 1],
    ]);
  });

  it('F05 keeps its memory when somebody makes names up', () => {
    const tally = createArrivalTally();
    for (let made = 0; made < 12_000; made += 1) tally.add([arrival({ event: `made.up.${made}` })]);
    expect(tally.kinds().length).toBe(10_001);
    expect(tally.kinds().find(({ event }) => event === '(others)')?.count).toBe(2000);
    expect(tally.total()).toBe(12_000);
  });

  it('shows on a small window what matters and counts the rest', () => {
    const tally = createArrivalTally();
    for (let kind = 0; kind < 40; kind += 1) tally.add([arrival({ event: `e.${kind}` })]);
    const lines = renderArrivalSummary(tally.kinds(), { width: 80, colour: false, height: 26 }).trimEnd().split('\n');
    expect(lines).toHaveLength(22);
    expect(lines.at(-1)).toBe('… and 20 kinds more, of lower priority, with 20 records');
  });
});
