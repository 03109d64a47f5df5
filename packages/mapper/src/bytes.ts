/** What single bytes are, texts of ASCII among bytes, and parts of them. */

/** None. */
export const NO_BYTES: Uint8Array = new Uint8Array();

/** `0` to `9`. */
export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** A digit of a hexadecimal number, in either case. */
export function isHexDigit(byte: number): boolean {
  const letter = byte | 0x20;
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66);
}

/** `A` to `Z`. */
export function isUpper(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

/** A letter of ASCII. */
export function isLetter(byte: number): boolean {
  return isUpper(byte) || (byte >= 0x61 && byte <= 0x7a);
}

/** The byte of a letter in lower case; any other as it is. */
export function lower(byte: number): number {
  return isUpper(byte) ? byte + 0x20 : byte;
}

/** White space of ASCII. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** Whether nothing but blanks stands there. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] !== 0x20) return false;
  return true;
}

/** Whether two digits stand there. */
export function isPair(bytes: Uint8Array, at: number): boolean {
  return isDigit(bytes[at] ?? 0) && isDigit(bytes[at + 1] ?? 0);
}

/** Whether these bytes stand at a place of others. */
export function isSame(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const { length } = key;
  if (length !== end - start) return false;
  for (let at = 0; at < length; at += 1) if (key[at] !== bytes[start + at]) return false;
  return true;
}

/** Whether bytes are one of these words. */
export function isOneOf(words: readonly Uint8Array[], bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word && isSame(word, bytes, start, end)) return true;
  }
  return false;
}

/** Whether bytes begin with a text. */
export function startsWith(text: Uint8Array, bytes: Uint8Array, at: number, end = bytes.length): boolean {
  const { length } = text;
  if (end - at < length) return false;
  for (let index = 0; index < length; index += 1) if (bytes[at + index] !== text[index]) return false;
  return true;
}

/** Where a text stands first, or -1. */
export function indexOfText(text: Uint8Array, bytes: Uint8Array, from: number, end: number): number {
  const first = text[0] ?? 0;
  for (let at = from; at + text.length <= end; at += 1)
    if (bytes[at] === first && startsWith(text, bytes, at, end)) return at;
  return -1;
}

/** Where a text ends without the white space behind it. */
export function withoutSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(bytes[at - 1] ?? 0)) at -= 1;
  return at;
}

/** The bytes of a text of ASCII. */
export function ascii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** The bytes of a text that may not be of ASCII: undefined then. */
export function asciiBytes(text: string): Uint8Array | undefined {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) >= 0x80) return undefined;
  return ascii(text);
}

/** The bytes of several texts; undefined when one of them is not ASCII. */
export function asciiList(texts: readonly string[] = []): Uint8Array[] | undefined {
  const list: Uint8Array[] = [];
  for (const text of texts) {
    const bytes = asciiBytes(text);
    if (!bytes) return undefined;
    list.push(bytes);
  }
  return list;
}

/** Bytes as a plain array: parts of a `Buffer` by `slice` are the same memory, and whoever walks bytes walks those of one kind faster. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Bytes one after the other; a single part is given as it is. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && first) return first;
  return joinInto(new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0)), parts);
}

/** The same at the beginning of memory that has room for them. */
export function joinInto(memory: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  let at = 0;
  for (const part of parts) {
    memory.set(part, at);
    at += part.length;
  }
  return memory.subarray(0, at);
}

/** A longer array that begins with the same elements. */
export function grown<Elements extends Uint8Array | Int32Array>(before: Elements, length: number): Elements {
  const made = before instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
  made.set(before);
  return made as Elements;
}
