const formats = new Map<string, Intl.DateTimeFormat>();

/** Seconds east of UTC of an IANA zone at a civil time. In the hour that occurs twice in autumn the earlier instant is meant; in the hour that does not exist in spring the offset before the step holds. */
export function zoneOffsetSeconds(civilSeconds: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
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
