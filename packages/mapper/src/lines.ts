import { ALL_PARTS } from './all-parts.ts';
import { createJsonDecoder } from './decode/json.ts';
import { createLinesOf, type Lines, type ProductLinesOptions } from './lines-of.ts';
import type { PipelineOptions } from './pipeline.ts';

export { cef, type LineFormat, logfmt, messages, terminal } from './line-parts.ts';
export type { Lines, ProductLinesOptions } from './lines-of.ts';

/** Options of {@link createLines}: as for a pipeline, and the formats. */
export interface LinesOptions extends ProductLinesOptions, Pick<PipelineOptions, 'products'> {}

/**
 * The part of a pipeline that a service needs which maps the lines that it logs itself: no files, no wrappers, no tables, one line a record, and only
 * the formats that are named. Gives the same records as a pipeline with these products. A service that knows its product takes
 * `@cryptrail/mapper/lines/<product>`, which leaves out what only other products need.
 *
 * @example
 * ```ts
 * const lines = createLines({ products: [acra], formats: [cef, logfmt] });
 * const record = lines.findText('{"code":587,"level":"warning","msg":"poison record","product":"acra-server"}');
 * ```
 */
export function createLines(options: LinesOptions): Lines {
  return createLinesOf({ ...ALL_PARTS, products: options.products, decodeJson: createJsonDecoder() }, options);
}
