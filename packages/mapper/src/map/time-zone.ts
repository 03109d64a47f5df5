const formats = new Map<string, Intl.DateTimeFormat>();

/** Whole minutes of the civil clock by zone, and their offsets: zones change at whole minutes, some of them at one minute past midnight. */
const offsets = new Map<string, Map<number, number>>();
/** A day of them. */
const MAX_MINUTES = 1440;
/** Before, clocks were set by seconds, the last one in 1972. */
const WHOLE_MINUTES_SINCE = Date.UTC(1973, 0) / 1000;

/** Seconds east of UTC of an IANA zone at a civil time. In the hour that occurs twice in autumn the earlier instant is meant; in the hour that does not exist in spring the offset before the step holds. */
export function zoneOffsetSeconds(civilSeconds: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  if (civilSeconds < WHOLE_MINUTES_SINCE) return findOffset(civilSeconds, timeZone);
  const known = offsets.get(timeZone) ?? new Map<number, number>();
  const minute = Math.floor(civilSeconds / 60);
  const offset = known.get(minute);
  if (offset !== undefined) return offset;
  const found = findOffset(civilSeconds, timeZone);
  if (known.size >= MAX_MINUTES) known.clear();
  offsets.set(timeZone, known.set(minute, found));
  return found;
}

function findOffset(civilSeconds: number, timeZone: string): number {
  const before = offsetAt(civilSeconds - 86_400, timeZone);
  const first = offsetAt(civilSeconds - before, timeZone);
  return first === before ? before : offsetAt(civilSeconds - first, timeZone) === first ? first : before;
}

/** True when the runtime knows the zone. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, made);
  return made;
}

function offsetAt(seconds: number, timeZone: string): number {
  const parts = new Map<string, number>();
  for (const { type, value } of formatOf(timeZone).formatToParts(seconds * 1000)) parts.set(type, Number(value));
  const part = (name: string) => parts.get(name) ?? 0;
  const local =
    Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) / 1000;
  return local - seconds;
}
