import { isSpace, startsWith } from '../bytes.ts';

const DOT = 0x2e;
const COLON = 0x3a;
const MAX_CLASS_NAME = 256;
const [AT, MORE, SUPPRESSED, CAUSE] = ['at ', '... ', 'Suppressed: ', 'Caused by: '].map((text) =>
  new TextEncoder().encode(text),
);

/** Whether a line of ASCII goes on with the stack trace behind a line of other text, as the assembler says of its text. `first`: it is the one right behind that. */
export function goesOnInTrace(bytes: Uint8Array, start: number, end: number, first: boolean): boolean {
  let at = start;
  while (at < end && isSpace(bytes[at] ?? 0)) at += 1;
  if (at > start) return [AT, MORE, SUPPRESSED].some((text) => text && startsWith(text, bytes, at, end));
  return (CAUSE && startsWith(CAUSE, bytes, at, end)) || (first && isExceptionName(bytes, start, end));
}

/** `java.lang.NullPointerException: null` */
function isExceptionName(bytes: Uint8Array, start: number, end: number): boolean {
  const limit = Math.min(end, start + MAX_CLASS_NAME + 1);
  let dot = -1;
  let at = start;
  for (; at < limit && bytes[at] !== COLON; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === DOT) dot = at;
    else if (!isNameSign(byte)) return false;
  }
  const capital = dot + 1 < at ? (bytes[dot + 1] ?? 0) : 0;
  return dot > start && at - start <= MAX_CLASS_NAME && capital >= 0x41 && capital <= 0x5a;
}

function isNameSign(byte: number): boolean {
  const small = byte | 0x20;
  return (small >= 0x61 && small <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f || byte === 0x24;
}
