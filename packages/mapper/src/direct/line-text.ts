/** Longer texts are not worth walking twice. */
const MAX_TEXT = 16_384;
const LF = 0x0a;
const encoder = new TextEncoder();

/** A text that is one line and nothing else, in bytes. */
export class LineText {
  /** The line, and behind it the end of a line, which whoever walks it sees. */
  readonly bytes: Uint8Array = new Uint8Array(MAX_TEXT * 2);
  /** Where the line ends. */
  end = 0;
  /** Whether each sign is one byte. */
  isAscii = false;

  /** Takes a text in the place of the one before. False: it is none, or not for this way. */
  take(text: string): boolean {
    const { length } = text;
    if (length === 0 || length > MAX_TEXT || text.includes('\n') || text.includes('\r')) return false;
    const { bytes } = this;
    const { read, written } = encoder.encodeInto(text, bytes);
    if (read !== length || written >= bytes.length) return false;
    bytes[written] = LF;
    this.end = written;
    this.isAscii = written === length;
    return true;
  }
}
