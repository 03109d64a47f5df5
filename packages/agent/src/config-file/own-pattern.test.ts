import { describe, expect, it } from 'vitest';
import { cpuMillis } from '../../../../test/support/cpu-millis.ts';
import { compilePattern } from './own-pattern.ts';

describe('compilePattern', () => {
  it('F04 replaces what it matches', async () => {
    const { replace } = await compilePattern('ticket-[0-9]{6}');
    expect(replace('see ticket-123456 and ticket-12')).toBe('see REDACTED and ticket-12');
  });

  it('F05 needs linear time for a pattern that makes others backtrack', async () => {
    const { replace } = await compilePattern('(a+)+$');
    const text = `${'a'.repeat(50_000)}!`;
    const millis = cpuMillis(() => {
      expect(replace(text)).toBe(text);
    });
    expect(millis).toBeLessThan(20_000);
  });

  it.each([
    ['a(?=b)', 'look-around'],
    ['a(b', 'missing closing )'],
    ['x*', 'empty text'],
  ])('refuses %s with words', async (pattern, words) => {
    await expect(compilePattern(pattern)).rejects.toThrow(words);
  });
});
