import { Agent, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { decodeLogsRequest, type EncodedLogs, joinGroups, type OtlpLogRecord } from '@cryptrail/exporter';
import { describe, expect, it } from 'vitest';
import { selfSigned, startListening } from '../../test/listening-source.ts';
import { createMemoryContext, type MemoryContext, type MemoryOptions, until } from '../../test/memory-context.ts';
import type { OtlpOptions } from './options.ts';
import { openOtlpSource } from './otlp.ts';

const LINE =
  '{"code":587,"level":"warning","msg":"Recognized poison record","product":"acra-server","unixTime":"1767600001.500"}';

interface SentRecord {
  readonly body?: unknown;
  readonly [member: string]: unknown;
}

const text = (stringValue: string) => ({ stringValue });
const bodyOf = (logRecords: readonly SentRecord[], attributes: readonly unknown[] = []) =>
  JSON.stringify({
    resourceLogs: [{ resource: { attributes }, scopeLogs: [{ scope: { name: 'filelog' }, logRecords }] }],
  });

async function start(options: Partial<OtlpOptions> = {}, memoryOptions: MemoryOptions = {}) {
  const source = openOtlpSource({ listen: '127.0.0.1:0', ...options });
  const { memory, place, end } = await startListening(source, memoryOptions);
  return { memory, url: place, end };
}

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

function send(
  url: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
  more: RequestOptions & { ca?: Buffer; cert?: Buffer; key?: Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = { 'content-type': 'application/json', ...headers };
    const ask = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = ask(`${url}/v1/logs`, { method: 'POST', headers: all, agent: false, ...more }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          body: Buffer.concat(chunks).toString('latin1'),
          headers: response.headers,
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

const pushed = (memory: MemoryContext) => memory.stretches.flatMap(({ logs }) => logs as EncodedLogs);
function recordsOf(memory: MemoryContext): { record: OtlpLogRecord; resource: Record<string, unknown> }[] {
  const decoded = decodeLogsRequest(joinGroups(pushed(memory)), 'application/x-protobuf');
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.request.resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map((record) => ({
        record,
        resource: Object.fromEntries(resource.attributes.map(({ key, value }) => [key, value.stringValue])),
      })),
    ),
  );
}
const attributeOf = (record: OtlpLogRecord | undefined, name: string) =>
  record?.attributes.find(({ key }) => key === name)?.value;

describe('openOtlpSource', () => {
  it('C30 answers 200 only when every record has been accepted', async () => {
    let accept = () => {};
    const accepted = new Promise<void>((resolve) => {
      accept = resolve;
    });
    const { memory, url } = await start({}, { onPush: () => accepted.then(() => undefined) });
    let answer: Answer | undefined;
    const sent = send(url, bodyOf([{ body: text('hello') }])).then((one) => {
      answer = one;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(answer).toBeUndefined();
    accept();
    await sent;
    expect(answer).toMatchObject({ status: 200, body: '{}' });
    expect(recordsOf(memory)).toHaveLength(1);
  });

  it('F02 completes the lines of known products, and keeps what the sender said', async () => {
    const { memory, url } = await start();
    const sent = {
      body: text(LINE),
      observedTimeUnixNano: '77',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      severityNumber: 17,
      attributes: [
        { key: 'log.file.name', value: text('acra.log') },
        { key: 'cryptrail.code', value: text('wrong') },
      ],
    };
    const resource = [
      { key: 'host.name', value: text('db1') },
      { key: 'service.name', value: text('unknown_service:otelcol') },
    ];
    expect(await send(url, bodyOf([sent], resource))).toMatchObject({ status: 200 });
    const [{ record, resource: named } = { record: undefined, resource: {} }] = recordsOf(memory);
    expect(record).toMatchObject({
      eventName: 'acra.decryptor.recognized_poison_record',
      body: text('Recognized poison record'),
      timeUnixNano: '1767600001500000000',
      observedTimeUnixNano: '77',
      severityNumber: 17,
      traceId: '0af7651916cd43dd8448eb211c80319c',
    });
    expect(attributeOf(record, 'log.file.name')).toEqual(text('acra.log'));
    expect(attributeOf(record, 'cryptrail.code')).toEqual(text('587'));
    expect(named).toMatchObject({ 'host.name': 'db1', 'service.name': 'acra-server' });
  });

  it('reads lines that were parsed into the body or into attributes', async () => {
    const { memory, url } = await start();
    const members = Object.entries(JSON.parse(LINE)).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: value } : text(String(value)),
    }));
    await send(
      url,
      bodyOf([
        { body: { kvlistValue: { values: members } } },
        { body: text('Recognized poison record'), attributes: members.filter(({ key }) => key !== 'msg') },
      ]),
    );
    const found = recordsOf(memory).map(({ record }) => record);
    expect(found.map(({ eventName }) => eventName)).toEqual(Array(2).fill('acra.decryptor.recognized_poison_record'));
    expect(attributeOf(found[1], 'unixTime')).toBeUndefined();
  });

  it('passes foreign records byte for byte, in their place between others, fields of later versions too', async () => {
    const { memory, url } = await start();
    // Field 30 of a LogRecord is none that we know.
    const odd = Uint8Array.from([0x12, 0x08, 0x2a, 0x02, 0x0a, 0x00, 0xf2, 0x01, 0x01, 0x78]);
    const line = Buffer.from(LINE);
    const known = Buffer.concat([Buffer.from([0x12, line.length + 4, 0x2a, line.length + 2, 0x0a, line.length]), line]);
    const scope = Buffer.concat([odd, known, odd, odd]);
    const scopeLogs = Buffer.concat([Buffer.from([0x12, 0x80 | (scope.length & 0x7f), scope.length >> 7]), scope]);
    const body = Buffer.concat([
      Buffer.from([0x0a, 0x80 | (scopeLogs.length & 0x7f), scopeLogs.length >> 7]),
      scopeLogs,
    ]);
    expect(await send(url, body, { 'content-type': 'application/x-protobuf' })).toMatchObject({
      status: 200,
      body: '',
    });
    const groups = pushed(memory);
    expect(groups.map(({ count }) => count)).toEqual([1, 1, 2]);
    expect([groups[0]?.records, groups[2]?.records].map((bytes) => Buffer.from(bytes ?? []).toString('hex'))).toEqual([
      Buffer.from(odd).toString('hex'),
      Buffer.concat([odd, odd]).toString('hex'),
    ]);
  });

  it('leaves records alone that have an event name already', async () => {
    const { memory, url } = await start();
    await send(url, bodyOf([{ body: text(LINE), eventName: 'my.event' }]));
    expect(recordsOf(memory)[0]?.record).toMatchObject({ eventName: 'my.event', body: text(LINE) });
  });

  it.each([
    ['json', 'application/json', '{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}'],
    ['protobuf', 'application/x-protobuf', '\n\u000b\u0008\u0002\u0012\u0007too old'],
  ])('fault 25 tells of records that were refused for good, in %s', async (_, type, expected) => {
    const { url } = await start({}, { onPush: () => ({ accepted: 1, deadLettered: 2, reason: 'too old' }) });
    const body =
      type === 'application/json' ? bodyOf([{ body: text('a') }]) : Buffer.from([0x0a, 0x04, 0x12, 0x02, 0x12, 0x00]);
    const answer = await send(url, body, { 'content-type': type });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, type]);
    expect(answer.body).toBe(expected);
  });

  it('takes gzip and zstd', async () => {
    const { memory, url } = await start();
    const body = bodyOf([{ body: text('a') }]);
    expect(await send(url, gzipSync(body), { 'content-encoding': 'gzip' })).toMatchObject({ status: 200 });
    expect(await send(url, zstdCompressSync(body), { 'content-encoding': 'zstd' })).toMatchObject({ status: 200 });
    expect(recordsOf(memory)).toHaveLength(2);
  });

  it('fault 33 refuses a bomb in gzip or zstd and a body of 100 MiB, holds little of them, and goes on serving', async () => {
    const { memory, url } = await start();
    const zeros = Buffer.alloc(100 * 1024 * 1024);
    const before = process.memoryUsage().rss;
    expect(await send(url, gzipSync(zeros), { 'content-encoding': 'gzip' })).toMatchObject({ status: 413 });
    expect(await send(url, zstdCompressSync(zeros), { 'content-encoding': 'zstd' })).toMatchObject({ status: 413 });
    const plain = await send(url, zeros).catch(() => ({ status: 413 }));
    expect(plain.status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
    expect(memory.stretches).toEqual([]);
    expect(await send(url, bodyOf([{ body: text('a') }]))).toMatchObject({ status: 200 });
  }, 60_000);

  it('F05 refuses values that are nested without end, and too many of them', async () => {
    const { url } = await start();
    let value = '{"stringValue":"x"}';
    for (let depth = 0; depth < 200; depth += 1) value = `{"arrayValue":{"values":[${value}]}}`;
    const deep = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${value}}]}]}]}`;
    expect(await send(url, deep)).toMatchObject({ status: 400, body: expect.stringContaining('message') });
    const many = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${Array(510_000).fill('{}').join()}]}]}]}`;
    expect(await send(url, many)).toMatchObject({ status: 413 });
  });

  it('says when to come again while too many requests are under way, and when it stops', async () => {
    let accept = () => {};
    const accepted = new Promise<void>((resolve) => {
      accept = resolve;
    });
    let pushes = 0;
    const { url, end } = await start(
      { maxRequests: 1 },
      {
        onPush: () => {
          pushes += 1;
          return accepted.then(() => undefined);
        },
      },
    );
    const body = bodyOf([{ body: text('a') }]);
    const first = send(url, body);
    await until(() => pushes === 1);
    expect(await send(url, body)).toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
    // A connection that was there before the listener closed.
    const agent = new Agent({ keepAlive: true });
    const ending = end();
    accept();
    expect(await first).toMatchObject({ status: 200 });
    await ending;
    await expect(send(url, body, {}, { agent })).rejects.toThrow(/ECONNREFUSED/);
  });

  it('answers 503 when the agent takes nothing more', async () => {
    const { url } = await start({}, { onPush: () => Promise.reject(new Error('ended')) });
    expect(await send(url, bodyOf([{ body: text('a') }]))).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
    });
  });

  it('fault 27 hangs up on senders who never finish', async () => {
    const { url, end } = await start();
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.resume();
    socket.write('POST /v1/logs HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nx');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    // The agent does not wait for it either.
    await end();
    await closed;
  });

  it('asks for the token in any place where it has one, and compares all of it', async () => {
    const { url } = await start({ token: 'right' });
    const body = bodyOf([{ body: text('a') }]);
    for (const authorization of ['', 'Bearer righ', 'Bearer wrong', 'right', 'Bearer right '])
      expect(await send(url, body, { authorization })).toMatchObject({
        status: authorization === 'Bearer right ' ? 200 : 401,
      });
    expect(await send(url, body, { authorization: 'bearer right' })).toMatchObject({ status: 200 });
  });

  it('listens to others only when it asks who they are', () => {
    expect(() => openOtlpSource({ listen: '0.0.0.0:4319' })).toThrow('set a token');
    expect(() => openOtlpSource({ listen: '[::]:4319', tls: { certFile: 'a', keyFile: 'b' } })).toThrow('set a token');
    expect(() => openOtlpSource({ listen: '0.0.0.0:4319', token: 'x' })).not.toThrow();
    expect(() => openOtlpSource({ listen: '4319' })).toThrow('HOST:PORT');
  });

  it('asks for a certificate of the client', async () => {
    const { certFile, keyFile, cert: ca, key } = selfSigned();
    const { url } = await start({ tls: { certFile, keyFile, clientCaFile: certFile } });
    const body = bodyOf([{ body: text('a') }]);
    await expect(send(url, body, {}, { ca })).rejects.toThrow();
    expect(await send(url, body, {}, { ca, cert: ca, key })).toMatchObject({ status: 200 });
  });

  it('has no end to be read to', async () => {
    const memory = createMemoryContext({ untilIdle: true });
    await openOtlpSource({ listen: '127.0.0.1:0' }).run(memory.context);
    expect(memory.notes).toEqual(['a receiver has no end to be read to; it does not listen']);
  });
});
