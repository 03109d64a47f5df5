import { createPipeline, type LogRecord, type Pipeline, type PipelineOptions } from '@cryptrail/mapper';
import { flattenRecord } from '../flatten-record.ts';
import { productIds, readProduct } from '../product-tables.ts';

/** Acra's tables. */
export const acra = readProduct('acra');
const products = productIds().map(readProduct);

const pipelines = new Map<string, Pipeline>();

/** Compiling the tables costs more than reading a line. */
function pipelineFor(options: Partial<PipelineOptions>): Pipeline {
  const key = JSON.stringify(options);
  const made = pipelines.get(key) ?? createPipeline({ products, now: () => 1n, ...options });
  pipelines.set(key, made);
  return made;
}

/** The records that lines become when nothing is said about what they are. */
export function convert(lines: string | readonly string[], options: Partial<PipelineOptions> = {}): LogRecord[] {
  const text = typeof lines === 'string' ? lines : lines.join('\n');
  const reader = pipelineFor(options).open();
  return [...reader.push(new TextEncoder().encode(text)), ...reader.end()];
}

/** The one record that a line becomes. */
export function convertLine(line: string, options: Partial<PipelineOptions> = {}): LogRecord {
  const [record, ...more] = convert(line, options);
  if (!record || more.length > 0) throw new Error(`${more.length + (record ? 1 : 0)} records`);
  return record;
}

/** What must be the same in all formats: text prints neither service nor version, and only CEF has a severity number of its own. */
export function comparable(record: LogRecord): unknown {
  const { resource, attributes, ...flat } = flattenRecord(record);
  const {
    'cryptrail.source.format': _format,
    'acra.cef.severity': _severity,
    ...rest
  } = attributes as Record<string, unknown>;
  return { ...flat, attributes: rest };
}

/** Every text that leaves with a record. */
export function textsOf(record: LogRecord): string {
  return JSON.stringify([flattenRecord(record), record.issues]);
}
