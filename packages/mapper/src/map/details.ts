import type { Product } from '@cryptrail/catalogue';
import { flat } from '../flat.ts';
import type { Issue } from '../issue.ts';
import type { Limits } from '../limits.ts';
import type { FieldValue } from '../records.ts';
import { MARKER } from '../redact/marker.ts';
import { isSecretName, redactText } from '../redact/text.ts';
import { type AttributeSink, hideField } from './attribute-sink.ts';
import type { MapContext } from './conversions.ts';

/**
 * Keeps a value that no rule took under the product's details prefix: null and empty left out, blobs on request, secrets by name replaced, keys that
 * collide numbered. Gives the number of details of the record so far, which was `count` before.
 */
export type AddDetail = (
  count: number,
  field: string,
  value: FieldValue,
  context: MapContext,
  sink: AttributeSink,
) => number;

/** The details of a product. */
export interface Details {
  readonly add: AddDetail;
  readonly ruleOf: (field: string) => DetailRule;
}

/** What is made of all details of one name. */
export interface DetailRule {
  readonly attribute: string;
  readonly secret: boolean;
  readonly blob: boolean;
}

/** Names are few, but an attacker can make up more: then the table begins anew. */
const MAX_RULES = 2048;
const MAX_NAME_LENGTH = 128;

/** Compiles what a product says of its details. */
export function compileDetails(product: Product): Details {
  const rules = new Map<string, DetailRule>();

  function ruleOf(field: string): DetailRule {
    const known = rules.get(field);
    if (known) return known;
    const secret = (product.redaction.secretFields?.includes(field) ?? false) || isSecretName(field, product.redaction);
    const made = { attribute: detailKey(field, product), secret, blob: isBlob(field, product) };
    if (field.length > MAX_NAME_LENGTH) return made;
    if (rules.size >= MAX_RULES) rules.clear();
    rules.set(flat(field), { ...made, attribute: flat(made.attribute) });
    return made;
  }

  const add: AddDetail = (count, field, value, { limits, blobs }, sink) => {
    if (value.kind === 'null' || value.text === '') return count;
    const { attribute, secret, blob } = ruleOf(field);
    if (blob && !blobs) return count;
    if (count >= limits.maxDetails) {
      if (count === limits.maxDetails) sink.issues.push(tooManyDetails(limits));
      return count + 1;
    }
    if (secret) hideField(field, value, sink);
    sink.attributes.add(
      freeKey(attribute, sink.attributes),
      secret ? MARKER : redactText(value.text, product.redaction),
    );
    return count + 1;
  };
  return { add, ruleOf };
}

/** Said once of a record with more details than are kept. */
export function tooManyDetails({ maxDetails }: Limits): Issue {
  return { code: 'too_many_details', message: `more than ${maxDetails} details` };
}

function detailKey(field: string, { details, redaction }: Product): string {
  // A name out of a broken line can hold what stood in a value.
  const name = redactText(field, redaction);
  if (details.keys === 'verbatim') return details.prefix + name;
  return details.prefix + (name.toLowerCase().replace(/[^a-z0-9._-]/g, '_') || '_');
}

/** The key, with a number behind it when there is an attribute of that name. */
export function freeKey(key: string, attributes: { has(name: string): boolean }): string {
  if (!attributes.has(key)) return key;
  let suffix = 2;
  while (attributes.has(`${key}_${suffix}`)) suffix += 1;
  return `${key}_${suffix}`;
}

/** `added:CERTIFICATE_CHAIN` and `certificatechain` are the same key to the list of blobs. */
function isBlob(field: string, { details }: Product): boolean {
  if (!details.blobs) return false;
  const last = field.slice(field.lastIndexOf(':') + 1);
  return details.blobs.includes(last.toLowerCase().replace(/[^a-z0-9]/g, ''));
}
