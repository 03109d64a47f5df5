import type { Resource } from '@cryptrail/mapper';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { toSdkAttributes } from './sdk-attributes.ts';

/** The SDK's resource, of whichever line is installed. */
export type SdkResource = ReadableLogRecord['resource'];

type RawAttributes = ReturnType<SdkResource['getRawAttributes']>;

const known = new WeakMap<Resource, SdkResource>();

/** The product's resource in the SDK's shape; always the same object for the same resource, because the SDK's serializers group by identity. */
export function toSdkResource(resource: Resource): SdkResource {
  const same = known.get(resource);
  if (same) return same;
  const made = sdkResource(toSdkAttributes(resource.attributes));
  known.set(resource, made);
  return made;
}

/** A settled resource with these attributes. */
export function sdkResource(attributes: SdkResource['attributes']): SdkResource {
  return {
    attributes,
    merge: (other) => (other ? sdkResource({ ...attributes, ...other.attributes }) : sdkResource(attributes)),
    getRawAttributes: () => Object.entries(attributes) as RawAttributes,
  };
}
