/** Changes finished JSON in nothing that it means, e.g. escapes more than JSON asks for. */
export type EscapeJson = (json: string) => string;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What becomes of a byte of a text: it stays, it gets a backslash, or the whole text is written in the ordinary way. */
const STAYS = 0;
const ESCAPED = 1;
const OTHER = 2;
const SIGNS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === QUOTE || byte === BACKSLASH) return ESCAPED;
  return byte < 0x20 || byte >= 0x7f ? OTHER : STAYS;
});
const FEW_BYTES = 4096;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** JSON in UTF-8 that grows. */
export class JsonText {
  /** How many bytes there are. What is behind them may be taken back by setting it. */
  length = 0;
  #bytes = new Uint8Array(FEW_BYTES);
  readonly #escaped: EscapeJson;

  constructor(escaped: EscapeJson) {
    this.#escaped = escaped;
  }

  /** Bytes that are JSON already. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    for (let at = 0; at < bytes.length; at += 1) this.#bytes[this.length + at] = bytes[at] ?? 0;
    this.length += bytes.length;
  }

  /** The same as a text; quick for short ones of ASCII. */
  text(text: string): void {
    this.#reserve(text.length * 3);
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit >= 0x80) {
        this.length += encoder.encodeInto(text.slice(at), this.#bytes.subarray(this.length)).written;
        return;
      }
      this.#bytes[this.length++] = unit;
    }
  }

  /** Any value. */
  value(value: unknown): void {
    this.text(this.#escaped(JSON.stringify(value)));
  }

  /** What {@link value} would write, for whoever writes it often. */
  bytesOf(value: unknown): Uint8Array {
    return encoder.encode(this.#escaped(JSON.stringify(value)));
  }

  /** A text that stands among bytes in UTF-8; what is none becomes U+FFFD. */
  quoted(bytes: Uint8Array, start: number, end: number): void {
    this.#reserve((end - start) * 2 + 2);
    const out = this.#bytes;
    let to = this.length;
    out[to++] = QUOTE;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      const sign = SIGNS[byte];
      if (sign === OTHER) {
        this.value(decoder.decode(bytes.subarray(start, end)));
        return;
      }
      if (sign === ESCAPED) out[to++] = BACKSLASH;
      out[to++] = byte;
    }
    out[to++] = QUOTE;
    this.length = to;
  }

  /** A copy of what there is; begins anew. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + count));
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
  }
}
