const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** Up to here making a text of numbers is faster than calling a decoder. */
const SHORT_TEXT = 20;

/** The text of ASCII bytes. */
export function asciiText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > SHORT_TEXT) return utf8Text(bytes, start, end);
  return String.fromCharCode.apply(undefined, bytes.subarray(start, end) as unknown as number[]);
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
      while (at + 4 <= end && isAscii4(bytes, at)) at += 4;
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

function isAscii4(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] ?? 0) | (bytes[at + 1] ?? 0) | (bytes[at + 2] ?? 0) | (bytes[at + 3] ?? 0)) < 0x80;
}

/** How many bytes the white space beyond ASCII takes that stands at a place; 0 when none does. The same signs that `trim` takes for it. */
export function spaceWidth(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first === 0xc2) return bytes[at + 1] === 0xa0 ? 2 : 0;
  if (first !== 0xe1 && first !== 0xe2 && first !== 0xe3 && first !== 0xef) return 0;
  const point = ((first & 0x0f) << 12) | (((bytes[at + 1] ?? 0) & 0x3f) << 6) | ((bytes[at + 2] ?? 0) & 0x3f);
  return SPACES.has(point) ? 3 : 0;
}

const SPACES: ReadonlySet<number> = new Set([
  0x1680,
  ...Array.from({ length: 11 }, (_, index) => 0x2000 + index),
  0x2028,
  0x2029,
  0x202f,
  0x205f,
  0x3000,
  0xfeff,
]);
