// Reads a log file, whatever mix of products it holds, and shows what each record became. Nothing is sent anywhere.
import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { products } from '@cryptrail/catalogue';
import { findEvent } from '@cryptrail/catalogue/entries';
import { toOtlpJsonLine } from '@cryptrail/exporter/otlp';
import { createPipeline, type LogRecord } from '@cryptrail/mapper';

const file = process.argv[2] ?? fileURLToPath(new URL('sample.log', import.meta.url));
const reader = createPipeline({ products }).open({ name: file, path: file });

const records: LogRecord[] = [];
for await (const chunk of createReadStream(file)) records.push(...reader.push(chunk));
records.push(...reader.end());

for (const { eventName, severityNumber, body, attributes } of records) {
  console.log(`${eventName ?? '(no event)'} (severity ${severityNumber}): ${body}`);
  const event = eventName === undefined ? undefined : findEvent(eventName);
  if (event) console.log(`    ${attributes.get('cryptrail.priority')}: ${event.title}`);
}

// What a backend would get: one OTLP request, as one line of JSON.
const request = toOtlpJsonLine(records);
console.log(`${records.length} records, ${reader.counts.foreign} foreign; as OTLP: ${request.slice(0, 46)}…`);
