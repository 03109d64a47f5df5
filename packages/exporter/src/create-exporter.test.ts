import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { logRecord } from '../test/log-records.ts';
import { recordsOf, startReceiver } from '../test/otlp-receiver.ts';
import { createExporter } from './create-exporter.ts';
import { loadPackage } from './load-package.ts';
import { decodeLogsRequest } from './otlp/decode-logs-request.ts';
import { toReadableLogRecord } from './to-readable-log-record.ts';

function exportOne(exporter: LogRecordExporter) {
  return new Promise((resolve) => exporter.export([toReadableLogRecord(logRecord())], resolve));
}

describe('createExporter', () => {
  it.each([
    ['http/json', 'application/json'],
    ['http/protobuf', 'application/x-protobuf'],
  ] as const)('F02 A12 sends over %s', async (protocol, contentType) => {
    const receiver = await startReceiver();
    const exporter = await createExporter({
      protocol,
      endpoint: receiver.endpoint,
      headers: { 'x-tenant': 'a' },
      env: {},
    });
    expect(await exportOne(exporter)).toEqual({ code: 0 });
    await exporter.shutdown();
    expect(receiver.received[0]).toMatchObject({
      path: '/v1/logs',
      headers: { 'content-type': contentType, 'x-tenant': 'a' },
    });
    expect(recordsOf(receiver.received)).toMatchObject([{ eventName: 'acra.decryptor.recognized_poison_record' }]);
  });

  it('F02 A12 sends over gRPC', async () => {
    const { endpoint, bodies, tenants } = await startGrpcReceiver();
    const exporter = await createExporter({ protocol: 'grpc', endpoint, headers: { 'x-tenant': 'a' }, env: {} });
    expect(await exportOne(exporter)).toEqual({ code: 0 });
    await exporter.shutdown();
    const decoded = decodeLogsRequest(bodies[0] ?? new Uint8Array(), 'application/x-protobuf');
    expect(decoded).toMatchObject({
      request: {
        resourceLogs: [{ scopeLogs: [{ logRecords: [{ eventName: 'acra.decryptor.recognized_poison_record' }] }] }],
      },
    });
    expect(tenants).toEqual([['a']]);
  });

  it('takes protocol, address, headers and compression from the environment it is given', async () => {
    const receiver = await startReceiver();
    const env = {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.endpoint}/otlp`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=from%20env',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    };
    const exporter = await createExporter({ env });
    expect(await exportOne(exporter)).toEqual({ code: 0 });
    await exporter.shutdown();
    expect(receiver.received[0]).toMatchObject({
      path: '/otlp/v1/logs',
      headers: { 'x-tenant': 'from env', 'content-encoding': 'gzip', 'content-type': 'application/x-protobuf' },
    });
  });

  it('hands further options on to the stock exporter', async () => {
    const receiver = await startReceiver();
    const exporter = await createExporter({ endpoint: receiver.endpoint, env: {}, stock: { userAgent: 'my-app/1' } });
    await exportOne(exporter);
    await exporter.shutdown();
    expect(receiver.received[0]?.headers['user-agent']).toMatch(/^my-app\/1 /);
  });

  it('says which certificate file cannot be read', async () => {
    const env = { OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem' };
    await expect(createExporter({ env })).rejects.toMatchObject({
      code: 'invalid_option',
      message: 'TLS ca: the file "/nowhere/ca.pem" cannot be read',
    });
  });
});

describe('loadPackage', () => {
  it('names the missing package and the option that asks for it', async () => {
    const missing = loadPackage(
      'some-package',
      'protocol "grpc"',
      () => import('some-package-that-is-nowhere' as string),
    );
    await expect(missing).rejects.toMatchObject({
      code: 'missing_package',
      message: 'protocol "grpc" needs the package some-package, which cannot be loaded: npm install some-package',
      cause: expect.anything(),
    });
  });
});

async function startGrpcReceiver() {
  const bodies: Uint8Array[] = [];
  const tenants: unknown[] = [];
  const server = new Server();
  const asIs = (bytes: Buffer) => bytes;
  server.addService(
    {
      Export: {
        path: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
        requestStream: false,
        responseStream: false,
        requestSerialize: asIs,
        requestDeserialize: asIs,
        responseSerialize: asIs,
        responseDeserialize: asIs,
      },
    },
    {
      Export: (
        call: { request: Buffer; metadata: { get(name: string): unknown } },
        answer: (error: null, bytes: Buffer) => void,
      ) => {
        bodies.push(call.request);
        tenants.push(call.metadata.get('x-tenant'));
        answer(null, Buffer.alloc(0));
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  onTestFinished(() => server.forceShutdown());
  return { endpoint: `http://127.0.0.1:${port}`, bodies, tenants };
}
