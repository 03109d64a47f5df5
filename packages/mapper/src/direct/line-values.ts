import type { FieldValue } from '../records.ts';
import { BEYOND, ESCAPED, kindOf, type LineScanner, type LineShape, TELLING } from './line-scanner.ts';
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

  /** The values of a record, which stand at these places in the line; undefined when one cannot be read. */
  ofRecord(places: readonly number[]): FieldValue[] | undefined {
    const { kinds, signs } = this.scanner;
    const values: FieldValue[] = [];
    for (let at = 0; at < places.length; at += 1) {
      const place = places[at] ?? -1;
      const text = place === -1 ? '' : this.text(place);
      if (text === undefined) return undefined;
      const isPlain = ((signs[place] ?? TELLING) & (TELLING | ESCAPED)) === 0;
      values.push({ kind: place === -1 ? 'null' : kindOf(kinds[place] ?? 0), text, isPlain });
    }
    for (const value of this.captured) values.push(value);
    return values;
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
