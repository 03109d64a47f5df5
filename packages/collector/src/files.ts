import type { Product } from '@cryptrail/catalogue';
import { readableFormats } from './decode/decoders.ts';
import { collectorFragment, collectorPack, journalFragment, sharedFragmentFiles, sqlPack } from './pack.ts';
import type { Profile } from './profiles.ts';
import { TESTED_VERSION } from './versions.ts';

/** Options of {@link collectorFiles}. */
export interface FilesOptions {
  readonly products: readonly Product[];
  /** Release of the Collector. Default: the one that the packs are tested on. */
  readonly version?: string;
  /** What records get besides. Default: nothing. */
  readonly profiles?: readonly Profile[];
}

/** True when a Collector can read logs of the product at all. */
export function hasPack(product: Product): boolean {
  return readableFormats(product).readable.length > 0;
}

/** Every file of the packs by name: one for each product, one for all, and the fragments. */
export function collectorFiles({ products, version: wanted, profiles = [] }: FilesOptions): Map<string, string> {
  const version = wanted ?? TESTED_VERSION;
  const own = products.filter(hasPack);
  return new Map([
    ...own.map((product) => [`${product.id}.yaml`, collectorPack({ products: [product], version, profiles })] as const),
    ...(own.length > 1 ? [['all.yaml', collectorPack({ products: own, version, profiles })] as const] : []),
    ...own.flatMap((product) => {
      const text = sqlPack(product, wanted);
      return text === undefined ? [] : [[`${product.id}-sql.yaml`, text] as const];
    }),
    ...own.map(
      (product) => [`fragments/${product.id}-journal.yaml`, journalFragment({ products: [product], version })] as const,
    ),
    ...own.map(
      (product) =>
        [`fragments/${product.id}.yaml`, collectorFragment({ products: [product], version, profiles })] as const,
    ),
    ...[...sharedFragmentFiles({ products: own, version })].map(
      ([name, text]) => [`fragments/${name}.yaml`, text] as const,
    ),
  ]);
}
