// A signing service that raises the events of the catalogue itself and sends them over OTLP, here to a receiver in the same program.
import { createServer } from 'node:http';
import { decodeLogsRequest, emitEvent, setUpCryptrail } from '@cryptrail/exporter';

const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const decoded = decodeLogsRequest(Buffer.concat(chunks), request.headers['content-type']);
  response.end();
  if (!decoded.ok) throw new Error(decoded.error.message);
  for (const { scopeLogs } of decoded.request.resourceLogs) {
    for (const { logRecords } of scopeLogs) {
      for (const { eventName, severityNumber, body, attributes } of logRecords) {
        console.log(`${eventName} (severity ${severityNumber}): ${body?.stringValue}`);
        for (const { key, value } of attributes) console.log(`    ${key} = ${Object.values(value).join()}`);
      }
    }
  }
});
await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
const address = receiver.address();
if (address === null || typeof address === 'string') throw new Error('the receiver has no port');

const { logger, shutdown } = await setUpCryptrail({ export: { endpoint: `http://127.0.0.1:${address.port}` } });

// The name is checked by the compiler; code, category, priority and outcome come out of the catalogue.
emitEvent(logger, 'cesecore.cert_creation', {
  application: 'ejbca',
  outcome: 'success',
  attributes: { 'cesecore.certificate.serial_number': '3f1c', 'user.name': 'ra-officer' },
});
emitEvent(logger, 'cesecore.access_control', {
  application: 'ejbca',
  outcome: 'failure',
  body: 'ra-officer may not revoke certificates',
  attributes: { 'user.name': 'ra-officer' },
});

await shutdown();
receiver.close();
