/** Our mapper through the OpenTelemetry SDK and its stock exporter. Arguments: FILE ENDPOINT COMPRESSION. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { products } from '@cryptrail/catalogue';
import { createGroupingExporter, EventCodeProcessor, emitRecord } from '@cryptrail/exporter';
import { createPipeline, type LogRecord } from '@cryptrail/mapper';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';

const [file = '', endpoint = '', compression = 'none'] = process.argv.slice(2);
const QUEUE = 2048;

const exporter = new OTLPLogExporter({
  url: `${endpoint}/v1/logs`,
  compression: compression === 'gzip' ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE,
});
const provider = new LoggerProvider({
  processors: [new EventCodeProcessor(), new BatchLogRecordProcessor({ exporter: createGroupingExporter(exporter) })],
});
const logger = provider.getLogger('cryptrail');
const reader = createPipeline({ products, timeZone: 'UTC' }).open({ name: basename(file), path: file });
let emitted = 0;

async function emitAll(records: readonly LogRecord[]): Promise<void> {
  for (const record of records) {
    emitRecord(logger, record);
    emitted += 1;
    if (emitted % QUEUE === 0) await provider.forceFlush();
  }
}

for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) await emitAll(reader.push(chunk));
await emitAll(reader.end());
await provider.shutdown();
process.stdout.write(`${emitted}\n`);
