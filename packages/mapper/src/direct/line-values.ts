import type { FieldValue } from '../records.ts';
import { BEYOND, ESCAPED, type LineScanner, type LineShape } from './line-scanner.ts';
import { asciiText, utf8Text } from './utf8.ts';

/** The values of the line that was scanned last, and behind them the texts that were captured out of its message. */
export class LineValues {
  readonly scanner: LineScanner;
  bytes: Uint8Array = new Uint8Array();
  shape: LineShape | undefined;
  /** The text of the line where it is ASCII and known already, and where it begins in the bytes. */
  source: string | undefined;
  sourceAt = 0;
  /** How many values the line itself has. */
  count = 0;
  captured: readonly FieldValue[] = [];

  constructor(scanner: LineScanner) {
    this.scanner = scanner;
  }

  /** Takes the line that was scanned last. */
  take(bytes: Uint8Array, shape: LineShape): void {
    this.bytes = bytes;
    this.shape = shape;
    this.count = shape.tokens.length;
    this.source = undefined;
  }

  /** Gives the values with one sign another one, too. */
  mark(having: number, added: number): void {
    const { signs } = this.scanner;
    for (let index = 0; index < this.count; index += 1) {
      const found = signs[index] ?? 0;
      if ((found & having) !== 0) signs[index] = found | added;
    }
  }

  /** The text of a value; undefined when its escapes are none. */
  text(index: number): string | undefined {
    const { scanner } = this;
    if (index >= this.count) return this.captured[index - this.count]?.text;
    const signs = scanner.signs[index] ?? 0;
    if ((signs & ESCAPED) !== 0) return scanner.text(index);
    const start = scanner.starts[index] ?? 0;
    const end = scanner.ends[index] ?? 0;
    if (this.source !== undefined) return this.source.slice(start - this.sourceAt, end - this.sourceAt);
    return (signs & BEYOND) === 0 ? asciiText(this.bytes, start, end) : utf8Text(this.bytes, start, end);
  }
}
