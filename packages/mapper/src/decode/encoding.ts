/** How the bytes of a text are to be read. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** The encoding that a byte order mark at the beginning of an input tells; UTF-8 without one. */
export function tellEncoding(head: Uint8Array): TextEncoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** Reads lines of one input. Byte order marks stay in the text; what is not valid becomes U+FFFD. */
export type DecodeLine = (bytes: Uint8Array) => string;

/** Whether an input is known to hold true UTF-8. */
export interface Utf8Sight {
  /** It was met before the first line given. Default false. */
  readonly seen?: boolean;
  /** Called at the line in which it is first met. */
  readonly onSeen?: () => void;
}

/**
 * Reads lines one after another. Lines of an input in UTF-8 that are no valid UTF-8 are Latin-1 when all their bytes above ASCII are letters and
 * signs of it and no line before held true UTF-8: a log keeps to one encoding, and what else is invalid is damage.
 */
export function createLineDecoder(encoding: TextEncoding, utf8: Utf8Sight = {}): DecodeLine {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  if (encoding !== 'utf-8') return (bytes) => decoder.decode(bytes);
  let { seen: sawUtf8 = false } = utf8;
  return (bytes) => {
    const text = decoder.decode(bytes);
    if (text.length === bytes.length && !text.includes(REPLACEMENT)) return text;
    if (!text.includes(REPLACEMENT)) {
      if (!sawUtf8) utf8.onSeen?.();
      sawUtf8 = true;
    } else if (!sawUtf8 && isLatin1(bytes, text)) return decodeLatin1(bytes);
    return text;
  };
}

const REPLACEMENT = '\ufffd';

/** 0xa0 to 0xfd: below are control signs, above are the bytes of byte order marks. */
function isLatin1(bytes: Uint8Array, text: string): boolean {
  // JSON is UTF-8 by definition (RFC 8259, 8.1): bytes that are not are damage there.
  if (text.trimStart().startsWith('{')) return false;
  // Every byte above ASCII became a U+FFFD of its own: nothing in the line is UTF-8, not even by chance.
  return text.length === bytes.length && bytes.every((byte) => byte < 0x80 || (byte >= 0xa0 && byte <= 0xfd));
}

/** By hand, because `latin1` means Windows-1252 to a TextDecoder. */
function decodeLatin1(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += 8192)
    text += String.fromCharCode(...bytes.subarray(from, from + 8192));
  return text;
}
