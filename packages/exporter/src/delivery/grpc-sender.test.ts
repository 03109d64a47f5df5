import {
  type Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { logRecord } from '../../test/log-records.ts';
import { ProtobufWriter } from '../otlp/protobuf-writer.ts';
import { toOtlpProtobuf } from '../otlp/to-otlp-protobuf.ts';
import { createDelivery } from './create-delivery.ts';
import { readGrpcFailure } from './grpc-answer.ts';

const SERVICE: ServiceDefinition = {
  Export: {
    path: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes: Buffer) => bytes,
  },
};

type Reply = Buffer | { readonly code: status; readonly details: string; readonly metadata?: Metadata };

async function startBackend(reply: (at: number) => Reply = () => Buffer.of()) {
  const received: { bytes: Buffer; metadata: Metadata }[] = [];
  const server = new Server();
  server.addService(SERVICE, {
    Export: (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => {
      received.push({ bytes: call.request, metadata: call.metadata });
      const answer = reply(received.length - 1);
      if (Buffer.isBuffer(answer)) done(null, answer);
      else done(answer);
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  onTestFinished(() => server.forceShutdown());
  return { endpoint: `http://127.0.0.1:${port}`, received };
}

const records = [logRecord({ body: 'one' }), logRecord({ body: 'two' })];

describe('delivery over gRPC', () => {
  it('F02 sends the very bytes of our own encoder, compressed or not, and the headers', async () => {
    const { endpoint, received } = await startBackend();
    for (const compression of ['none', 'gzip'] as const) {
      const headers = { 'X-Tenant': 'a' };
      const delivery = await createDelivery({ env: {}, protocol: 'grpc', endpoint, compression, headers });
      delivery.push(records);
      expect(await delivery.end()).toEqual({ delivered: 2, refused: 0 });
    }
    for (const { bytes, metadata } of received) {
      expect(new Uint8Array(bytes)).toEqual(toOtlpProtobuf(records));
      expect(metadata.get('x-tenant')).toEqual(['a']);
    }
    expect(received).toHaveLength(2);
  });

  it('waits and tries again, and finds what is rejected', async () => {
    const replies: Reply[] = [{ code: status.UNAVAILABLE, details: 'starting' }, Buffer.from([0x0a, 0x02, 0x08, 0x02])];
    const { endpoint, received } = await startBackend((at) => replies[at] ?? Buffer.of());
    const delivery = await createDelivery({ env: {}, protocol: 'grpc', endpoint });
    delivery.push(records);
    expect(await delivery.end()).toMatchObject({ delivered: 0, refused: 2 });
    expect(received).toHaveLength(2);
  });

  it('C30 counts every record when nobody listens', async () => {
    const delivery = await createDelivery({
      env: {},
      protocol: 'grpc',
      endpoint: 'http://127.0.0.1:9',
      timeoutMillis: 300,
    });
    delivery.push(records);
    expect(await delivery.end()).toMatchObject({ delivered: 0, refused: 2, error: expect.stringContaining('gRPC') });
  });
});

describe('readGrpcFailure', () => {
  /** `google.rpc.Status` with one `RetryInfo`. */
  function retryInfo(seconds: number, nanos: number): Uint8Array {
    const writer = new ProtobufWriter();
    writer.message(3, () => {
      writer.string(1, 'type.googleapis.com/google.rpc.RetryInfo');
      writer.message(2, () =>
        writer.message(1, () => {
          writer.uint32(1, seconds);
          writer.uint32(2, nanos);
        }),
      );
    });
    return writer.finish();
  }

  it.each([
    [status.INVALID_ARGUMENT, 'content'],
    [status.UNAVAILABLE, 'unavailable'],
    [status.DEADLINE_EXCEEDED, 'unavailable'],
    [status.ABORTED, 'unavailable'],
    [status.RESOURCE_EXHAUSTED, 'unavailable'],
    [status.INTERNAL, 'faulty'],
    [status.UNKNOWN, 'faulty'],
    [status.UNAUTHENTICATED, 'set-up'],
    [status.PERMISSION_DENIED, 'set-up'],
    [status.UNIMPLEMENTED, 'set-up'],
  ])('takes code %i as %s', (code, kind) => {
    expect(readGrpcFailure({ code, message: 'no' }).kind).toBe(kind);
  });

  it('reads for how long the backend asks to wait', () => {
    const details = retryInfo(2, 500_000_000);
    expect(readGrpcFailure({ code: 8, message: 'slow down', details })).toMatchObject({ retryAfterMillis: 2500 });
    for (let length = 0; length < details.length; length += 1) {
      const cut = readGrpcFailure({ code: 8, message: 'slow down', details: details.subarray(0, length) });
      expect(cut.kind).toBe('unavailable');
    }
  });

  it('knows a message that was too large by the words of the libraries', () => {
    const message = 'grpc: received message larger than max (5242880 vs. 4194304)';
    expect(readGrpcFailure({ code: 8, message }).kind).toBe('too-large');
  });
});
