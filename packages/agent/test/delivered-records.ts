/** Made-up records for the tests of delivery, and the reading of what was delivered. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeLogsRequest, type EncodedLogs, joinGroups } from '@cryptrail/exporter/otlp';
import type { LogRecord, Resource } from '@cryptrail/mapper';
import { onTestFinished } from 'vitest';

const server: Resource = { attributes: new Map([['service.name', 'acra-server']]) };

/** Records with bodies `record 0`, `record 1`, …, each from its own line of one file. */
export function numbered(count: number, from = 0): LogRecord[] {
  return Array.from({ length: count }, (_, at) => ({
    timeUnixNano: BigInt(from + at + 1),
    observedTimeUnixNano: 1n,
    severityNumber: 9,
    body: `record ${from + at}`,
    attributes: new Map<string, string | number>([
      ['log.file.path', '/var/log/acra.log'],
      ['log.file.record_number', from + at + 1],
    ]),
    resource: server,
    issues: [],
  }));
}

/** Bodies of the records in one line of OTLP JSON, or in encoded groups. */
export function bodiesOf(given: string | EncodedLogs): string[] {
  const [bytes, type] =
    typeof given === 'string'
      ? [Buffer.from(given), 'application/json']
      : [joinGroups(given), 'application/x-protobuf'];
  const decoded = decodeLogsRequest(bytes, type);
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.request.resourceLogs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) => logRecords.map(({ body }) => body?.stringValue ?? '')),
  );
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cryptrail-deliver-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A backend on loopback that answers with the status it is told for the bodies it was sent. */
export async function startBackend(statusOf: (bodies: readonly string[]) => number) {
  const taken: string[] = [];
  const backend = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const decoded = decodeLogsRequest(Buffer.concat(chunks), request.headers['content-type']);
    const bodies = decoded.ok ? bodiesOf(JSON.stringify(decoded.request)) : [];
    const status = statusOf(bodies);
    if (status === 200) taken.push(...bodies);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    backend.closeAllConnections();
    backend.close();
  });
  return { endpoint: `http://127.0.0.1:${(backend.address() as AddressInfo).port}`, taken };
}
