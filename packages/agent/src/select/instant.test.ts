import { describe, expect, it } from 'vitest';
import { Misuse } from '../command-line/misuse.ts';
import { parseInstant } from './instant.ts';

const DAY = 86_400_000_000_000n;
const MIDNIGHT = 1_715_472_000_000_000_000n;
const first = (text: string) => parseInstant(text, 'first', '--from');
const last = (text: string) => parseInstant(text, 'last', '--to');

describe('parseInstant', () => {
  it('E36 reads a date alone as its first or its last instant, in UTC', () => {
    expect(first('2024-05-12')).toBe(MIDNIGHT);
    expect(last('2024-05-12')).toBe(MIDNIGHT + DAY - 1n);
  });

  it('E36 reads date and time with a blank or T, to the nanosecond', () => {
    expect(first('2024-05-12 01:00:00')).toBe(MIDNIGHT + DAY / 24n);
    expect(last('2024-05-12T01:00')).toBe(MIDNIGHT + DAY / 24n);
    expect(first('2024-05-12T00:00:00.000000001Z')).toBe(MIDNIGHT + 1n);
  });

  it('respects a zone that is given', () => {
    expect(first('2024-05-12T02:00:00+02:00')).toBe(MIDNIGHT);
    expect(first('2024-05-11T19:30:00-0430')).toBe(MIDNIGHT);
  });

  it.each(['2024-13-45', '2023-02-29', '2024-05-12T24:00', '12.05.2024', '2024-05-12T10:00+25:00', 'yesterday', ''])(
    'E36 refuses %j as misuse',
    (text) => {
      expect(() => first(text)).toThrow(Misuse);
    },
  );
});
