import { ascii, isDigit, startsWith } from '../bytes.ts';
import { zoneOffsetSeconds } from '../map/time-zone.ts';
import type { RecordBuffer } from './record-buffer.ts';

const ZERO = 0x30;
const SPACE = 0x20;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
/** `2024-05-13T08:31:07` */
const SECONDS_LENGTH = 19;
const MAX_FRACTION = 9;
const MAX_MILLIS_DIGITS = 15;
/** `+02:00` */
const OFFSET_LENGTH = 6;
const DAY = 86_400;
/** The last time that 64 bits of nanoseconds hold. */
const LAST_SECOND = 18_446_744_073;
const LAST_NANOS = 709_551_615;
/** `2026-10-24 `, `22:53:26` and `22:53:26,511` */
const DATE_LENGTH = 11;
const CLOCK_LENGTH = 8;
const MILLIS_LENGTH = 12;

/** A digit for each digit of a time in ISO form. */
const ISO_SIGNS = ascii('0000-00-00T00:00:00');
const ZULUS = ['GMT', 'UTC', 'Z'].map(ascii);
/** A time that is brought into that form. */
const iso = new Uint8Array(SECONDS_LENGTH + 1 + MAX_FRACTION + OFFSET_LENGTH);

/** The day that was read last, as its ten signs and its first second: records of one day stand together. */
const lastDay = { bytes: new Uint8Array(10), seconds: Number.NaN };

/** Writes the time field of a record out of `1726560000.950`. False: it is left to the ordinary way. */
export function writeUnixTime(buffer: RecordBuffer, bytes: Uint8Array, start: number, end: number): boolean {
  let seconds = 0;
  let at = start;
  for (; at < end && isDigit(bytes[at] ?? 0); at += 1) seconds = seconds * 10 + (bytes[at] ?? 0) - ZERO;
  if (at === start || at - start > 12) return false;
  if (at === end) return write(buffer, seconds, 0);
  if (bytes[at] !== DOT) return false;
  const nanos = fraction(bytes, at + 1, end);
  return nanos >= 0 && write(buffer, seconds, nanos);
}

/** Writes the time field of a record out of `1793595665131`, milliseconds since 1970. False: it is left to the ordinary way. */
export function writeMillisTime(buffer: RecordBuffer, bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end || end - start > MAX_MILLIS_DIGITS) return false;
  let millis = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (!isDigit(byte)) return false;
    millis = millis * 10 + byte - ZERO;
  }
  const rest = millis % 1000;
  return write(buffer, (millis - rest) / 1000, rest * 1_000_000);
}

/** Writes the time field of a record out of `2024-05-13T08:31:07.123456`, with `Z`, an offset or no zone; `refined`: its nanoseconds where it has none. False: it is left to the ordinary way. */
export function writeIsoTime(
  buffer: RecordBuffer,
  bytes: Uint8Array,
  start: number,
  end: number,
  timeZone: string,
  refined = 0,
): boolean {
  if (end - start < SECONDS_LENGTH) return false;
  const day = daySeconds(bytes, start);
  const hour = pair(bytes, start + 11);
  const minute = pair(bytes, start + 14);
  const second = pair(bytes, start + 17);
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return false;
  const middle = bytes[start + 10];
  if ((middle !== LETTER_T && middle !== SPACE) || bytes[start + 13] !== COLON || bytes[start + 16] !== COLON)
    return false;
  const offset = offsetAt(bytes, start + SECONDS_LENGTH, end);
  const zulu = bytes[end - 1] === LETTER_Z;
  const stop = zulu ? end - 1 : offset === undefined ? end : end - OFFSET_LENGTH;
  const at = start + SECONDS_LENGTH;
  if (stop > at && bytes[at] !== DOT && bytes[at] !== COMMA) return false;
  const own = stop === at ? 0 : fraction(bytes, at + 1, stop);
  const nanos = own === 0 ? refined : own;
  const civil = day + hour * 3600 + minute * 60 + second;
  if (!(civil >= 0) || nanos < 0) return false;
  const east = zulu ? 0 : (offset ?? zoneOffsetSeconds(civil, timeZone));
  return !Number.isNaN(east) && write(buffer, civil - east, nanos);
}

/** The same out of `2026/11/21 20:09:59.471` or `2026-11-21:20:09:58:GMT`, with any sign between the groups of digits. */
export function writeGroupedTime(
  buffer: RecordBuffer,
  bytes: Uint8Array,
  start: number,
  end: number,
  timeZone: string,
): boolean {
  const stop = zuluAt(bytes, start, end);
  let length = stop - start;
  if (length < SECONDS_LENGTH || length >= iso.length) return false;
  for (let at = 0; at < SECONDS_LENGTH; at += 1) {
    const byte = bytes[start + at] ?? 0;
    const sign = ISO_SIGNS[at] ?? 0;
    if (byte >= 0x80 || isDigit(byte) !== (sign === ZERO)) return false;
    iso[at] = sign === ZERO ? byte : sign;
  }
  for (let at = SECONDS_LENGTH; at < length; at += 1) iso[at] = bytes[start + at] ?? 0;
  if (stop < end) iso[length++] = LETTER_Z;
  return writeIsoTime(buffer, iso, 0, length, timeZone);
}

