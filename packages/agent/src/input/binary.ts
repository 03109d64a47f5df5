import { textAt } from './signature.ts';

type Signature = readonly [signature: string, what: string, offset?: number];

/** Beginnings of packed data that is not opened. */
const PACKED: readonly Signature[] = [
  ['1AY&SY', 'bzip2 data', 4],
  ['\xfd7zXZ\x00', 'xz data'],
  [']\x00\x00', 'LZMA data'],
  ['LZIP', 'lzip data'],
  ['\x04\x22\x4d\x18', 'LZ4 data'],
  ['\x1f\x9d', 'data of the program compress'],
  ['\x1f\x8b', 'gzip data of an unknown kind'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive'],
  ['Rar!\x1a\x07', 'a RAR archive'],
];

/** Beginnings that only other binary files have. */
const OTHERS: readonly Signature[] = [
  ['\x7fELF', 'a program'],
  ['MZ\x90\x00', 'a program'],
  ['\xca\xfe\xba\xbe', 'a Java class file'],
  ['%PDF-', 'a PDF document'],
  ['\x89PNG\r\n', 'a picture'],
  ['\xff\xd8\xff', 'a picture'],
  ['GIF8', 'a picture'],
  ['SQLite format 3\x00', 'an SQLite database'],
  ['LPKSHHRH', "a journal file; read it with 'journalctl --output=json --file=FILE'"],
  ['\xd4\xc3\xb2\xa1', 'a packet capture'],
  ['\x0a\x0d\x0d\x0a', 'a packet capture'],
];

/** With more than one control character in this many bytes, and broken UTF-8 besides, it is no text. */
const BYTES_PER_CONTROL = 32;

/** Says what kind of binary data begins so and why it is not read; undefined for text in any encoding that logs are written in. */
export function describeBinary(head: Uint8Array): string | undefined {
  const packed = whatIn(PACKED, head);
  if (packed !== undefined) return `${packed}, which is not opened; unpack it first`;
  const other = whatIn(OTHERS, head) ?? (looksRandom(head) ? 'binary data' : undefined);
  return other && `${other}, not a log in text form`;
}

function whatIn(signatures: readonly Signature[], head: Uint8Array): string | undefined {
  return signatures.find(([signature, , offset = 0]) => textAt(head, offset, signature))?.[1];
}

/** Damaged text has controls or bad UTF-8; noise has both, and many. NUL does not count: a crash pads log files with it. */
function looksRandom(head: Uint8Array): boolean {
  // The byte order mark of UTF-16, in which letters of many scripts hold control characters.
  if (textAt(head, 0, '\xff\xfe') || textAt(head, 0, '\xfe\xff')) return false;
  let controls = 0;
  for (let at = 0; at < head.length; at += 1) {
    const byte = head[at] ?? 0;
    if (byte < 0x20 && byte !== 0 && !isTextControl(byte)) controls += 1;
  }
  if (controls * BYTES_PER_CONTROL < head.length || head.length === 0) return false;
  // The last character may be cut by the end of the head.
  return new TextDecoder().decode(head.subarray(0, -4)).includes('\ufffd');
}

/** Tab, line breaks, escape, and the record separator of `journalctl --output=json-seq`. */
function isTextControl(byte: number): boolean {
  return (byte >= 0x08 && byte <= 0x0d) || byte === 0x1b || byte === 0x1e;
}
