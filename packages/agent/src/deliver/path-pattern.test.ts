import { expect, it } from 'vitest';
import { createPathPattern } from './path-pattern.ts';

it('writes the parts of a time in UTC', () => {
  const at = Date.UTC(2026, 2, 5, 7);
  expect(createPathPattern('out/%Y/%m/%d-%H.jsonl')(at)).toBe('out/2026/03/05-07.jsonl');
  expect(createPathPattern('%j-%%Y-%%')(at)).toBe('064-%Y-%');
  expect(createPathPattern('plain.jsonl')(at)).toBe('plain.jsonl');
});
