import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeLogsRequest, type ExportLogsServiceRequest } from '@cryptrail/exporter/otlp';
import { systemCode } from '../input/system-error.ts';
import { Refused, readBody } from './body.ts';
import { renderStatus, type WireEncoding } from './status.ts';

/** Only programs of this machine can reach it: it asks nobody who they are. */
const LOOPBACK = '127.0.0.1';

/** The port that OTLP over HTTP has by convention. */
export const OTLP_PORT = 4318;

/** 16 MiB, what the decoder takes at most; a Collector's own limit is 20 MiB. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Whoever has not sent a whole request in this time blocks a connection for nothing. */
const REQUEST_TIMEOUT_MILLIS = 30_000;

/** A running OTLP/HTTP receiver. */
export interface Receiver {
  /** `http://127.0.0.1:4318`. */
  readonly url: string;
  /** Answers what is in flight, then closes. */
  readonly close: () => Promise<void>;
}

/** How a receiver listens. */
export interface ReceiverOptions {
  /** Default {@link OTLP_PORT}, or any free port when that one is taken. */
  readonly port?: number | undefined;
  /** Gets every request that was accepted, before it is answered. */
  readonly onRequest: (request: ExportLogsServiceRequest) => void;
}

/** Listens on loopback for `POST /v1/logs`, protobuf or JSON, plain or gzip. Rejects with the system's error when it cannot listen. */
export async function startReceiver({ port, onRequest }: ReceiverOptions): Promise<Receiver> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MILLIS }, (request, response) => {
    void answer(request, response, onRequest);
  });
  await listen(server, port);
  const address = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function listen(server: Server, port: number | undefined): Promise<void> {
  try {
    await listenOn(server, port ?? OTLP_PORT);
  } catch (error) {
    if (port !== undefined || systemCode(error) !== 'EADDRINUSE') throw error;
    await listenOn(server, 0);
  }
}

function listenOn(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  onRequest: ReceiverOptions['onRequest'],
): Promise<void> {
  const json = request.headers['content-type']?.toLowerCase().startsWith('application/json') ?? true;
  const encoding: WireEncoding = json ? 'json' : 'protobuf';
  try {
    requireOwnName(request);
    if (isGreeting(request)) return void response.setHeader('content-type', 'text/plain').end(GREETING);
    route(request);
    const decoded = decodeLogsRequest(await readBody(request, MAX_BODY_BYTES), request.headers['content-type'], {
      maxBytes: MAX_BODY_BYTES,
    });
    if (!decoded.ok) throw new Refused(decoded.error.status, decoded.error.message);
    onRequest(decoded.request);
    reply(response, 200, encoding, json ? '{}' : new Uint8Array());
  } catch (error) {
    const { status, message } = error instanceof Refused ? error : { status: 500, message: 'the request failed' };
    if (status === 405) response.setHeader('allow', 'POST');
    // What is left of the body will not be read, so the connection cannot serve another request.
    response.setHeader('connection', 'close');
    reply(response, status, encoding, renderStatus(encoding, message));
  }
}

const GREETING = 'Cryptrail receives OTLP logs here: POST /v1/logs, protobuf or JSON.\n';

function isGreeting({ method, url }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && url === '/';
}

/** A page in a browser can be made to reach loopback under a name of its own; programs that mean us use ours. */
function requireOwnName({ headers }: IncomingMessage): void {
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(headers.host ?? '')) throw new Refused(403, 'host must be 127.0.0.1');
}

function route({ method, url }: IncomingMessage): void {
  if (url !== '/v1/logs') throw new Refused(404, 'logs go to /v1/logs');
  if (method !== 'POST') throw new Refused(405, 'logs are sent with POST');
}

function reply(response: ServerResponse, status: number, encoding: WireEncoding, body: string | Uint8Array): void {
  response.statusCode = status;
  response.setHeader('content-type', encoding === 'json' ? 'application/json' : 'application/x-protobuf');
  response.end(body);
}
