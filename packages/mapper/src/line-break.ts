import { NO_BYTES } from './bytes.ts';

const LF = 0x0a;

/** The line break that was looked for last. */
const lastBreak = { bytes: NO_BYTES, from: -1, at: -1 };

/** Where the next line break stands, or -1. Whoever has lines to give finds it at once by {@link foundBreak}. */
export function findBreak(bytes: Uint8Array, from: number): number {
  const at = bytes.indexOf(LF, from);
  lastBreak.bytes = bytes;
  lastBreak.from = from;
  lastBreak.at = at;
  return at;
}

/** The same where nobody has changed the bytes since {@link forgetBreak}. */
export function foundBreak(bytes: Uint8Array, from: number): number {
  return lastBreak.from === from && lastBreak.bytes === bytes ? lastBreak.at : bytes.indexOf(LF, from);
}

/** Other bytes may stand where a line break was found. */
export function forgetBreak(): void {
  lastBreak.bytes = NO_BYTES;
}
