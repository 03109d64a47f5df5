import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { logRecord } from '../../test/log-records.ts';
import { type OtlpOptions, resolveOtlpOptions } from '../options.ts';
import { encodeLogs } from '../otlp/encode-logs.ts';
import { toOtlpJson } from '../otlp/to-otlp-json.ts';
import { toOtlpProtobuf } from '../otlp/to-otlp-protobuf.ts';
import { createHttpSender } from './http-sender.ts';
import type { SendOptions } from './sender.ts';

const records = Array.from({ length: 50 }, (_, at) => logRecord({ body: `record ${at}` }));
const patient = (): SendOptions => ({ timeoutMillis: 20_000, signal: new AbortController().signal });

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A backend that keeps the requests and answers as told. */
async function startBackend(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const received: { headers: IncomingMessage['headers']; body: Buffer; url: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks), url: request.url ?? '' });
    answer(request, response);
  });
  onTestFinished(() => server.closeAllConnections());
  return { endpoint: await listen(server), received };
}

async function sendTo(options: OtlpOptions, how = patient()) {
  const sender = await createHttpSender(resolveOtlpOptions({ env: {}, protocol: 'http/protobuf', ...options }), 4);
  onTestFinished(() => sender.shutdown());
  const send = await sender.prepare(encodeLogs(records));
  return { first: await send(how), send };
}

