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
    expect([...outcome.others]).toEqual([]);
  }, 600_000);
});
