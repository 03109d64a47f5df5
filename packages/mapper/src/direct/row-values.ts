import { MAX_TOKENS } from './line-scanner.ts';
import type { TreePlace } from './line-tree.ts';

const FILLINGS = 3;

/** The values of one row: its columns in their order, and behind them its details. */
export class RowValues {
  readonly starts: Int32Array = new Int32Array(MAX_TOKENS);
  readonly ends: Int32Array = new Int32Array(MAX_TOKENS);
  readonly signs: Uint8Array = new Uint8Array(MAX_TOKENS);
  readonly kinds: Uint8Array = new Uint8Array(MAX_TOKENS);
  /** How full each value is, as shapes tell it: 0 nothing, 1 white space only, 2 something. */
  readonly fillings: Uint8Array = new Uint8Array(MAX_TOKENS);
  /** Texts of details that were read already. */
  readonly texts: (string | undefined)[] = new Array(MAX_TOKENS).fill(undefined);
  seen = 0;
  /** How many values there are. */
  count = 0;
  /** Where the names of the details so far lead; undefined when there is no room for them. */
  place: TreePlace | undefined;
  #texts = 0;

  /** Makes room for a row of this many columns. `root`: where the names of details begin. */
  begin(columns: number, root: TreePlace): void {
    this.place = root;
    if (this.#texts > 0) this.texts.fill(undefined);
    this.#texts = 0;
    this.seen = 0;
    this.count = columns;
  }

  note(index: number, start: number, end: number, signs: number, kind: number, filling: number): void {
    this.starts[index] = start;
    this.ends[index] = end;
    this.signs[index] = signs;
    this.kinds[index] = kind;
    this.fillings[index] = filling;
    this.seen |= signs;
  }

  /** A small number for all that counts of a value for the shape of its row. */
  variantOf(index: number): number {
    return (this.kinds[index] ?? 0) * FILLINGS + (this.fillings[index] ?? 0);
  }

  /** Keeps the text of a value, whose bytes stand for it in another way. */
  noteText(index: number, text: string): void {
    this.texts[index] = text;
    this.#texts += 1;
    const first = text.charCodeAt(0);
    this.fillings[index] = text === '' ? 0 : (first > 0x20 && first < 0x7f) || text.trim() !== '' ? 2 : 1;
  }
}
