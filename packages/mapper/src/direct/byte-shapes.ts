import type { TextShape } from '@cryptrail/catalogue';
import { isDigit, isPair, isUpper } from '../bytes.ts';

/** Whether bytes have a form, as `hasShape` says of their text. */
export type ByteShape = (bytes: Uint8Array, start: number, end: number) => boolean;

/** The same bounds as those of `hasShape`. */
const MAX_NAME_LENGTH = 64;
const MAX_TIME_LENGTH = 40;
const MAX_DIGITS = 20;
const MAX_FRACTION = 9;

const SPACE = 0x20;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const OPEN_BRACKET = 0x5b;
/** `2026-10-24 22:53:26` */
const SECONDS_LENGTH = 19;

/** The test for a form; undefined for those that are tested on texts alone. */
export function byteShape(shape: TextShape): ByteShape | undefined {
  if (shape === 'upper_name') return isUpperName;
  if (shape === 'iso_time') return isIsoTime;
  if (shape === 'digits') return isDigits;
  return shape === 'integer' ? isInteger : undefined;
}

/** False only when no text that begins here has the form, with or without white space behind it: a look at a few bytes. */
export function mayHaveShape(shape: ByteShape, bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] ?? 0;
  if (shape === isUpperName) return isUpper(first);
  if (shape !== isIsoTime) return true;
  if (!isDigit(first) || end - start < SECONDS_LENGTH || bytes[start + 16] !== COLON) return false;
  let at = start + SECONDS_LENGTH;
  if (bytes[at] === DOT || bytes[at] === COMMA) for (at += 1; at < end && isDigit(bytes[at] ?? 0); ) at += 1;
  if (bytes[at] === SPACE) at += 1;
  const next = at < end ? (bytes[at] ?? 0) : 0;
  // A level stands here in most lines, or the bracket before a name.
  return !(isUpper(next) && next !== LETTER_Z) && next !== OPEN_BRACKET;
}

function isUpperName(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end || end - start > MAX_NAME_LENGTH || !isUpper(bytes[start] ?? 0)) return false;
  for (let at = start + 1; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (!isUpper(byte) && !isDigit(byte) && byte !== 0x5f) return false;
  }
  return true;
}

/** All of it, and not too many. */
export function isDigits(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end || end - start > MAX_DIGITS) return false;
  for (let at = start; at < end; at += 1) if (!isDigit(bytes[at] ?? 0)) return false;
  return true;
}

function isInteger(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start <= MAX_DIGITS && isDigits(bytes, bytes[start] === MINUS && start < end ? start + 1 : start, end);
}

function isIsoTime(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < SECONDS_LENGTH || length > MAX_TIME_LENGTH) return false;
  const middle = bytes[start + 10];
  if (!isPair(bytes, start) || !isPair(bytes, start + 2) || bytes[start + 4] !== MINUS || !isPair(bytes, start + 5))
    return false;
  if (bytes[start + 7] !== MINUS || !isPair(bytes, start + 8) || (middle !== LETTER_T && middle !== SPACE))
    return false;
  if (!isPair(bytes, start + 11) || bytes[start + 13] !== COLON || !isPair(bytes, start + 14)) return false;
  if (bytes[start + 16] !== COLON || !isPair(bytes, start + 17)) return false;
  let at = start + SECONDS_LENGTH;
  if (at < end && (bytes[at] === DOT || bytes[at] === COMMA)) {
    const from = at + 1;
    for (at = from; at < end && isDigit(bytes[at] ?? 0); ) at += 1;
    if (at === from || at - from > MAX_FRACTION) return false;
  }
  if (at === end) return true;
  if (bytes[at] === SPACE) at += 1;
  return isZone(bytes, at, end);
}

/** `Z`, `+0200` or `+02:00`, and nothing behind it. */
function isZone(bytes: Uint8Array, at: number, end: number): boolean {
  const sign = at < end ? bytes[at] : 0;
  if (sign === LETTER_Z) return at + 1 === end;
  if ((sign !== PLUS && sign !== MINUS) || end - at < 5 || !isPair(bytes, at + 1)) return false;
  const minutes = bytes[at + 3] === COLON ? at + 4 : at + 3;
  return minutes + 2 === end && isPair(bytes, minutes);
}
