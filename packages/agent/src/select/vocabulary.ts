import type { Product } from '@cryptrail/catalogue';
import { severityWords } from './severity-words.ts';

/** The words that filters may name, drawn from the tables of the products at hand. */
export interface Vocabulary {
  /** Level words that the products print, lower case. */
  readonly levels: ReadonlySet<string>;
  /** Values of the products' log type attributes, lower case. */
  readonly logTypes: ReadonlySet<string>;
  /** Attributes that carry a log type. */
  readonly logTypeAttributes: ReadonlySet<string>;
  /** Names of the events on the list of those that matter to SIEM and SOC. */
  readonly important: ReadonlySet<string>;
}

/** What an attribute with the product's own type of log ends in, whatever the product's namespace. */
const LOG_TYPE_SUFFIX = '.log.type';

/** Collects the filter words of some products. */
export function vocabularyOf(products: readonly Product[]): Vocabulary {
  const levels = new Set<string>();
  const logTypes = new Set<string>();
  const logTypeAttributes = new Set<string>();
  const important = new Set<string>();
  for (const product of products) {
    for (const word of severityWords(product).keys()) if (/[a-z]/.test(word)) levels.add(word);
    for (const { attribute, fields } of product.fields) {
      if (!attribute?.endsWith(LOG_TYPE_SUFFIX)) continue;
      logTypeAttributes.add(attribute);
      for (const value of valuesOf(product, fields)) logTypes.add(value);
    }
    for (const [name, event] of product.events) if (event.important) important.add(name);
  }
  return {
    levels: new Set([...levels].filter((word) => !isBeginning(word, levels))),
    logTypes,
    logTypeAttributes,
    important,
  };
}

/** `warn` and `erro` are how terminals print `warning` and `error`. */
function isBeginning(word: string, words: ReadonlySet<string>): boolean {
  return [...words].some((other) => other !== word && other.startsWith(word));
}

/** The values of these fields that the product's recognition tells apart. */
function valuesOf(product: Product, fields: readonly string[]): string[] {
  return product.recognition
    .flatMap(({ conditions }) => conditions ?? [])
    .filter(({ field }) => fields.includes(field))
    .flatMap(({ equals, oneOf }) => [...(typeof equals === 'string' ? [equals] : []), ...(oneOf ?? [])])
    .map((value) => value.toLowerCase());
}
