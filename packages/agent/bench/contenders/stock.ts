/** The stock path: lines, a hand-written parser, `logger.emit`, the batch processor, OTLP over HTTP. Arguments: FILE ENDPOINT COMPRESSION [defaults]. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { parseLine } from './parse-like-a-user.ts';

const [file = '', endpoint = '', compression = 'none'] = process.argv.slice(2);
/** The queue of the batch processor: what goes over it is dropped, so it is emptied before. */
const QUEUE = 2048;
const SEVERITIES = new Map([
  ['debug', 5],
  ['info', 9],
  ['warning', 13],
  ['error', 17],
]);

const exporter = new OTLPLogExporter({
  url: `${endpoint}/v1/logs`,
  compression: compression === 'gzip' ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE,
});
const processor = new BatchLogRecordProcessor({ exporter });
const provider = new LoggerProvider({
  resource: resourceFromAttributes({ 'service.name': 'bench' }),
  processors: [processor],
});
const logger = provider.getLogger('bench');
let number = 0;
for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
  number += 1;
  const { fields, body, time, level, event } = parseLine(line);
  const attributes: Record<string, unknown> = { 'log.file.path': file, 'log.file.record_number': number };
  for (const name in fields) attributes[`log.${name}`] = fields[name];
  logger.emit({
    ...(Number.isFinite(time) && { timestamp: [Math.floor(time / 1000), Math.round((time % 1000) * 1e6)] }),
    severityNumber: SEVERITIES.get(level.toLowerCase()) ?? 9,
    severityText: level,
    eventName: event,
    body,
    attributes,
  });
  if (number % QUEUE === 0) await provider.forceFlush();
}
await provider.shutdown();
process.stdout.write(`${number}\n`);
