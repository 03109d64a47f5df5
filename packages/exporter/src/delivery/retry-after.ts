/** Milliseconds that a `Retry-After` header asks to wait: a number of seconds, or a date. Undefined when it says nothing that can be read. */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d{1,10}(\.\d{1,6})?$/.test(text)) return Number(text) * 1000;
  // `Wed, 21 Oct 2015 07:28:00 GMT`, and its two older forms; a bare number of another kind is no date.
  if (!/[a-z]{3}/i.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}
