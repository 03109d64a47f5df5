import { describe, expect, it } from 'vitest';
import { tryAgent } from './files/oracle.ts';

describe('the agent beside logs that rotate', () => {
  it('loses and alters no line while it is killed, refused and cut off, and repeats lines with equal places', async () => {
    const outcome = await tryAgent({
      lines: 20_001,
      rate: 1000,
      maxBytes: 300_000,
      kills: 4,
      refusedShare: 0.05,
      latencyMillis: 20,
      outageMillis: 2000,
    });
    expect(outcome).toMatchObject({ status: 0, lost: [], altered: [], unequal: 0, arrived: 20_001 });
    // A log that is copied and emptied in the very moment of a kill may be reported as lost although all of its lines arrive from the copy:
    // an alarm too many, seen about once in ten runs. Nothing else may arrive.
    const [alarm, ...more] = outcome.others;
    expect(more).toEqual([]);
    if (alarm) expect(alarm).toEqual([expect.stringMatching(/^cryptrail\.source\.data_lost: /), 1]);
  }, 600_000);
});
