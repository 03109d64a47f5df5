import { Misuse } from '../command-line/misuse.ts';

const SHAPE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?([Zz]|[+-]\d\d(?::?\d\d)?))?)?$/;

const SECOND = 1_000_000_000n;
const DAY = 86_400n * SECOND;

/**
 * Reads a time that a user wrote, as nanoseconds since 1970: `2024-05-12`, `2024-05-12 08:30`, `2024-05-12T08:30:15.5+02:00`.
 * Without a zone it is UTC.
 *
 * @param edge What a date alone stands for: its first or its last instant.
 * @throws {@link Misuse} when it cannot be read or is no time of the calendar.
 */
export function parseInstant(written: string, edge: 'first' | 'last', flag: string): bigint {
  const match = SHAPE.exec(written.trim());
  const start = match ? utcMillis(match) : undefined;
  const offset = match ? offsetMinutes(match[8]) : undefined;
  if (!match || start === undefined || offset === undefined) {
    throw new Misuse(
      `${flag} cannot read ${JSON.stringify(written)} as a time.`,
      'Write 2024-05-12 or 2024-05-12T08:30:00Z.',
    );
  }
  const fraction = BigInt((match[7] ?? '').padEnd(9, '0'));
  const nanos = BigInt(start) * 1_000_000n + fraction - BigInt(offset) * 60n * SECOND;
  return match[4] === undefined && edge === 'last' ? nanos + DAY - 1n : nanos;
}

/** Milliseconds of the civil time as if it were UTC, or undefined for one that no clock shows, such as 30 February. */
function utcMillis(match: RegExpExecArray): number | undefined {
  const part = (group: number) => Number(match[group] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const sameDay = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  const sameTime = date.getUTCHours() === hour && date.getUTCMinutes() === minute && date.getUTCSeconds() === second;
  return sameDay && sameTime ? date.getTime() : undefined;
}

function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone.toLowerCase() === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || 0);
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
