import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { ExportLogsServiceRequest } from '@cryptrail/exporter/otlp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arrivalsOf } from '../tally/arrivals.ts';
import { type Receiver, startReceiver } from './receiver.ts';

const BODY = JSON.stringify({
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'acra-server' } }] },
      scopeLogs: [{ scope: { name: 's' }, logRecords: [{ timeUnixNano: '5', eventName: 'a.b', severityNumber: 13 }] }],
    },
  ],
});

let receiver: Receiver;
let received: ExportLogsServiceRequest[];
beforeEach(async () => {
  received = [];
  receiver = await startReceiver({ port: 0, onRequest: (request) => void received.push(request) });
});
afterEach(() => receiver.close());

interface Sent {
  readonly body?: string | Uint8Array;
  readonly headers?: Record<string, string>;
  readonly path?: string;
  readonly method?: string;
}

function send({ body = '', headers = {}, path = '/v1/logs', method = 'POST' }: Sent) {
  return new Promise<{ status: number | undefined; body: string; type: string | undefined }>((resolve, reject) => {
    const all = { 'content-type': 'application/json', ...headers };
    const request = httpRequest(new URL(path, receiver.url), { method, headers: all }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          body: Buffer.concat(chunks).toString(),
          type: response.headers['content-type'],
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

describe('startReceiver', () => {
  it('F02 takes JSON, plain and gzip, and answers in kind', async () => {
    expect(await send({ body: BODY })).toEqual({ status: 200, body: '{}', type: 'application/json' });
    expect(await send({ body: gzipSync(BODY), headers: { 'content-encoding': 'gzip' } })).toMatchObject({
      status: 200,
    });
    expect(received.flatMap(arrivalsOf).map(({ event, service }) => [event, service])).toEqual([
      ['a.b', 'acra-server'],
      ['a.b', 'acra-server'],
    ]);
  });

  it('F02 takes protobuf, of which an empty request is the shortest', async () => {
    const headers = { 'content-type': 'application/x-protobuf' };
    expect(await send({ headers })).toEqual({ status: 200, body: '', type: 'application/x-protobuf' });
    const broken = await send({ headers, body: new Uint8Array([0x0a, 0xff]) });
    expect(broken).toMatchObject({ status: 400, type: 'application/x-protobuf' });
    expect(broken.body.slice(2)).toMatch(/^[\x20-\x7e]+$/);
  });

  it('F05 refuses a small body that expands without end, and one that is too long, and goes on serving', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await send({ body: bomb, headers: { 'content-encoding': 'gzip' } })).toMatchObject({ status: 413 });
    expect(await send({ body: BODY })).toMatchObject({ status: 200 });
  });

  it.each([
    ['no JSON', { body: 'hello' }, 400],
    ['damaged gzip', { body: gzipSync(BODY).subarray(0, 40), headers: { 'content-encoding': 'gzip' } }, 400],
    ['another compression', { headers: { 'content-encoding': 'br' } }, 415],
    ['another content', { headers: { 'content-type': 'text/plain' } }, 415],
    ['another path', { path: '/v1/traces' }, 404],
    ['another method', { method: 'PUT' }, 405],
    ['a name that a web page made up', { headers: { host: 'evil.example' } }, 403],
  ])('refuses %s with a status that says why', async (_, sent, status) => {
    const answer = await send(sent);
    expect(answer.status).toBe(status);
    expect(received).toEqual([]);
  });

  it('tells a person who looks in what it is', async () => {
    expect(await send({ path: '/', method: 'GET' })).toMatchObject({ status: 200, type: 'text/plain' });
  });

  it('takes no other port than the one that the user named', async () => {
    const taken = Number(new URL(receiver.url).port);
    await expect(startReceiver({ port: taken, onRequest: () => {} })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('takes a free port when none was named and the usual one is taken', async () => {
    const first = await startReceiver({ onRequest: () => {} });
    const second = await startReceiver({ onRequest: () => {} });
    expect(second.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(second.url).not.toBe(first.url);
    await Promise.all([first.close(), second.close()]);
  });
});
