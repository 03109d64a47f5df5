/** How the bytes of a text are to be read. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** The encoding that a byte order mark at the beginning of an input tells; UTF-8 without one. */
export function tellEncoding(head: Uint8Array): TextEncoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** Reads lines of one input. Byte order marks stay in the text; what is not valid becomes U+FFFD. */
export interface LineDecoder {
  line(bytes: Uint8Array): string;
  /** Several lines at once; undefined when each must be read by itself, because not all is valid UTF-8. Whoever takes it says so of each line that is not all ASCII. */
  whole(bytes: Uint8Array): string | undefined;
  /** A line of true UTF-8 was read out of a whole. */
  sawUtf8(): void;
}

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
export function createLineDecoder(encoding: TextEncoding, utf8: Utf8Sight = {}): LineDecoder {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  let { seen = false } = utf8;
  const sawUtf8 = () => {
    if (!seen) utf8.onSeen?.();
    seen = true;
  };
  if (encoding !== 'utf-8')
    return { line: (bytes) => decoder.decode(bytes), whole: (bytes) => decoder.decode(bytes), sawUtf8 };
  return {
    line(bytes) {
      const text = decoder.decode(bytes);
      const isValid = !text.includes(REPLACEMENT);
      if (text.length === bytes.length && isValid) return text;
      if (isValid) sawUtf8();
      else if (!seen && isLatin1(bytes, text)) return decodeLatin1(bytes);
      return text;
    },
    whole(bytes) {
      const text = decoder.decode(bytes);
      return text.includes(REPLACEMENT) ? undefined : text;
    },
    sawUtf8,
  };
}

const REPLACEMENT = '\ufffd';

/** Whether a line that is no UTF-8, read as such, may be Latin-1. 0xa0 to 0xfd: below are control signs, above are the bytes of byte order marks. */
export function isLatin1(bytes: Uint8Array, text: string): boolean {
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
