import type { FormatRule, Product } from '@cryptrail/catalogue';

/** True when a text is the order of a pattern: it names at least one value. */
export function isOrder(text: string): boolean {
  return /\$\{[^{}]{1,64}\}/.test(text);
}

/** The product with an administrator's own order of values, tried before the known ones wherever the order is configurable. A product without such formats comes back as it is. */
export function withOrder(product: Product, order: string): Product {
  if (!product.formats.some(isConfigurable)) return product;
  const own = new Map<string, FormatRule>();
  for (const format of product.formats) {
    if (isConfigurable(format) && !own.has(format.categories.join()))
      own.set(format.categories.join(), { ...format, order });
  }
  return { ...product, formats: [...own.values(), ...product.formats] };
}

function isConfigurable(format: FormatRule): format is Extract<FormatRule, { decoder: 'pattern' }> {
  return format.decoder === 'pattern' && format.configurable === true;
}
