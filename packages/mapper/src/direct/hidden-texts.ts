import { isSame } from '../bytes.ts';
import { spellingsOf } from '../redact/original.ts';

const encoder = new TextEncoder();

/** The spellings of a text that may not leave. */
export type HiddenText = readonly Uint8Array[];

const NONE: readonly HiddenText[] = [];

/**
 * The texts of one record that may not leave, because something else stands for them where they were found. The ordinary way takes them out of the whole record; here it is
 * only asked whether they are in it.
 */
export class HiddenTexts {
  /** Each in all its spellings. */
  #texts: HiddenText[] = [];

  /** How many there are. */
  get count(): number {
    return this.#texts.length;
  }

  /** Adds the texts of a table of what stands for each. */
  add(secrets: ReadonlyMap<string, string>): void {
    for (const secret of secrets.keys()) this.#texts.push(spellingsOf(secret).map((text) => encoder.encode(text)));
  }

  /** Those that were added when there were so many already: see {@link addAgain}. */
  since(count: number): readonly HiddenText[] {
    return count === this.#texts.length ? NONE : this.#texts.slice(count);
  }

  /** Adds what was added for another record. */
  addAgain(texts: readonly HiddenText[]): void {
    for (const text of texts) this.#texts.push(text);
  }

  /** Forgets them: the record is written, or it is left to the ordinary way. */
  clear(): void {
    this.#texts = [];
  }

  /** Whether one of them stands in these bytes, in any spelling. */
  standIn(bytes: Uint8Array, start: number, end: number): boolean {
    const record = bytes.subarray(start, end);
    return this.#texts.some((text) => text.some((spelling) => holds(record, spelling)));
  }
}

function holds(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const first = wanted[0] ?? 0;
  const last = bytes.length - wanted.length;
  for (let at = bytes.indexOf(first); at !== -1 && at <= last; at = bytes.indexOf(first, at + 1))
    if (isSame(wanted, bytes, at, at + wanted.length)) return true;
  return false;
}
