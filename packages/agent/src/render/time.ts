const SECOND = 1_000_000_000n;

/** ISO 8601 in UTC with the digits that the instant has (3, 6 or 9 after the point), e.g. `2024-05-12T08:30:15.123Z`; undefined for 0, "no time". */
export function renderTime(unixNano: bigint): string | undefined {
  if (unixNano === 0n) return undefined;
  const nanos = ((unixNano % SECOND) + SECOND) % SECOND;
  const seconds = (unixNano - nanos) / SECOND;
  const millis = Number(seconds) * 1000;
  // Beyond the year 275760 there is no date: the number is all that can be said.
  if (Math.abs(millis) > 8.64e15) return String(unixNano);
  const digits = String(nanos).padStart(9, '0');
  const shown = digits.endsWith('000000') ? digits.slice(0, 3) : digits.endsWith('000') ? digits.slice(0, 6) : digits;
  return `${new Date(millis).toISOString().slice(0, -5)}.${shown}Z`;
}

/** The same to the millisecond and with a blank, for people. */
export function renderShortTime(unixNano: bigint): string {
  const time = renderTime(unixNano);
  return time === undefined ? '' : time.replace('T', ' ').replace(/(\.\d{3})\d*Z$/, '$1Z');
}
