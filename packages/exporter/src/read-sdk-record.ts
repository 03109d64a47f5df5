import type { Product } from '@cryptrail/catalogue';
import { createPipeline, type LogRecord, type Pipeline, type PipelineOptions } from '@cryptrail/mapper';

/** The parts of an SDK record in which a product's line can hide. */
export interface SdkRecordContent {
  readonly body?: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A product record found inside an SDK record. */
export interface FoundRecord {
  readonly record: LogRecord;
  /** Attributes of the SDK record that were the product's own fields and are now said by `record`. */
  readonly consumed: readonly string[];
}

/** Makes a function that looks for a product's line in an SDK record: in the body as text or parsed, or parsed into the attributes. */
export function createSdkRecordReader(
  options: PipelineOptions,
): (content: SdkRecordContent) => FoundRecord | undefined {
  return createRecordFinder(createPipeline(options), options.products);
}

/** The same with a pipeline that is there already. `products`: those that it knows. */
export function createRecordFinder(
  pipeline: Pipeline,
  products: readonly Product[],
): (content: SdkRecordContent) => FoundRecord | undefined {
  const messageFields = new Map(products.map((product) => [product.id, messageFieldOf(product)]));

  /** A record of a product, also one that is broken: its text may hold secrets that nobody can locate, so it must not pass as it is. */
  function readBody(body: unknown): LogRecord | undefined {
    if (typeof body === 'string') return pipeline.findText(body);
    return isPlainObject(body) ? pipeline.findObject(body) : undefined;
  }

  /** Logging bridges put the members of a JSON line into attributes and its message into the body. */
  function readAttributes({ body, attributes }: SdkRecordContent): FoundRecord | undefined {
    // Names with a dot are OpenTelemetry's, put there by the bridge; a product's own are plain words.
    const consumed = Object.keys(attributes).filter((name) => !name.includes('.'));
    if (consumed.length === 0) return undefined;
    const fields = Object.fromEntries(consumed.map((name) => [name, attributes[name]]));
    const record = pipeline.findObject(fields);
    const messageField = messageFields.get(record?.product ?? '');
    if (typeof body !== 'string' || messageField === undefined || Object.hasOwn(fields, messageField)) {
      return record && { record, consumed };
    }
    return { record: pipeline.readObject({ ...fields, [messageField]: body }), consumed };
  }

  return (content) => {
    const record = readBody(content.body);
    return record ? { record, consumed: [] } : readAttributes(content);
  };
}

/** The member in which the JSON lines of a product carry their message. */
function messageFieldOf(product: Product): string | undefined {
  const messages = product.formats.filter(({ decoder }) => decoder === 'json').flatMap(({ message }) => message ?? []);
  return messages.find(({ in: space = 'fields' }) => space === 'fields')?.field;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
