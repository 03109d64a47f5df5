/**
 * A record inside an SDK has the application's resource and nobody but the SDK may change it. Which product instance the record
 * is really about is kept beside it: in the context while it is emitted, then on the record under a name that only we know, until our exporter wrapper asks.
 */
import type { Resource } from '@cryptrail/mapper';
import { type Context, createContextKey } from '@opentelemetry/api';

const CONTEXT_KEY = createContextKey('cryptrail product resource');
/** A weak map would cost as much as all else that is done for a record, and the garbage collector more. */
const PRODUCT_RESOURCE = Symbol('cryptrail product resource');

interface Told {
  [PRODUCT_RESOURCE]?: Resource;
}

/** The context with the product resource of the record that is about to be emitted. */
export function withProductResource(context: Context, resource: Resource): Context {
  return context.setValue(CONTEXT_KEY, resource);
}

/** The product resource that {@link withProductResource} put into a context. */
export function resourceInContext(context: Context | undefined): Resource | undefined {
  return context?.getValue(CONTEXT_KEY) as Resource | undefined;
}

/** Remembers which product instance an SDK record is about, for as long as the record lives. */
export function setProductResource(record: object, resource: Resource): void {
  (record as Told)[PRODUCT_RESOURCE] = resource;
}

/** What {@link setProductResource} remembered. */
export function productResourceOf(record: object): Resource | undefined {
  return (record as Told)[PRODUCT_RESOURCE];
}
