import type { Product } from '@cryptrail/catalogue';
import type { Limits } from '../limits.ts';
import type { FieldValue } from '../records.ts';
import { MARKER } from '../redact/marker.ts';
import { isSecretName, redactText } from '../redact/text.ts';
import { type AttributeSink, hideField } from './attribute-sink.ts';
import type { MapContext } from './conversions.ts';

/** Keeps count of the open-ended attributes of one record. */
export interface Details {
  readonly product: Product;
  readonly limits: Limits;
  count: number;
}

export function createDetails(product: Product, limits: Limits): Details {
  return { product, limits, count: 0 };
}

/** Keeps a value that no rule took under the product's details prefix: null and empty left out, blobs on request, secrets by name replaced, keys that collide numbered. */
export function addDetail(
  details: Details,
  field: string,
  value: FieldValue,
  context: MapContext,
  sink: AttributeSink,
): void {
  const { product, limits } = details;
  if (value.kind === 'null' || value.text === '') return;
  if (isBlob(field, product) && !context.blobs) return;
  if (details.count >= limits.maxDetails) {
    if (details.count === limits.maxDetails)
      sink.issues.push({ code: 'too_many_details', message: `more than ${limits.maxDetails} details` });
    details.count += 1;
    return;
  }
  details.count += 1;
  const secret = product.redaction.secretFields?.includes(field) || isSecretName(field, product.redaction);
  if (secret) hideField(field, value, sink);
  sink.attributes.set(
    freeKey(detailKey(field, product), sink),
    secret ? MARKER : redactText(value.text, product.redaction),
  );
}

function detailKey(field: string, { details }: Product): string {
  if (details.keys === 'verbatim') return details.prefix + field;
  return details.prefix + (field.toLowerCase().replace(/[^a-z0-9._-]/g, '_') || '_');
}

function freeKey(key: string, sink: AttributeSink): string {
  if (!sink.attributes.has(key)) return key;
  let suffix = 2;
  while (sink.attributes.has(`${key}_${suffix}`)) suffix += 1;
  return `${key}_${suffix}`;
}

/** `added:CERTIFICATE_CHAIN` and `certificatechain` are the same key to the list of blobs. */
function isBlob(field: string, { details }: Product): boolean {
  if (!details.blobs) return false;
  const last = field.slice(field.lastIndexOf(':') + 1);
  return details.blobs.includes(last.toLowerCase().replace(/[^a-z0-9]/g, ''));
}
