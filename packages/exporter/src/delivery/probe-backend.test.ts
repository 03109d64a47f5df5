import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { probeBackend } from './probe-backend.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function backend(status: number, headers: Record<string, string> = {}): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status, headers).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const probe = (endpoint: string, now = () => 0) =>
  probeBackend({ endpoint, protocol: 'http/protobuf', env: {}, timeoutMillis: 5000 }, now);

it('tells of a backend that takes records, and how far its clock is ahead', async () => {
  const endpoint = await backend(200, { date: 'Thu, 01 Jan 1970 00:05:00 GMT' });
  expect(await probe(endpoint, () => 60_000)).toEqual({ status: 'accepting', clockAheadMillis: 240_000 });
});

it.each([
  [401, 'refusing'],
  [404, 'refusing'],
  [503, 'waiting'],
])('calls a backend that answers %i %s, with its reason', async (status, word) => {
  expect(await probe(await backend(status))).toMatchObject({
    status: word,
    reason: expect.stringContaining(String(status)),
  });
});

it('says that nobody listens', async () => {
  expect(await probe('http://127.0.0.1:9')).toEqual({
    status: 'waiting',
    reason: expect.stringContaining('ECONNREFUSED'),
  });
});
