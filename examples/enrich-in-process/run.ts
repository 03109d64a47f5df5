// An application that already logs through an OpenTelemetry SDK. It passes on lines of the Acra server that it watches over;
// two lines of set-up turn those into named events, and its own records stay as they are.
import { createGroupingExporter, EventCodeProcessor } from '@cryptrail/exporter';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';

const exporter = new InMemoryLogRecordExporter(); // an OTLPLogExporter in a real application
const provider = new LoggerProvider({
  processors: [new EventCodeProcessor(), new SimpleLogRecordProcessor({ exporter: createGroupingExporter(exporter) })],
});
const logger = provider.getLogger('watchdog');

logger.emit({ severityText: 'info', body: 'watchdog started' });

// A line as text.
logger.emit({
  body: '{"client_id":"billing","code":587,"level":"warning","msg":"Recognized poison record","product":"acra-server","session_id":17,"timestamp":"2024-09-17T10:00:00+02:00","unixTime":"1726560000.950","version":"0.96.0"}',
});

// A line that a logging library has parsed: its message is the body, its other members are attributes.
logger.emit({
  body: 'Can not load master key',
  attributes: {
    code: 512,
    level: 'error',
    product: 'acra-translator',
    timestamp: '2024-09-17T10:00:01+02:00',
    unixTime: '1726560001.002',
  },
});

for (const { resource, eventName, severityText, body, attributes } of exporter.getFinishedLogRecords()) {
  const service = eventName ? resource.attributes['service.name'] : 'the application';
  console.log(`${service}: ${eventName ?? '(no event)'} [${severityText}] ${body}`);
  for (const name of ['cryptrail.category', 'cryptrail.priority', 'acra.client.id']) {
    if (attributes[name] !== undefined) console.log(`    ${name} = ${attributes[name]}`);
  }
}
await provider.shutdown();
