import type { ProductRule } from '@cryptrail/catalogue';

/** Level words of a product, lower case → SeverityNumber. */
export function severityWords({ severities }: Pick<ProductRule, 'severities'>): ReadonlyMap<string, number> {
  return new Map(
    Object.values(severities).flatMap(({ words }) =>
      Object.entries(words).map(([word, { number }]) => [word.toLowerCase(), number] as const),
    ),
  );
}
