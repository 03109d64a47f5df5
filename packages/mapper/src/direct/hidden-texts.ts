import { isSame } from '../bytes.ts';
import { spellingsOf } from '../redact/original.ts';

const encoder = new TextEncoder();

/**
 * The texts of one record that may not leave, because something else stands for them where they were found. The ordinary way takes them out of the whole record; here it is
 * only asked whether they are in it.
 */
export class HiddenTexts {
  #spellings: Uint8Array[] = [];
  #count = 0;

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** Adds the texts of a table of what stands for each. */
  add(secrets: ReadonlyMap<string, string>): void {
    for (const secret of secrets.keys()) {
      this.#count += 1;
      for (const spelling of spellingsOf(secret)) this.#spellings.push(encoder.encode(spelling));
    }
  }

  /** Forgets them: the record is written, or it is left to the ordinary way. */
  clear(): void {
    if (this.#count === 0) return;
    this.#count = 0;
    this.#spellings = [];
  }

  /** Whether one of them stands in these bytes, in any spelling. */
  standIn(bytes: Uint8Array, start: number, end: number): boolean {
    const record = bytes.subarray(start, end);
    return this.#spellings.some((spelling) => holds(record, spelling));
  }
}

function holds(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const first = wanted[0] ?? 0;
  const last = bytes.length - wanted.length;
  for (let at = bytes.indexOf(first); at !== -1 && at <= last; at = bytes.indexOf(first, at + 1))
    if (isSame(wanted, bytes, at, at + wanted.length)) return true;
  return false;
}
