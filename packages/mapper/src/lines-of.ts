import type { Product } from '@cryptrail/catalogue';
import { compileProduct, mapOptionsOf, type ProductParts, systemNanos } from './compile-product.ts';
import { CompiledProducts } from './compiled-products.ts';
import { fieldsOf } from './decode/fields-of.ts';
import { bareText } from './decode/frame.ts';
import type { DecodeJson } from './decode/json.ts';
import { createReaderWith, type ReadLine } from './decode/line-reader.ts';
import { frameOf } from './decode/read-frame.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { LineFormat } from './line-parts.ts';
import { brokenRecord } from './map/foreign.ts';
import { createResourceStore } from './map/resource.ts';
import type { Pipeline, PipelineOptions } from './pipeline.ts';
import type { Frame, LogRecord } from './records.ts';
import { compileTextRedactor } from './redact/message.ts';

/** Options of the lines of one product: as for a pipeline, and the formats. */
export interface ProductLinesOptions
  extends Pick<PipelineOptions, 'application' | 'timeZone' | 'severity' | 'original' | 'attack' | 'blobs' | 'now'> {
  /** Formats that the product prints, besides JSON. Default: none. */
  readonly formats?: readonly LineFormat[];
}

/** Finds the records of products among lines that are in the program already. */
export type Lines = Pick<Pipeline, 'findText' | 'findObject'>;

/** What lines of products need, apart from their formats. */
export interface LinesParts extends ProductParts {
  readonly products: readonly Product[];
  /** Reads JSON, where a format of the products is JSON. */
  readonly decodeJson?: DecodeJson;
}

/** Reads lines of the products with the given parts. */
export function createLinesOf(parts: LinesParts, options: ProductLinesOptions): Lines {
  const { products, decodeJson } = parts;
  const { formats = [], application, blobs = false, now = systemNanos } = options;
  const mapOptions = mapOptionsOf(options);
  const { timeZone, original } = mapOptions;
  const reader = createReaderWith(Object.assign({}, ...formats), products, false, decodeJson);
  const resources = createResourceStore();
  const redactText = compileTextRedactor(products.map(({ redaction }) => redaction));
  const compiled = new CompiledProducts(products, (product) =>
    compileProduct(product, { limits: DEFAULT_LIMITS, blobs }, parts, mapOptions, resources),
  );

  function find(read: ReadLine, frame: Frame): LogRecord | undefined {
    if (read.kind === 'record') {
      const parts = compiled.get(read.product.id);
      return parts?.map(parts.recognise(read.record, read.format, application), now(), []);
    }
    if (read.kind === 'foreign' || !read.product) return undefined;
    const context = { timeZone, original, redactText, observedTimeUnixNano: now(), extra: [] };
    return brokenRecord(frame, read.product, read.problem, resources, context);
  }

  return {
    findText(text) {
      if (bareText(text) === '') return undefined;
      const frame = frameOf(text);
      return find(reader.read(frame), frame);
    },
    findObject(value) {
      const frame = frameOf('');
      return find(reader.readFields(fieldsOf(value), frame), frame);
    },
  };
}
