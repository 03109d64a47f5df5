import { MAX_TOKENS, TELLING } from './line-scanner.ts';
import type { TreePlace } from './line-tree.ts';
import { TextArena } from './text-arena.ts';
import { fillingOf } from './value-table.ts';

const FILLINGS = 3;
const NO_ARENA = new TextArena(undefined, -1);

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
  /** Where the values stand, and in between the whole row: what they are cut out of, or the arena when there are texts in that. */
  bytes: Uint8Array = new Uint8Array();
  from = 0;
  to = 0;
  readonly #isOwn = new Uint8Array(MAX_TOKENS);
  #own = 0;
  /** Texts of details that are not their bytes. */
  arena: TextArena = NO_ARENA;
  #texts = 0;

  /** Makes room for a row of this many columns. `root`: where the names of details begin; `arena`: gets texts that are not their bytes. */
  begin(columns: number, root: TreePlace, arena: TextArena): void {
    this.place = root;
    if (this.#own > 0) this.#isOwn.fill(0);
    this.#own = 0;
    arena.end = 0;
    this.arena = arena;
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

  /** Notes the text of a detail that its bytes stand for; false when that is nothing for the arena. */
  noteOwn(index: number, bytes: Uint8Array, start: number, end: number, kind: number): boolean {
    const { arena } = this;
    const from = arena.end;
    const signs = arena.add(bytes, start, end);
    if (signs === -1) return false;
    this.#noteOwn(index, from, signs, kind, fillingOf(arena.bytes, from, arena.end));
    return true;
  }

  /** The same for a text like `2026-11-22T10:11:12.123Z`. */
  noteTime(index: number, text: string, kind: number): void {
    const from = this.arena.end;
    this.arena.addPlain(text);
    this.#noteOwn(index, from, TELLING, kind, 2);
  }

  #noteOwn(index: number, from: number, signs: number, kind: number, filling: number): void {
    this.note(index, from, this.arena.end, signs, kind, filling);
    this.#isOwn[index] = 1;
    this.#own += 1;
  }

  /** All values of the row from `start` to `end` are noted. */
  finish(bytes: Uint8Array, start: number, end: number): void {
    const { arena } = this;
    const isOwn = this.#own > 0;
    if (isOwn) this.#move(arena.addRow(bytes, start, end));
    this.bytes = isOwn ? arena.bytes : bytes;
    this.from = isOwn ? 0 : start;
    this.to = isOwn ? arena.end : end;
  }

  #move(by: number): void {
    for (let index = 0; index < this.count; index += 1) {
      if (this.#isOwn[index] === 1) continue;
      this.starts[index] = (this.starts[index] ?? 0) + by;
      this.ends[index] = (this.ends[index] ?? 0) + by;
    }
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
