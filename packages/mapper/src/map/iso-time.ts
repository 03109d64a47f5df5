/** A date and time as written: seconds of the civil clock (as if it were UTC), fraction, and the offset when one was printed. */
export interface CivilTime {
  readonly seconds: number;
  readonly nanos: number;
  readonly offsetSeconds?: number;
}

const SHAPE = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ?([Zz])|([+-])(\d\d):?(\d\d)?)?$/;

/**
 * Reads `2024-05-13T08:31:07.123456+02:00` and its relatives: `T` or one blank, dot or comma, up to nine digits, `Z`, `+hh`, `+hhmm`,
 * `+hh:mm` or no zone. Calendar values are checked (there is no 30 February); anything else is undefined.
 */
export function parseIso(text: string): CivilTime | undefined {
  const match = SHAPE.exec(text);
  if (!match) return undefined;
  const part = (group: number) => Number(match[group]);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const same =
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour;
  if (!same || date.getUTCMinutes() !== minute || date.getUTCSeconds() !== second) return undefined;
  const offset = readOffset(match[8], match[9], match[10], match[11]);
  if (offset === null) return undefined;
  return {
    seconds: date.getTime() / 1000,
    nanos: match[7] ? Number(match[7].padEnd(9, '0')) : 0,
    ...(offset === undefined ? {} : { offsetSeconds: offset }),
  };
}

const GROUPS =
  /^(\d{4})\D(\d\d)\D(\d\d)\D(\d\d)\D(\d\d)\D(\d\d)(?:[.,](\d{1,9}))?(?:[ :]?(?:(GMT|UTC|Z)|([+-]\d\d:?\d\d)))?$/;

/** Reads `2026/11/21 20:09:59.471` or `2026-11-21:20:09:58:GMT`: groups of digits from the year down, one sign between each; other names of zones are not known. */
export function parseDigitGroups(text: string): CivilTime | undefined {
  const match = GROUPS.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zero, offset] = match;
  const zone = zero ? 'Z' : (offset ?? '');
  return parseIso(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction ? `.${fraction}` : ''}${zone}`);
}

/** Seconds east of UTC; undefined: none printed; null: out of range. */
function readOffset(zulu?: string, sign?: string, hours?: string, minutes?: string): number | null | undefined {
  if (zulu) return 0;
  if (!sign) return undefined;
  const [h, m] = [Number(hours), Number(minutes ?? 0)];
  if (h > 23 || m > 59) return null;
  return (sign === '-' ? -1 : 1) * (h * 3600 + m * 60);
}
