/** An OTLP receiver on loopback for tests: answers as told, keeps what it was sent. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { decodeLogsRequest } from '../src/otlp/decode-logs-request.ts';
import type { ExportLogsServiceRequest, OtlpLogRecord } from '../src/otlp/types.ts';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly request: ExportLogsServiceRequest;
}

export interface Receiver {
  readonly endpoint: string;
  /** Everything that was sent, also what was answered with an error. */
  readonly received: Received[];
  /** Most requests that were being answered at a time. */
  readonly mostAtOnce: () => number;
}

/** Starts a receiver that is closed when the test ends. `answer` may look at the request; default: 200. */
export async function startReceiver(
  answer: (received: Received, at: number) => Answer | Promise<Answer> = () => ({}),
): Promise<Receiver> {
  const received: Received[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  const server = createServer(async (message, response) => {
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    const one = await read(message);
    received.push(one);
    const { status = 200, headers = {}, body = '' } = await answer(one, received.length - 1);
    atOnce -= 1;
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, received, mostAtOnce: () => mostAtOnce };
}

async function read(message: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const plain = message.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
  const decoded = decodeLogsRequest(plain, message.headers['content-type']);
  if (!decoded.ok) throw new Error(decoded.error.message);
  return { path: message.url ?? '', headers: message.headers, request: decoded.request };
}

/** All records of some requests, in order. */
export function recordsOf(received: readonly Received[]): OtlpLogRecord[] {
  return received.flatMap(({ request }) =>
    request.resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)),
  );
}