/** Where the name of UTC begins with which a time ends, or the sign before it; `end` when there is none. */
function zuluAt(bytes: Uint8Array, start: number, end: number): number {
  const name = ZULUS.find((zulu) => end - start > zulu.length && startsWith(zulu, bytes, end - zulu.length, end));
  if (!name) return end;
  const at = end - name.length;
  return bytes[at - 1] === SPACE || bytes[at - 1] === COLON ? at - 1 : at;
}

/**
 * The nanoseconds that a layout printed beside a time of whole seconds: 0 when it names another second, -1 when the ordinary way must tell. `22:53:26,511` or
 * `2026-10-24 22:53:26,511`, of the same day and without a zone.
 */
export function nanosBeside(bytes: Uint8Array, start: number, layoutStart: number, layoutEnd: number): number {
  const length = layoutEnd - layoutStart;
  if (length !== MILLIS_LENGTH && length !== DATE_LENGTH + MILLIS_LENGTH) return -1;
  const clock = layoutEnd - MILLIS_LENGTH;
  for (let at = layoutStart; at < clock - 1; at += 1) if (bytes[at] !== bytes[start + at - layoutStart]) return -1;
  if (clock > layoutStart && bytes[clock - 1] !== SPACE && bytes[clock - 1] !== LETTER_T) return -1;
  for (let at = 0; at < CLOCK_LENGTH; at += 1) if (bytes[clock + at] !== bytes[start + DATE_LENGTH + at]) return 0;
  const sign = bytes[clock + CLOCK_LENGTH];
  return sign === DOT || sign === COMMA ? fraction(bytes, clock + CLOCK_LENGTH + 1, layoutEnd) : -1;
}

/** Seconds east of UTC of `+02:00` at the end; NaN when it is out of range, undefined when there is none. */
function offsetAt(bytes: Uint8Array, start: number, end: number): number | undefined {
  const at = end - OFFSET_LENGTH;
  const sign = at < start ? undefined : bytes[at];
  if ((sign !== PLUS && sign !== MINUS) || bytes[at + 3] !== COLON) return undefined;
  const hours = pair(bytes, at + 1);
  const minutes = pair(bytes, at + 4);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  return (sign === MINUS ? -1 : 1) * (hours * 3600 + minutes * 60);
}

/** The first second of the day at `start`; NaN for what is none. */
function daySeconds(bytes: Uint8Array, start: number): number {
  let same = true;
  for (let at = 0; at < 10; at += 1) if (bytes[start + at] !== lastDay.bytes[at]) same = false;
  if (same) return lastDay.seconds;
  if (bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS) return Number.NaN;
  const year = pair(bytes, start) * 100 + pair(bytes, start + 2);
  const month = pair(bytes, start + 5);
  const day = pair(bytes, start + 8);
  const millis = Date.UTC(year, month - 1, day);
  const date = new Date(millis);
  if (!(year >= 1970) || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return Number.NaN;
  lastDay.bytes.set(bytes.subarray(start, start + 10));
  lastDay.seconds = (millis / 1000 / DAY) * DAY;
  return lastDay.seconds;
}

/** Nanoseconds of the digits behind a point, or -1. */
function fraction(bytes: Uint8Array, start: number, end: number): number {
  if (end === start || end - start > MAX_FRACTION) return -1;
  let nanos = 0;
  for (let at = start; at < end; at += 1) {
    if (!isDigit(bytes[at] ?? 0)) return -1;
    nanos = nanos * 10 + (bytes[at] ?? 0) - ZERO;
  }
  for (let missing = MAX_FRACTION - (end - start); missing > 0; missing -= 1) nanos *= 10;
  return nanos;
}

/** Nothing before 1970 and nothing beyond what 64 bits of nanoseconds hold; zero means that no time is known. */
function write(buffer: RecordBuffer, seconds: number, nanos: number): boolean {
  if (
    seconds < 0 ||
    seconds > LAST_SECOND ||
    (seconds === LAST_SECOND && nanos > LAST_NANOS) ||
    (seconds === 0 && nanos === 0)
  )
    return false;
  buffer.time(seconds, nanos);
  return true;
}

function pair(bytes: Uint8Array, at: number): number {
  const [tens = 0, ones = 0] = [bytes[at], bytes[at + 1]];
  return isDigit(tens) && isDigit(ones) ? (tens - ZERO) * 10 + ones - ZERO : Number.NaN;
}
