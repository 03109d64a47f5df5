import { compileProduct, mapOptionsOf, systemNanos } from './compile-product.ts';
import { CompiledProducts } from './compiled-products.ts';
import { decodeCef } from './decode/cef.ts';
import type { Decoders } from './decode/decoders.ts';
import { fieldsOf } from './decode/fields-of.ts';
import { bareText } from './decode/frame.ts';
import { createJsonDecoder } from './decode/json.ts';
import { createReaderWith, type ReadLine } from './decode/line-reader.ts';
import { decodeLogfmt } from './decode/logfmt.ts';
import { MESSAGE_DECODERS } from './decode/message-decoders.ts';
import { frameOf } from './decode/read-frame.ts';
import { decodeTerminal } from './decode/terminal.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { brokenRecord } from './map/foreign.ts';
import { createResourceStore } from './map/resource.ts';
import type { Pipeline, PipelineOptions } from './pipeline.ts';
import type { Frame, LogRecord } from './records.ts';
import { compileTextRedactor } from './redact/message.ts';

/** A format of lines, JSON apart, which is always read. */
export type LineFormat = Decoders;

/** Lines in the Common Event Format. */
export const cef: LineFormat = { cef: decodeCef };
/** Lines of `key=value` pairs. */
export const logfmt: LineFormat = { logfmt: decodeLogfmt };
/** Lines as a program prints them on a terminal: `WARN[0042] …`. */
export const terminal: LineFormat = { terminal: decodeTerminal };
/** Messages of a logger in its own layout, e.g. that of log4j. */
export const messages: LineFormat = { messages: MESSAGE_DECODERS };

/** Options of {@link createLines}: as for a pipeline, and the formats. */
export interface LinesOptions
  extends Pick<
    PipelineOptions,
    'products' | 'application' | 'timeZone' | 'severity' | 'original' | 'attack' | 'blobs' | 'now'
  > {
  /** Formats that the products print, besides JSON. Default: none. */
  readonly formats?: readonly LineFormat[];
}

/** Finds the records of products among lines that are in the program already. */
export type Lines = Pick<Pipeline, 'findText' | 'findObject'>;

/**
 * The part of a pipeline that a service needs which maps the lines that it logs itself: no files, no wrappers, no tables, one line a record, and only
 * the formats that are named. Gives the same records as a pipeline with these products.
 *
 * @example
 * ```ts
 * const lines = createLines({ products: [acra], formats: [cef, logfmt] });
 * const record = lines.findText('{"code":587,"level":"warning","msg":"poison record","product":"acra-server"}');
 * ```
 */
export function createLines(options: LinesOptions): Lines {
  const { products, application, blobs = false, now = systemNanos } = options;
  const mapOptions = mapOptionsOf(options);
  const { timeZone, original } = mapOptions;
  const reader = createReaderWith(Object.assign({}, ...(options.formats ?? [])), products, false, createJsonDecoder());
  const resources = createResourceStore();
  const redactText = compileTextRedactor(products.map(({ redaction }) => redaction));
  const compiled = new CompiledProducts(products, (product) =>
    compileProduct(product, { limits: DEFAULT_LIMITS, blobs }, mapOptions, resources),
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
