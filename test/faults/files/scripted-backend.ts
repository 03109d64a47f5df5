import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { decodeLogsRequest, type OtlpLogRecord } from '@cryptrail/exporter/otlp';

/** How a backend behaves. It may be changed while it runs. */
export interface Behaviour {
  /** How long it takes over a request. */
  latencyMillis: number;
  /** Share of the requests that it refuses for now. */
  refusedShare: number;
  /** It takes no connection, and ends those there are. */
  isDown: boolean;
}

/** An OTLP backend that does what a test says. */
export interface ScriptedBackend {
  readonly url: string;
  readonly behaviour: Behaviour;
  /** Requests answered with 200, and refused ones. */
  readonly counts: { accepted: number; refused: number; broken: number };
  close(): void;
}

/**
 * Starts a backend on loopback.
 *
 * @param onRecord Gets each record of each accepted request.
 */
export async function startBackend(onRecord: (record: OtlpLogRecord) => void): Promise<ScriptedBackend> {
  const behaviour: Behaviour = { latencyMillis: 0, refusedShare: 0, isDown: false };
  const counts = { accepted: 0, refused: 0, broken: 0 };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    await sleep(behaviour.latencyMillis);
    if (behaviour.isDown) return void request.socket.destroy();
    if (Math.random() < behaviour.refusedShare) {
      counts.refused += 1;
      response.writeHead(503, Math.random() < 0.5 ? { 'retry-after': '1' } : {}).end();
      return;
    }
    const decoded = decodeLogsRequest(
      expanded(Buffer.concat(chunks), request.headers['content-encoding']),
      request.headers['content-type'],
      { maxBytes: 64 * 1024 * 1024, maxValues: 10_000_000 },
    );
    if (!decoded.ok) {
      counts.broken += 1;
      response.writeHead(400).end();
      return;
    }
    for (const { scopeLogs } of decoded.request.resourceLogs)
      for (const { logRecords } of scopeLogs) for (const record of logRecords) onRecord(record);
    counts.accepted += 1;
    response.writeHead(200, { 'content-type': request.headers['content-type'] ?? '' }).end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  server.on('connection', (socket) => {
    if (behaviour.isDown) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    behaviour,
    counts,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function expanded(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'gzip') return gunzipSync(body);
  return encoding === 'zstd' ? zstdDecompressSync(body) : body;
}
