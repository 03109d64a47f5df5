/**
 * A private key printed over several lines (RFC 7468) must stay one text: line by line its body is nothing but letters, and nobody would know
 * it for a secret.
 */
const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/;
const END = '-----END ';
/** Lines of the body; RFC 7468 writes 64 signs, others up to 76. */
const BODY = /^[A-Za-z0-9+/=]{1,128}$/;
/** Headers of the older encrypted form. */
const HEADERS = ['Proc-Type: ', 'DEK-Info: ', 'Comment: ', 'Version: '];

const DASH = 0x2d;
const DASHES = 5;

/** Whether a private key may begin or end among bytes. */
export function mayHoldKey(bytes: Uint8Array, start: number, end: number): boolean {
  let dashes = 0;
  for (let at = start; at < end; at += 1) {
    dashes = bytes[at] === DASH ? dashes + 1 : 0;
    if (dashes === DASHES) return true;
  }
  return false;
}

/** Whether a private key has begun and not ended when this line ends. `inKey`: so it was before. */
export function leavesKeyOpen(line: string, inKey: boolean): boolean {
  if (!line.includes('-----')) return inKey;
  const end = line.lastIndexOf(END);
  const rest = end < 0 ? line : line.slice(end);
  return BEGIN.test(rest) || (inKey && end < 0);
}

/** Whether a line can stand inside a private key or end it. */
export function isInsideKey(line: string): boolean {
  const text = line.trim();
  return BODY.test(text) || text.startsWith(END) || HEADERS.some((header) => text.startsWith(header));
}
