import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { productResourceOf } from './product-resource.ts';
import { type SdkResource, sdkResource, toSdkResource } from './sdk-resource.ts';

/** Chooses the resource under which a record leaves. */
export type ResourceChooser = (record: ReadableLogRecord) => SdkResource;

/**
 * The resource of the product instance that a record is about, else the application's: one object for each product resource, under each
 * application resource when it inherits from that.
 */
export function createResourceChooser(inherit: readonly string[]): ResourceChooser {
  const inherited = new WeakMap<SdkResource, WeakMap<SdkResource, SdkResource>>();
  return (record) => {
    const productResource = productResourceOf(record);
    if (!productResource) return record.resource;
    const product = toSdkResource(productResource);
    if (inherit.length === 0) return product;
    const known = inherited.get(record.resource) ?? new WeakMap<SdkResource, SdkResource>();
    inherited.set(record.resource, known);
    const joined = known.get(product) ?? joinResources(product, record.resource, inherit);
    known.set(product, joined);
    return joined;
  };
}

function joinResources(product: SdkResource, application: SdkResource, inherit: readonly string[]): SdkResource {
  const taken = inherit.filter((name) => application.attributes[name] !== undefined);
  const over = Object.fromEntries(taken.map((name) => [name, application.attributes[name]]));
  return sdkResource({ ...over, ...product.attributes } as SdkResource['attributes']);
}
