/** Compares in a time that does not depend on where the bytes differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at += 1) difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
  return difference === 0;
}

const HEX = '0123456789abcdef';
const NO_DIGIT = 255;
const DIGITS = Uint8Array.from({ length: 128 }, (_, unit) => {
  const digit = HEX.indexOf(String.fromCharCode(unit).toLowerCase());
  return digit === -1 ? NO_DIGIT : digit;
});

/** Bytes of hex digits in either case, or what is wrong with them: a sign that is no digit goes before an odd length, as in Go's `hex.DecodeString`. */
export function readHex(text: string): Uint8Array | 'invalid_hex' | 'odd_length_hex' {
  const bytes = new Uint8Array(text.length >> 1);
  let high = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = DIGITS[text.charCodeAt(at)] ?? NO_DIGIT;
    if (digit === NO_DIGIT) return 'invalid_hex';
    if (at % 2 === 0) high = digit << 4;
    else bytes[at >> 1] = high | digit;
  }
  return text.length % 2 === 1 ? 'odd_length_hex' : bytes;
}

/** The bytes as lower-case hex digits. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX.charAt(byte >> 4) + HEX.charAt(byte & 15);
  return text;
}
