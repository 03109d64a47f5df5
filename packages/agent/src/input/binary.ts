/** Beginnings that only binary files have, with what they are. */
const SIGNATURES: readonly (readonly [signature: string, what: string])[] = [
  ['\x1f\x8b', 'gzip data'],
  ['PK\x03\x04', 'a zip archive'],
  ['PK\x05\x06', 'a zip archive'],
  ['BZh', 'bzip2 data'],
  ['\xfd7zXZ\x00', 'xz data'],
  ['\x28\xb5\x2f\xfd', 'Zstandard data'],
  ['\x04\x22\x4d\x18', 'LZ4 data'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive'],
  ['Rar!\x1a\x07', 'a RAR archive'],
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

/** Says what kind of binary data begins so, e.g. `gzip data`; undefined for text in any encoding that logs are written in. */
export function describeBinary(head: Uint8Array): string | undefined {
  const found = SIGNATURES.find(([signature]) => startsWith(head, signature));
  if (found) return found[1];
  if (isTar(head)) return 'a tar archive';
  return looksRandom(head) ? 'binary data' : undefined;
}

function startsWith(head: Uint8Array, signature: string): boolean {
  if (head.length < signature.length) return false;
  for (let at = 0; at < signature.length; at += 1) if (head[at] !== signature.charCodeAt(at)) return false;
  return true;
}

function isTar(head: Uint8Array): boolean {
  return head.length >= 512 && startsWith(head.subarray(257), 'ustar');
}

/** Damaged text has controls or bad UTF-8; noise has both, and many. NUL does not count: a crash pads log files with it. */
function looksRandom(head: Uint8Array): boolean {
  let controls = 0;
  for (const byte of head) if (byte < 0x20 && byte !== 0 && !isTextControl(byte)) controls += 1;
  if (controls * BYTES_PER_CONTROL < head.length || head.length === 0) return false;
  // The last character may be cut by the end of the head.
  return new TextDecoder().decode(head.subarray(0, -4)).includes('\ufffd');
}

/** Tab, line breaks, escape, and the record separator of `journalctl --output=json-seq`. */
function isTextControl(byte: number): boolean {
  return (byte >= 0x08 && byte <= 0x0d) || byte === 0x1b || byte === 0x1e;
}
