import type { Product } from '@cryptrail/catalogue';
import { announces } from '../decode/line-kind.ts';
import { ByteCache } from './byte-cache.ts';
import { CATEGORY_PART } from './layout-scanner.ts';
import type { LineBeginnings } from './line-beginnings.ts';
import { asciiText } from './utf8.ts';

/** Loggers that are remembered, two to the power of it. */
const NAME_BITS = 9;

/** Whether a logger is none of the known ones. */
interface Verdict {
  readonly isOther: boolean;
}

/** Tells lines that other loggers of the same log wrote. */
export class ForeignTest {
  readonly #beginnings: LineBeginnings;
  readonly #categories: readonly (readonly string[])[];
  readonly #verdicts = new ByteCache<Verdict>(NAME_BITS);

  constructor(products: readonly Product[], beginnings: LineBeginnings) {
    this.#beginnings = beginnings;
    this.#categories = products
      .flatMap((product) => product.formats)
      .flatMap((format) => ('categories' in format && format.categories ? [format.categories] : []));
  }

  /** Every layout that reads the line names another logger, and no message begins behind it that is told without one. */
  isForeign(bytes: Uint8Array, start: number, end: number): boolean {
    const beginnings = this.#beginnings;
    if (beginnings.isOther(bytes, start, end) || beginnings.mayBeColumns(bytes, start, end)) return false;
    const { layouts } = beginnings;
    let found = layouts.next(bytes, start, end);
    if (found < 0) return false;
    for (; found >= 0; found = layouts.next(bytes, start, end, found + 1)) {
      if (!this.#namesOther(bytes, found) || beginnings.mayBeMessage(bytes, layouts.message, end)) return false;
    }
    return found === -1;
  }

  #namesOther(bytes: Uint8Array, layout: number): boolean {
    const { layouts } = this.#beginnings;
    if (!layouts.partsOf(layout).includes(CATEGORY_PART)) return false;
    const start = layouts.starts[CATEGORY_PART] ?? 0;
    const end = layouts.ends[CATEGORY_PART] ?? 0;
    const known = this.#verdicts.get(bytes, start, end);
    if (known) return known.isOther;
    const category = asciiText(bytes, start, end);
    const isOther = !this.#categories.some((categories) => announces(categories, { category }));
    this.#verdicts.set(bytes, start, end, { isOther });
    return isOther;
  }
}