describe('createHttpSender', () => {
  it('F02 sends the very bytes of our own encoder, with their length', async () => {
    const { endpoint, received } = await startBackend((_, response) => response.end());
    expect((await sendTo({ endpoint, headers: { Authorization: 'Bearer x' } })).first.kind).toBe('accepted');
    expect(new Uint8Array(received[0]?.body ?? [])).toEqual(toOtlpProtobuf(records));
    expect(received[0]?.headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'content-length': String(toOtlpProtobuf(records).length),
      authorization: 'Bearer x',
      'user-agent': expect.stringMatching(/^cryptrail\/\d/),
    });
    expect(received[0]?.headers['transfer-encoding']).toBeUndefined();
  });

  it('F02 sends what was encoded as protobuf as JSON, with the same values', async () => {
    const { endpoint, received } = await startBackend((_, response) => response.end());
    await sendTo({ endpoint, protocol: 'http/json' });
    expect(JSON.parse(String(received[0]?.body))).toEqual(toOtlpJson(records));
    expect(received[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
  });

  it.each([
    ['gzip', gunzipSync],
    ['zstd', zstdDecompressSync],
  ] as const)('compresses with %s in one go', async (compression, unpack) => {
    const { endpoint, received } = await startBackend((_, response) => response.end());
    await sendTo({ endpoint, compression });
    expect(received[0]?.headers).toMatchObject({ 'content-encoding': compression });
    expect(received[0]?.headers['content-length']).toBe(String(received[0]?.body.length));
    expect(new Uint8Array(unpack(received[0]?.body ?? Buffer.of()))).toEqual(toOtlpProtobuf(records));
  });

  it('F04 follows no redirect', async () => {
    const other = await startBackend((_, response) => response.end());
    const { endpoint } = await startBackend((_, response) =>
      response.writeHead(307, { location: other.endpoint }).end(),
    );
    const { first } = await sendTo({ endpoint, headers: { authorization: 'Bearer x' } });
    expect(first).toMatchObject({ kind: 'set-up', reason: expect.stringContaining('redirects') });
    expect(other.received).toEqual([]);
  });

  it('takes an answer that breaks off for none', async () => {
    const { endpoint } = await startBackend((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    expect((await sendTo({ endpoint })).first).toMatchObject({ kind: 'unavailable' });
  });

  it('takes a connection that breaks off for no answer', async () => {
    const { endpoint } = await startBackend((request) => request.socket.destroy());
    expect((await sendTo({ endpoint })).first).toMatchObject({ kind: 'unavailable' });
  });

  it('waits for an answer no longer than told, however slowly it drips', async () => {
    const { endpoint } = await startBackend((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('{'), 5);
      onTestFinished(() => clearInterval(drip));
    });
    const { first } = await sendTo({ endpoint }, { ...patient(), timeoutMillis: 80 });
    expect(first).toEqual({ kind: 'unavailable', reason: 'no answer within 80 ms' });
  });

  it('stops waiting when the delivery ends', async () => {
    const stop = new AbortController();
    const { endpoint } = await startBackend(() => stop.abort());
    expect((await sendTo({ endpoint }, { timeoutMillis: 60_000, signal: stop.signal })).first.kind).toBe('unavailable');
  });

  it('F05 reads no more of an answer than has a meaning', async () => {
    let written = 0;
    const { endpoint } = await startBackend((_, response) => {
      const chunk = 'x'.repeat(65_536);
      const more = () => {
        while (!response.destroyed && written < 1e9 && response.write(chunk)) written += chunk.length;
      };
      response.on('drain', more);
      more();
    });
    expect((await sendTo({ endpoint })).first).toEqual({ kind: 'accepted', rejected: 0 });
    expect(written).toBeLessThan(1e8);
  });

  it('hears a refusal that comes before the request was read', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'));
    });
    const { first } = await sendTo({ endpoint: await listen(server) });
    expect(first.kind).toBe('too-large');
  });

  it('takes another connection at once when the backend has closed the kept one', async () => {
    let connections = 0;
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
    const server = createTcpServer((socket) => {
      connections += 1;
      let requests = 0;
      socket.on('error', () => {});
      socket.on('data', (data) => {
        if (!data.includes('POST ')) return;
        requests += 1;
        if (requests === 1) socket.write(answer);
        else socket.resetAndDestroy();
      });
    });
    const { first, send } = await sendTo({ endpoint: await listen(server) });
    expect(first.kind).toBe('accepted');
    expect((await send(patient())).kind).toBe('accepted');
    expect(connections).toBe(2);
  });

  it('asks a person to mend a connection without TLS at an https address', async () => {
    const { endpoint } = await startBackend((_, response) => response.end());
    const { first } = await sendTo({ endpoint: endpoint.replace('http:', 'https:') });
    expect(first.kind).toBe('set-up');
  });

  describe('with the variables of proxies', () => {
    /** A proxy that notes what it was asked for, and fetches it from the backend whatever name that had. */
    async function startProxy(backend: string) {
      const asked: string[] = [];
      const port = Number(new URL(backend).port);
      const server = createServer((request, response) => {
        asked.push(`${request.method} ${request.url}`);
        request.resume().on('end', () => response.end());
      });
      server.on('connect', (request, socket) => {
        asked.push(`CONNECT ${request.url}`);
        const upstream = connect(port, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\n');
          upstream.pipe(socket).pipe(upstream);
        });
        for (const end of [upstream, socket]) end.on('error', () => {});
      });
      return { proxy: await listen(server), asked };
    }

    it('goes through the one of the address', async () => {
      const { endpoint } = await startBackend((_, response) => response.end());
      const { proxy, asked } = await startProxy(endpoint);
      vi.stubEnv('HTTP_PROXY', proxy);
      vi.stubEnv('HTTPS_PROXY', proxy);
      vi.stubEnv('NO_PROXY', 'direct.example.com');
      onTestFinished(() => void vi.unstubAllEnvs());
      const env = process.env;
      await sendTo({ endpoint: 'http://backend.example.com', env });
      await sendTo({ endpoint: 'https://backend.example.com', env });
      expect(asked).toEqual(['POST http://backend.example.com/v1/logs', 'CONNECT backend.example.com:443']);
    });

    it('goes past it to this machine', async () => {
      const { endpoint, received } = await startBackend((_, response) => response.end());
      const { proxy, asked } = await startProxy(endpoint);
      vi.stubEnv('HTTP_PROXY', proxy);
      onTestFinished(() => void vi.unstubAllEnvs());
      await sendTo({ endpoint, env: process.env });
      expect(asked).toEqual([]);
      expect(received).toHaveLength(1);
    });
  });
});
