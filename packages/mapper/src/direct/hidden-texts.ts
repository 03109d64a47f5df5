import { isSame } from '../bytes.ts';
import { spellingsOf } from '../redact/original.ts';

const encoder = new TextEncoder();

/** A text that may not leave, what stands for it, and its spellings. */
export interface HiddenText {
  readonly text: string;
  readonly shown: string;
  readonly spellings: readonly Uint8Array[];
}

const NONE: readonly HiddenText[] = [];

/**
 * The texts of one record that may not leave, because something else stands for them where they were found. The ordinary way takes them out of the whole record; here it is
 * only asked whether they are in it.
 */
export class HiddenTexts {
  #texts: HiddenText[] = [];

  /** How many there are. */
  get count(): number {
    return this.#texts.length;
  }

  /** Adds the texts of a table of what stands for each. */
  add(secrets: ReadonlyMap<string, string>): void {
    for (const [text, shown] of secrets)
      this.#texts.push({ text, shown, spellings: spellingsOf(text).map((spelling) => encoder.encode(spelling)) });
  }

  /** The only one, with what stands for it; undefined when there are none or several. */
  get only(): ReadonlyMap<string, string> | undefined {
    const [first] = this.#texts;
    const isOne = this.#texts.every(({ text, shown }) => text === first?.text && shown === first.shown);
    return first && isOne ? new Map([[first.text, first.shown]]) : undefined;
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
    return this.#texts.some(({ spellings }) => spellings.some((spelling) => holds(record, spelling)));
  }
}

function holds(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const first = wanted[0] ?? 0;
  const last = bytes.length - wanted.length;
  for (let at = bytes.indexOf(first); at !== -1 && at <= last; at = bytes.indexOf(first, at + 1))
    if (isSame(wanted, bytes, at, at + wanted.length)) return true;
  return false;
}
