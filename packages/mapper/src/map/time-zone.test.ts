import { describe, expect, it } from 'vitest';
import { isTimeZone, zoneOffsetSeconds } from './time-zone.ts';

const civil = (text: string) => Date.parse(`${text}Z`) / 1000;

describe('zoneOffsetSeconds', () => {
  it.each([
    ['2026-07-01T12:00:00', 7200],
    ['2026-12-01T12:00:00', 3600],
    ['2026-10-25T01:59:59', 7200],
    ['2026-10-25T03:00:00', 3600],
    ['2026-03-29T01:59:59', 3600],
    ['2026-03-29T03:00:00', 7200],
  ])('knows the offset of Stockholm at %s', (text, offset) => {
    expect(zoneOffsetSeconds(civil(text), 'Europe/Stockholm')).toBe(offset);
  });

  it('takes the earlier instant in the hour that occurs twice', () => {
    expect(zoneOffsetSeconds(civil('2026-10-25T02:30:00'), 'Europe/Stockholm')).toBe(7200);
  });

  it('is nothing for UTC', () => {
    expect(zoneOffsetSeconds(civil('2026-10-25T02:30:00'), 'UTC')).toBe(0);
  });
});

describe('isTimeZone', () => {
  it('knows IANA names and refuses others', () => {
    expect([isTimeZone('Europe/Stockholm'), isTimeZone('Mars/Olympus'), isTimeZone('')]).toEqual([true, false, false]);
  });
});
