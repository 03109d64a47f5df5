import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createTokenCheck, isLoopback, requireOwnName } from './authorise.ts';
import { Refused, readBody } from './body.ts';
import { type ListenerTls, readListenerTls, watchListenerTls } from './listener-tls.ts';
import { type Rejected, renderResponse, renderStatus, type WireEncoding } from './status.ts';

/** 16 MiB, what the decoder takes at most; a Collector's own limit is 20 MiB. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;
const MAX_REQUESTS = 64;
/** Bodies that are held at a time, four of the longest. */
const MAX_HELD_BODIES = 4;

/** Whoever has not sent a head, or a whole request, in this time blocks a connection for nothing. */
const HEAD_TIMEOUT_MILLIS = 10_000;
const REQUEST_TIMEOUT_MILLIS = 30_000;
const LOOK_EVERY_MILLIS = 2_000;
/** What an answer may take on its way when the listener closes. */
const ANSWER_MILLIS = 500;
/** After how many seconds a sender may come again. */
const RETRY_AFTER_SECONDS = 2;

/** A request that may be answered. */
export interface ReceivedRequest {
  readonly body: Uint8Array;
  readonly contentType: string | undefined;
}

/** How a listener listens, and what it does with requests. */
export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: ListenerTls | undefined;
  /** Asked of every sender, as `Authorization: Bearer …`. */
  readonly token?: string | undefined;
  readonly maxBodyBytes?: number | undefined;
  readonly maxRequests?: number | undefined;
  /** Takes a request; the answer waits for it. Gives the records that were not taken. Throws {@link Refused} to say no. */
  readonly handle: (request: ReceivedRequest) => Promise<Rejected | undefined>;
  readonly note?: (message: string) => void;
}

/** A listener for `POST /v1/logs`. */
export interface Listener {
  /** `http://127.0.0.1:4318`. */
  readonly url: string;
  /** Refuses what comes from now on, answers what is in flight, then closes. */
  close(): Promise<void>;
}

/** Listens for `POST /v1/logs`, protobuf or JSON, plain, gzip or zstd. Rejects with the system's error when it cannot listen. */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { host, port, tls, note = () => {} } = options;
  const timeouts = {
    headersTimeout: HEAD_TIMEOUT_MILLIS,
    requestTimeout: REQUEST_TIMEOUT_MILLIS,
    connectionsCheckingInterval: LOOK_EVERY_MILLIS,
  };
  const desk = createDesk(options);
  const answer = (request: IncomingMessage, response: ServerResponse) => void desk.answer(request, response);
  const server = tls
    ? createTlsServer({ ...timeouts, ...readListenerTls(tls) }, answer)
    : createServer(timeouts, answer);
  server.maxConnections = (options.maxRequests ?? MAX_REQUESTS) * 4;
  await listenOn(server, port, host);
  const stopWatching = tls ? watchListenerTls(server as TlsServer, tls, note) : () => {};
  const address = server.address() as AddressInfo;
  const shown = host.includes(':') ? `[${host}]` : host;
  return {
    url: `${tls ? 'https' : 'http'}://${shown}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        stopWatching();
        server.close(() => resolve());
        server.closeIdleConnections();
        // Whoever has sent half a request is not waited for; what was answered gets its moment to arrive.
        void desk.close().then(() => setTimeout(() => server.closeAllConnections(), ANSWER_MILLIS).unref());
      }),
  };
}

function listenOn(server: Server | TlsServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

interface Desk {
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Refuses what comes from now on. Resolves when every whole request that came before is answered. */
  close(): Promise<void>;
}

function createDesk({
  host,
  token,
  handle,
  maxBodyBytes = MAX_BODY_BYTES,
  maxRequests = MAX_REQUESTS,
}: ListenerOptions): Desk {
  const checkToken = token === undefined ? () => {} : createTokenCheck(token);
  // With a token, nobody else's page can speak for the user.
  const checkName = isLoopback(host) && token === undefined ? requireOwnName : () => {};
  const maxHeldBytes = maxBodyBytes * MAX_HELD_BODIES;
  let open = 0;
  let handled = 0;
  let heldBytes = 0;
  let isClosed = false;
  let onIdle = () => {};

  async function take(request: IncomingMessage): Promise<Rejected | undefined> {
    if (isClosed) throw new Refused(503, 'the receiver is stopping');
    if (open >= maxRequests) throw new Refused(429, `${maxRequests} requests are being answered`);
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > maxBodyBytes) throw new Refused(413, `the body is longer than ${maxBodyBytes} bytes`);
    let own = 0;
    open += 1;
    try {
      const body = await readBody(request, maxBodyBytes, (bytes) => {
        own += bytes;
        heldBytes += bytes;
        if (heldBytes > maxHeldBytes) throw new Refused(429, 'the requests being answered hold too much');
      });
      handled += 1;
      return await handle({ body, contentType: request.headers['content-type'] }).finally(() => {
        handled -= 1;
        if (handled === 0) onIdle();
      });
    } finally {
      open -= 1;
      heldBytes -= own;
    }
  }

  return {
    async answer(request, response) {
      const encoding = encodingOf(request);
      try {
        checkName(request);
        if (isGreeting(request)) return void response.setHeader('content-type', 'text/plain').end(GREETING);
        checkToken(request);
        route(request);
        const rejected = await take(request);
        if (isClosed) response.setHeader('connection', 'close');
        reply(response, 200, encoding, renderResponse(encoding, rejected));
      } catch (error) {
        refuse(response, encoding, error);
      }
    },
    close() {
      isClosed = true;
      return new Promise((resolve) => {
        onIdle = resolve;
        if (handled === 0) resolve();
      });
    },
  };
}

function encodingOf({ headers }: IncomingMessage): WireEncoding {
  return (headers['content-type']?.toLowerCase().startsWith('application/json') ?? true) ? 'json' : 'protobuf';
}

function refuse(response: ServerResponse, encoding: WireEncoding, error: unknown): void {
  const { status, message } = error instanceof Refused ? error : { status: 500, message: 'the request failed' };
  if (status === 405) response.setHeader('allow', 'POST');
  if (status === 401) response.setHeader('www-authenticate', 'Bearer');
  if (status === 429 || status === 503) response.setHeader('retry-after', String(RETRY_AFTER_SECONDS));
  // What is left of the body will not be read, so the connection cannot serve another request.
  response.setHeader('connection', 'close');
  reply(response, status, encoding, renderStatus(encoding, message));
}

const GREETING = 'Cryptrail receives OTLP logs here: POST /v1/logs, protobuf or JSON.\n';

function isGreeting({ method, url }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && url === '/';
}

function route({ method, url }: IncomingMessage): void {
  if (url !== '/v1/logs') throw new Refused(404, 'logs go to /v1/logs');
  if (method !== 'POST') throw new Refused(405, 'logs are sent with POST');
}

function reply(response: ServerResponse, status: number, encoding: WireEncoding, body: string | Uint8Array): void {
  if (response.destroyed) return;
  response.statusCode = status;
  response.setHeader('content-type', encoding === 'json' ? 'application/json' : 'application/x-protobuf');
  response.end(body);
}
