const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const CHUNK = 4096;

/** The text of ASCII bytes. */
export function asciiText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= CHUNK)
    return String.fromCharCode.apply(undefined, bytes.subarray(start, end) as unknown as number[]);
  let text = '';
  for (let from = start; from < end; from += CHUNK) text += asciiText(bytes, from, Math.min(end, from + CHUNK));
  return text;
}

/** The text of bytes that are UTF-8. */
export function utf8Text(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

/** Whether bytes are UTF-8 as RFC 3629 has it: nothing longer than needed, no surrogates, nothing beyond U+10FFFF. U+FFFD is taken for damage, as whoever reads lines does. */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; ) {
    const first = bytes[at] ?? 0;
    if (first < 0x80) {
      at += 1;
      continue;
    }
    const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length === 0 || at + length > end) return false;
    const second = bytes[at + 1] ?? 0;
    const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    if (second < lowest || second > highest) return false;
    for (let more = 2; more < length; more += 1) if (((bytes[at + more] ?? 0) & 0xc0) !== 0x80) return false;
    if (first === 0xef && second === 0xbf && bytes[at + 2] === 0xbd) return false;
    at += length;
  }
  return true;
}
