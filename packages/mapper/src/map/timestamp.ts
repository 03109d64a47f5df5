import type { FormatRule, TimeRule } from '@cryptrail/catalogue';
import { isDigits, lookUp } from '../recognise/conditions.ts';
import type { FieldValue, RawRecord } from '../records.ts';
import { type CivilTime, parseDigitGroups, parseIso } from './iso-time.ts';
import { zoneOffsetSeconds } from './time-zone.ts';

const NANOS = 1_000_000_000n;
/** Behind the last nanosecond that an unsigned 64-bit field can hold. */
const END_OF_TIME = 2n ** 64n;

/** The product's own time in nanoseconds since 1970. `found`: a time field was there, so an undefined `nanos` means that it could not be read. */
export interface ReadTime {
  readonly nanos?: bigint;
  readonly found: boolean;
}

const NOT_FOUND: ReadTime = { found: false };
const UNREADABLE: ReadTime = { found: true };

/** Tries the format's time rules in order; the first readable one is the time. */
export function readTime(record: RawRecord, format: FormatRule, timeZone: string): ReadTime {
  let found = false;
  for (const rule of format.time) {
    const value = rule.form === 'layout' ? record.layout?.time : textOf(lookUp(record, rule.field, rule.in));
    if (value === undefined) continue;
    found = true;
    const nanos = toNanos(value, rule, record, timeZone);
    if (nanos !== undefined) return { nanos, found };
  }
  return found ? UNREADABLE : NOT_FOUND;
}

function textOf(value: FieldValue | undefined): string | undefined {
  if (!value || value.kind === 'null') return undefined;
  const { kind, text } = value;
  return kind === 'text' || kind === 'string' || kind === 'int' || kind === 'double' ? text : '';
}

function toNanos(text: string, rule: TimeRule, record: RawRecord, timeZone: string): bigint | undefined {
  switch (rule.form) {
    case 'unix_seconds':
      return decimalSeconds(text);
    case 'epoch_millis':
      return isDigits(text) && text.length <= 17 ? bounded(BigInt(`${text}000000`)) : undefined;
    case 'layout':
      return civilNanos(parseIso(text), timeZone);
    case 'iso':
    case 'digit_groups': {
      const civil = rule.form === 'iso' ? parseIso(text) : parseDigitGroups(text);
      return civilNanos(civil && refine(civil, rule, record), rule.zone === 'option' ? timeZone : 'UTC');
    }
  }
}

/** `1726560000.950` exactly, without going through a double. */
function decimalSeconds(text: string): bigint | undefined {
  const dot = text.indexOf('.');
  const whole = dot === -1 ? text : text.slice(0, dot);
  const fraction = dot === -1 ? '' : text.slice(dot + 1);
  if (
    !isDigits(whole) ||
    whole.length > 12 ||
    (dot !== -1 && !(isDigits(fraction) && fraction.length <= 9 && fraction[0] !== '-'))
  )
    return undefined;
  // Times before 1970 are not read, so the fraction always adds.
  return whole.startsWith('-') ? undefined : bounded(BigInt(whole + fraction.padEnd(9, '0')));
}

/** Times before 1970 cannot be written in an unsigned field, and zero means "unknown" there: unreadable. */
function bounded(nanos: bigint): bigint | undefined {
  return nanos > 0n && nanos < END_OF_TIME ? nanos : undefined;
}

/** Nanoseconds of a civil time; a missing zone is read as `timeZone`. */
export function civilNanos(civil: CivilTime | undefined, timeZone: string): bigint | undefined {
  if (!civil) return undefined;
  const offset = civil.offsetSeconds ?? zoneOffsetSeconds(civil.seconds, timeZone);
  const seconds = civil.seconds - offset;
  if (seconds < 0) return undefined;
  return bounded(BigInt(seconds) * NANOS + BigInt(civil.nanos));
}

/** The message prints whole seconds, the layout round it milliseconds of the same clock: when both name the same second of the day, the fraction is the layout's. */
function refine(civil: CivilTime, rule: TimeRule, record: RawRecord): CivilTime {
  const printed = record.layout?.time;
  if (rule.refinedBy !== 'layout' || civil.nanos !== 0 || printed === undefined) return civil;
  const layout = parseIso(printed) ?? parseIso(`1970-01-01 ${printed}`);
  const day = 86_400;
  if (layout?.offsetSeconds !== undefined && civil.offsetSeconds !== undefined)
    return layout.seconds - layout.offsetSeconds === civil.seconds - civil.offsetSeconds
      ? { ...civil, nanos: layout.nanos }
      : civil;
  return layout && layout.seconds % day === civil.seconds % day ? { ...civil, nanos: layout.nanos } : civil;
}
