import { describe, expect, it } from 'vitest';
import { acra, comparable, convert } from './convert.ts';
import { IMPORTANT_CODES } from './important-codes.ts';
import { inAllFormats } from './lines.ts';

const SEVERITIES: Readonly<Record<string, number>> = { debug: 5, info: 9, warning: 13, error: 17, fatal: 21 };

describe('B01-B55 every important code', () => {
  it.each(IMPORTANT_CODES)('$row reads $code ($constant) in JSON, CEF and text alike', (entry) => {
    const records = convert(inAllFormats(entry).map(([, line]) => line));
    expect(records).toHaveLength(3);
    for (const record of records) {
      expect(comparable(record)).toEqual(comparable(records[0] as never));
      expect(record.eventName).toMatch(/^acra\.[a-z_]+\.[a-z0-9_]+$/);
      expect(record.severityNumber).toBe(SEVERITIES[entry.level]);
      expect(record.severityText).toBe(entry.level);
      expect(record.attributes.get('acra.event.code')).toBe(entry.code);
      expect(record.attributes.get('cryptrail.code')).toBe(String(entry.code));
      expect(record.parseStatus).toBeUndefined();
    }
  });

  it.each(IMPORTANT_CODES)(
    '$row names $code by an event that carries that code and is important',
    ({ code, ...entry }) => {
      const [record] = convert(inAllFormats({ ...entry, code }).map(([, line]) => line));
      const event = acra.events.get(record?.eventName ?? '');
      expect(event?.code).toBe(String(code));
      expect(acra.codes.get(String(code))).toContain(record?.eventName);
      const standard = acra.events.get(acra.codes.get(String(code))?.[0] ?? '');
      expect(standard?.important).toBe(true);
    },
  );

  it.each(IMPORTANT_CODES.filter(({ code }) => code !== 587))('$row calls $code a failure', (entry) => {
    for (const record of convert(inAllFormats({ ...entry, level: 'error' }).map(([, line]) => line))) {
      expect(record.attributes.get('cryptrail.outcome')).toBe('failure');
      expect(record.attributes.get('error.type')).toMatch(/^(deny_[a-z_]+|\d+)$/);
    }
  });

  it('covers all 55', () => {
    expect(IMPORTANT_CODES.map(({ row }) => row)).toEqual(
      Array.from({ length: 55 }, (_, index) => `B${String(index + 1).padStart(2, '0')}`),
    );
    expect(new Set(IMPORTANT_CODES.map(({ code }) => code)).size).toBe(55);
  });

  it('raises the severity of an intrusion only when asked', () => {
    const poison = inAllFormats({ level: 'warning', message: 'Recognized poison record', code: 587 }).map(
      ([, line]) => line,
    );
    expect(convert(poison).map(({ severityNumber }) => severityNumber)).toEqual([13, 13, 13]);
    expect(convert(poison, { severity: 'catalogue' }).map(({ severityNumber }) => severityNumber)).toEqual([
      20, 20, 20,
    ]);
  });
});
