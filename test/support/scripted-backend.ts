/** An OTLP backend that misbehaves by a script. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeLogsRequest } from '@cryptrail/exporter/otlp';
import { onTestFinished } from 'vitest';

/** What the backend does with a request. `commits`: it keeps the records, whatever it says then. */
export type Act =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: Uint8Array;
      readonly commits?: boolean;
    }
  /** Breaks the connection, before or after it kept the records. */
  | { readonly resets: true; readonly commits?: boolean }
  /** Says half of an answer and breaks off. */
  | { readonly breaksOff: true; readonly commits?: boolean }
  /** Never answers. */
  | { readonly hangs: true }
  /** Answers a byte now and then, for ever. */
  | { readonly drips: true };

export const ACCEPT: Act = { status: 200, commits: true };

/** One request as the backend saw it. */
export interface Seen {
  readonly at: number;
  readonly millis: number;
  readonly bodies: readonly string[];
}

/** A running backend. */
export interface ScriptedBackend {
  readonly endpoint: string;
  readonly seen: readonly Seen[];
  /** Bodies that were kept, as often as that happened. */
  readonly kept: readonly string[];
  readonly server: Server;
}

/** Starts a backend that is gone when the test ends. `port`, `address`: there. */
export async function startScriptedBackend(
  script: (seen: Seen) => Act | Promise<Act>,
  port = 0,
  address = '127.0.0.1',
): Promise<ScriptedBackend> {
  const seen: Seen[] = [];
  const kept: string[] = [];
  const server = createServer(async (request, response) => {
    const one = { at: seen.length, millis: performance.now(), bodies: await bodiesOf(request) };
    seen.push(one);
    const act = await script(one);
    if ('commits' in act && act.commits) for (const body of one.bodies) kept.push(body);
    perform(act, response);
  });
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://${address}:${(server.address() as AddressInfo).port}`, seen, kept, server };
}

function perform(act: Act, response: ServerResponse): void {
  if ('resets' in act) response.socket?.resetAndDestroy();
  else if ('breaksOff' in act) {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{', () => response.socket?.resetAndDestroy());
  } else if ('drips' in act) {
    response.writeHead(200);
    const drip = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(drip));
  } else if ('status' in act) response.writeHead(act.status, act.headers).end(act.body);
}

async function bodiesOf(request: IncomingMessage): Promise<string[]> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    return [];
  }
  const bytes = Buffer.concat(chunks);
  const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
  const decoded = decodeLogsRequest(plain, request.headers['content-type']);
  if (!decoded.ok) return [];
  return decoded.request.resourceLogs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) => logRecords.map(({ body }) => body?.stringValue ?? '')),
  );
}

/** An answer in protobuf that so many records were rejected. */
export function partialSuccess(rejected: number): Uint8Array {
  const count: number[] = [];
  for (let rest = rejected; ; rest >>>= 7) {
    count.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
    if (rest < 0x80) break;
  }
  return Uint8Array.from([0x0a, count.length + 1, 0x08, ...count]);
}
