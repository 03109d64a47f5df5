/** Compares in a time that does not depend on where the bytes differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at += 1) difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
  return difference === 0;
}

/** Bytes of hex digits in either case, or what is wrong with them: a sign that is no digit goes before an odd length, as in Go's `hex.DecodeString`. */
export function readHex(text: string): Uint8Array | 'invalid_hex' | 'odd_length_hex' {
  if (!/^[0-9a-fA-F]*$/.test(text)) return 'invalid_hex';
  if (text.length % 2 === 1) return 'odd_length_hex';
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}
