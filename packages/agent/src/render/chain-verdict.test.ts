import type { ChainVerdict } from '@cryptrail/integrity';
import { describe, expect, it } from 'vitest';
import { renderChainVerdict } from './chain-verdict.ts';

const WHOLE: ChainVerdict = {
  ok: true,
  error: null,
  warnings: [],
  records: 3,
  verified: 3,
  chains: [{ file: 'a', firstLine: 1, lastFile: 'b', lastLine: 2, closed: true, key: 0 }],
  notes: [],
};

describe('renderChainVerdict', () => {
  it('C47 begins with the result, and ends with what it does not prove', () => {
    const text = renderChainVerdict(WHOLE, 1);
    expect(text).toMatch(/^WHOLE as far as it can be told: 3 of 3 lines are signed and fit\./);
    expect(text).toContain('Chain 1  a:1 to b:2, closed');
    expect(text).toContain('cannot prove that whole chains were not taken out');
  });

  it('names the place of the first break and that nothing behind it was checked', () => {
    const error = { class: 'integrity_mismatch', file: 'a', line: 7, message: 'the value does not fit' } as const;
    const text = renderChainVerdict({ ...WHOLE, ok: false, error }, 1);
    expect(text).toMatch(/^NOT WHOLE: a:7: the value does not fit/);
    expect(text).toContain('Reading stopped at a:7');
  });

  it('sums unsigned lines up and lists other warnings and notes', () => {
    const text = renderChainVerdict(
      {
        ...WHOLE,
        warnings: [
          { class: 'no_integrity', file: 'a', line: 1 },
          { class: 'no_integrity', file: 'a', line: 2 },
          { class: 'missing_end_of_final_chain', file: 'a', line: null },
        ],
        notes: [{ class: 'chain_repeated', file: 'a', line: 4, message: 'copied' }],
      },
      2,
    );
    expect(text).toContain('2 lines without one, with 2 keys');
    expect(text).toContain('a: the last chain has no end mark');
    expect(text).toContain('a:4: copied');
    expect(text).toContain(', key 1');
  });

  it('lists no more than a screen of notes', () => {
    const notes = Array.from(
      { length: 100 },
      (_, line) => ({ class: 'other_key', file: 'a', line, message: 'x' }) as const,
    );
    const text = renderChainVerdict({ ...WHOLE, notes }, 1);
    expect(text).toContain('… and 60 more (see --json)');
  });
});
