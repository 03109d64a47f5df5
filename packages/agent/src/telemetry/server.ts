import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ListenAddress } from '../run/settings.ts';
import type { Watched } from './measures.ts';
import { PROMETHEUS_TYPE, renderPrometheus } from './prometheus.ts';

/** A running telemetry listener. */
export interface TelemetryServer {
  /** `http://127.0.0.1:9464`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Nothing is ever sent to it but short questions. */
const LIMITS = { requestTimeout: 5000, headersTimeout: 5000, maxHeaderSize: 8192, keepAliveTimeout: 5000 };
const MOST_CONNECTIONS = 32;

/** Serves `/metrics`, `/healthz` and `/readyz`. Rejects with the system's error when it cannot listen there. */
export async function startTelemetry({ host, port }: ListenAddress, watched: Watched): Promise<TelemetryServer> {
  const server = createServer(LIMITS, (request, response) => answer(request, response, watched));
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${shown}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  readonly status: 200 | 404 | 405 | 503;
  readonly body: string;
  readonly type?: string;
}

function answer({ method, url }: IncomingMessage, response: ServerResponse, watched: Watched): void {
  const isRead = method === 'GET' || method === 'HEAD';
  const {
    status,
    body,
    type = 'text/plain; charset=utf-8',
  } = isRead ? page(url?.split('?')[0], watched) : { status: 405, body: 'only GET\n' };
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    ...(isRead ? {} : { allow: 'GET, HEAD' }),
  });
  response.end(method === 'HEAD' ? undefined : body);
}

function page(path: string | undefined, watched: Watched): Answer {
  switch (path) {
    case '/metrics':
      return { status: 200, body: renderPrometheus(watched), type: PROMETHEUS_TYPE };
    case '/healthz':
      return { status: 200, body: 'ok\n' };
    case '/readyz':
      return watched.health.isReady
        ? { status: 200, body: 'ready\n' }
        : { status: 503, body: `${watched.health.problems.join('\n')}\n` };
    default:
      return { status: 404, body: '/metrics, /healthz, /readyz\n' };
  }
}
