/** A date and time as written: seconds of the civil clock (as if it were UTC), fraction, and the offset when one was printed. */
export interface CivilTime {
  readonly seconds: number;
  readonly nanos: number;
  readonly offsetSeconds?: number;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** `2024-05-13T08:31:07`: what every time has. */
const SECONDS_LENGTH = 19;
const MAX_FRACTION = 9;

/**
 * Reads `2024-05-13T08:31:07.123456+02:00` and its relatives: `T` or one blank, dot or comma, up to nine digits, `Z`, `+hh`, `+hhmm`,
 * `+hh:mm` or no zone. Calendar values are checked (there is no 30 February); anything else is undefined.
 */
export function parseIso(text: string): CivilTime | undefined {
  const seconds = readSeconds(text);
  if (seconds === undefined) return undefined;
  let at = SECONDS_LENGTH;
  let nanos = 0;
  const sign = text.charCodeAt(at);
  if (sign === DOT || sign === COMMA) {
    const from = at + 1;
    for (at = from; at < text.length && isDigit(text.charCodeAt(at)); at += 1) nanos = nanos * 10 + digit(text, at);
    if (at === from || at - from > MAX_FRACTION) return undefined;
    for (let missing = MAX_FRACTION - (at - from); missing > 0; missing -= 1) nanos *= 10;
  }
  if (at === text.length) return { seconds, nanos };
  const offsetSeconds = readOffset(text, text.charCodeAt(at) === SPACE ? at + 1 : at);
  return offsetSeconds === undefined ? undefined : { seconds, nanos, offsetSeconds };
}

const SPACE = 0x20;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;

/** The date and time with which the text begins, in seconds since 1970. */
function readSeconds(text: string): number | undefined {
  if (text.length < SECONDS_LENGTH) return undefined;
  const year = pair(text, 0) * 100 + pair(text, 2);
  const month = pair(text, 5);
  const day = pair(text, 8);
  const [hour, minute, second] = [pair(text, 11), pair(text, 14), pair(text, 17)];
  // A NaN, of a text that is no number, is in no range.
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month))) return undefined;
  if (!(hour <= 23 && minute <= 59 && second <= 59) || !hasSeparators(text)) return undefined;
  return daysSinceEpoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
}

/** `….-..-..T..:..:..`, or a `t` or blank in the place of the `T`. */
function hasSeparators(text: string): boolean {
  const middle = text.charCodeAt(10);
  return (
    (middle === 0x54 || middle === 0x74 || middle === SPACE) &&
    text.charCodeAt(4) === MINUS &&
    text.charCodeAt(7) === MINUS &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON
  );
}

function daysOf(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
}

/** Days from 1970 on in the Gregorian calendar, counted in years that begin in March, so that a leap day is the last one. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const century = Math.floor(shifted / 100);
  const leapDays = Math.floor(shifted / 4) - century + Math.floor(century / 4);
  const monthFromMarch = (month + 9) % 12;
  return shifted * 365 + leapDays + Math.floor((153 * monthFromMarch + 2) / 5) + day - 719_469;
}

/** Two digits as a number; NaN for anything else. */
function pair(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function digit(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return isDigit(unit) ? unit - 0x30 : Number.NaN;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/** `Z`, `+hh`, `+hhmm` or `+hh:mm`, to the end of the text, as seconds east of UTC. */
function readOffset(text: string, at: number): number | undefined {
  const sign = text.charCodeAt(at);
  const length = text.length - at;
  if (sign === 0x5a || sign === 0x7a) return length === 1 ? 0 : undefined;
  if (sign !== PLUS && sign !== MINUS) return undefined;
  const hours = pair(text, at + 1);
  const colon = text.charCodeAt(at + 3) === COLON ? 1 : 0;
  // `+02:` means `+02`.
  const isShort = length === 3 + colon;
  const minutes = isShort ? 0 : pair(text, at + 3 + colon);
  if (!(isShort || length === 5 + colon) || !(hours <= 23 && minutes <= 59)) return undefined;
  return (sign === MINUS ? -1 : 1) * (hours * 3600 + minutes * 60);
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
