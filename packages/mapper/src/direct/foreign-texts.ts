import type { Product } from '@cryptrail/catalogue';
import { ForeignTest } from './foreign-test.ts';
import { LineBeginnings, LOOSE } from './line-beginnings.ts';
import { LineText } from './line-text.ts';

const TAB = 0x09;
const SPACE = 0x20;
/** The test costs a millisecond or two to make, which the first texts of a service do not pay for. */
const FIRST_TEXTS = 32;

/** Tells texts that are certain to be of no product: most of what a service says. */
export class ForeignTexts {
  readonly #products: readonly Product[];
  readonly #text = new LineText();
  #beginnings: LineBeginnings | undefined;
  #test: ForeignTest | undefined;
  #before = FIRST_TEXTS;

  constructor(products: readonly Product[]) {
    this.#products = products;
  }

  /** False: only reading the text tells. */
  has(text: string): boolean {
    if (this.#before > 0) {
      this.#before -= 1;
      if (this.#before === 0) this.#make();
      return false;
    }
    if (!this.#beginnings || !this.#text.take(text) || !this.#text.isAscii) return false;
    const { bytes, end } = this.#text;
    if ((bytes[0] ?? 0) <= SPACE) return false;
    this.#beginnings.forget();
    if (this.#beginnings.kindOf(bytes, 0, end) === LOOSE) return true;
    return this.#test?.isForeign(bytes, 0, end) === true && !hasControls(bytes, end);
  }

  #make(): void {
    this.#beginnings = LineBeginnings.of(this.#products);
    this.#test = this.#beginnings && new ForeignTest(this.#products, this.#beginnings);
  }
}

/** Whether there are signs that are taken off a line before it is read. */
function hasControls(bytes: Uint8Array, end: number): boolean {
  for (let at = 0; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < SPACE && byte !== TAB) return true;
  }
  return false;
}
