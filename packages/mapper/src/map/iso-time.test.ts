import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDigitGroups, parseIso } from './iso-time.ts';

describe('parseIso', () => {
  it.each([
    ['2024-05-13T08:31:07', 1715589067, 0, undefined],
    ['2024-05-13 08:31:07,123', 1715589067, 123_000_000, undefined],
    ['2024-05-13t08:31:07.123456789z', 1715589067, 123_456_789, 0],
    ['2024-05-13T08:31:07+02', 1715589067, 0, 7200],
    ['2024-05-13T08:31:07 +02:', 1715589067, 0, 7200],
    ['2024-02-29T08:31:07 Z', 1709195467, 0, 0],
    ['2024-05-13T08:31:07.5-0530', 1715589067, 500_000_000, -19_800],
    ['2026-10-24 22:52:45+02:00', 1792882365, 0, 7200],
  ])('reads %s', (text, seconds, nanos, offsetSeconds) => {
    expect(parseIso(text)).toEqual({ seconds, nanos, ...(offsetSeconds === undefined ? {} : { offsetSeconds }) });
  });

  it.each([
    '',
    '2024-05-13',
    '2024-02-30T00:00:00',
    '2024-05-13T24:00:00',
    '2024-05-13T08:31:60',
    '2024-05-13  08:31:07',
    '2024-05-13T08:31:07.',
    '2024-05-13T08:31:07+24:00',
    '2024-05-13T08:31:07+2',
    '2024-05-13T08:31:07+020',
    '2024-05-13T08:31:07Z ',
    '2023-02-29T00:00:00',
    '2024-05-13T08:31:07.1234567890',
    ' 2024-05-13T08:31:07',
    '١٢٣٤-05-13T08:31:07',
  ])('refuses %j', (text) => {
    expect(parseIso(text)).toBeUndefined();
  });

  it('agrees with the date it was written from', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }), (date) => {
        const read = parseIso(date.toISOString());
        expect(read && read.seconds * 1000 + read.nanos / 1e6).toBe(date.getTime());
      }),
    );
  });

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseIso(text)));
  });
});

describe('parseDigitGroups', () => {
  it.each([
    ['2026/11/21 20:09:59.471', 1795291799, 471_000_000, undefined],
    ['2026-11-21:20:09:58:GMT', 1795291798, 0, 0],
    ['2026.11.21 20.09.58 +0100', 1795291798, 0, 3600],
  ])('reads %s', (text, seconds, nanos, offsetSeconds) => {
    expect(parseDigitGroups(text)).toEqual({
      seconds,
      nanos,
      ...(offsetSeconds === undefined ? {} : { offsetSeconds }),
    });
  });

  it.each(['', '2026/13/21 20:09:59', '2026-11-21:20:09:58:CEST', '26/11/21 20:09:59'])('refuses %j', (text) => {
    expect(parseDigitGroups(text)).toBeUndefined();
  });
});
