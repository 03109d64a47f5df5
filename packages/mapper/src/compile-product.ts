import type { Product } from '@cryptrail/catalogue';
import type { MapContext } from './map/conversions.ts';
import type { ResourceStore } from './map/resource.ts';
import { compileMapping, createMapper, type MapOptions, type Mapping, type ToLogRecord } from './map/to-log-record.ts';
import { compileRecognition, type Recogniser } from './recognise/recognise.ts';
import { compileMessageRedactor, type MaskSql } from './redact/message.ts';

/** The steps behind decoding, compiled for one product. */
export interface MappedProduct extends Recogniser {
  readonly mapping: Mapping;
  readonly map: ToLogRecord;
}

/** What a product needs that others may do without: the conversions, and what masks SQL and reads JSON where its tables ask for it. */
export interface ProductParts extends Pick<MapContext, 'conversions' | 'locateMembers'> {
  readonly maskSql?: MaskSql | undefined;
}

/** Compiles the steps behind decoding. `resources`: shared by all products of one reader. */
export function compileProduct(
  product: Product,
  context: Pick<MapContext, 'limits' | 'blobs'>,
  { conversions, locateMembers, maskSql }: ProductParts,
  options: MapOptions,
  resources: ResourceStore,
): MappedProduct {
  const redactMessage = compileMessageRedactor(product.redaction, maskSql);
  const mapping = compileMapping(
    { ...context, conversions, locateMembers, product, redactMessage },
    options,
    resources,
  );
  return { ...compileRecognition(product), mapping, map: createMapper(mapping) };
}

/** What is not said of mapping: times in UTC, the level of the source, and nothing that is asked for apart. */
export function mapOptionsOf({
  timeZone = 'UTC',
  severity = 'source',
  original = false,
  attack = false,
}: Partial<MapOptions>): MapOptions {
  return { timeZone, severity, original, attack };
}

/** Nanoseconds since 1970 by the clock of the system. */
export function systemNanos(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
