import { parseIso } from '../map/iso-time.ts';
import { civilNanos } from '../map/timestamp.ts';
import type { Outer } from '../records.ts';
import type { Unwrapped } from './wrapper.ts';

const RFC5424 = /^<(\d{1,3})>1 (\S{1,64}) (\S{1,255}) (\S{1,255}) (\S{1,128}) (\S{1,255}) /;
const RFC3164 =
  /^<(\d{1,3})>(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|(\d{4}-\d\d-\d\dT\S{8,30})) (\S{1,255}) ([^\s:[\]]{1,255})(?:\[(\d{1,10})\])?: ?/;
const JOURNAL =
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,6})?|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d))) (\S{1,255}) ([^\s:[\]]{1,255})\[(\d{1,10})\]: /;
/** The same without a process id, as syslog daemons write what a program sent without one. */
const NAMED =
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d))) (\S{1,255}) ([^\s:[\]]{1,255}): /;
const PRIORITIES = ['fatal', 'fatal', 'critical', 'error', 'warning', 'notice', 'info', 'debug'];

/** `<14>1 2026-10-24T20:53:26.511Z host app 4711 category - text` (RFC 5424); structured data is passed over, a byte order mark before the text too. */
export function unwrapRfc5424(text: string): Unwrapped | undefined {
  const match = RFC5424.exec(text);
  if (!match) return undefined;
  const [head, priority, time = '', host = '', , , category = ''] = match;
  const from = endOfStructuredData(text, head.length);
  if (from === undefined) return undefined;
  const message = text.charCodeAt(from) === 0xfeff ? text.slice(from + 1) : text.slice(from);
  return {
    text: message,
    outer: outerOf(priority, time, host),
    keepWhole: true,
    // Only the name of a Java logger has dots: another id tells nothing of what the line is.
    ...(category.includes('.') ? { layout: { category } } : {}),
  };
}

/** Index of the message behind `-` or `[id name="value"]…` and a blank. */
function endOfStructuredData(text: string, from: number): number | undefined {
  if (text[from] === '-') return text[from + 1] === ' ' ? from + 2 : text.length === from + 1 ? from + 1 : undefined;
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '\\' && quoted) at += 1;
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && sign === ']' && text[at + 1] !== '[') return text[at + 1] === ' ' ? at + 2 : at + 1;
    else if (at === from && sign !== '[') return undefined;
  }
  return undefined;
}

/** `<134>Oct 24 20:53:26 host tag[pid]: text` (RFC 3164). Its time has no year: it is not used. */
export function unwrapRfc3164(text: string): Unwrapped | undefined {
  const match = RFC3164.exec(text);
  if (!match) return undefined;
  const [head, priority, time = '', host = ''] = match;
  return { text: text.slice(head.length), outer: outerOf(priority, time, host), keepWhole: true };
}

/** `May 13 02:43:13 host unit[pid]: text` or with an ISO time: `journalctl -o short` and `-o short-iso`, and files written by syslog daemons. */
export function unwrapShort(text: string): Unwrapped | undefined {
  const journal = JOURNAL.exec(text);
  const match = journal ?? NAMED.exec(text);
  if (!match) return undefined;
  const [head, time = '', host = ''] = match;
  const outer = outerOf(undefined, time, host);
  return { text: text.slice(head.length), outer, ...(journal ? {} : { keepWhole: true }) };
}

function outerOf(priority: string | undefined, time: string, host: string): Outer {
  const timeUnixNano = civilNanos(parseIso(time), 'UTC');
  const level = priority === undefined ? undefined : PRIORITIES[Number(priority) % 8];
  return {
    ...(timeUnixNano === undefined ? {} : { timeUnixNano }),
    ...(level === undefined ? {} : { level }),
    ...(host === '-' ? {} : { host }),
  };
}
