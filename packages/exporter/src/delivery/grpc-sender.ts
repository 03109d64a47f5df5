import type { ChannelCredentials, Client, ServiceError } from '@grpc/grpc-js';
import { loadPackage } from '../load-package.ts';
import type { ResolvedOtlpOptions } from '../options.ts';
import { joinGroups } from '../otlp/join-groups.ts';
import { type GrpcStatus, readGrpcFailure } from './grpc-answer.ts';
import { readPartialSuccess } from './partial-success.ts';
import { type Answer, plainText, type Sender, type SendOptions } from './sender.ts';
import { openTlsFiles, type TlsMaterial } from './tls-files.ts';

const METHOD = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';

/** An answer holds a count and a sentence. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** `grpc.default_compression_algorithm`. gRPC for Node.js has no Zstandard. */
const GZIP = 2;

/**
 * Sends encoded records over gRPC: the gRPC library itself takes bytes for a message, which the stock exporter on top of it does not. It brings
 * TLS, proxies, deadlines and reconnecting.
 */
export async function createGrpcSender(options: ResolvedOtlpOptions): Promise<Sender> {
  const grpc = await loadPackage('@grpc/grpc-js', 'protocol "grpc"', () => import('@grpc/grpc-js'));
  const tls = await openTlsFiles(options.tlsFiles);
  const { protocol, host } = new URL(options.url);
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(options.headers)) metadata.set(name, value);
  let client: Client | undefined;

  async function connected(): Promise<Client> {
    const { material, isNew } = await tls.current();
    if (isNew) {
      client?.close();
      client = undefined;
    }
    client ??= new grpc.Client(host, credentials(material), {
      'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
      // Trying again is for the delivery: it knows for how long.
      'grpc.enable_retries': 0,
      ...(options.compression === 'gzip' ? { 'grpc.default_compression_algorithm': GZIP } : {}),
    });
    return client;
  }

  function credentials({ ca, cert, key }: TlsMaterial): ChannelCredentials {
    if (protocol === 'http:') return grpc.credentials.createInsecure();
    return grpc.credentials.createSsl(ca ?? null, key ?? null, cert ?? null);
  }

  async function send(message: Uint8Array, { timeoutMillis, signal }: SendOptions): Promise<Answer> {
    const channel = await connected();
    const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const asBytes = (bytes: Buffer): Uint8Array => bytes;
    return new Promise((resolve) => {
      const deadline = Date.now() + timeoutMillis;
      const call = channel.makeUnaryRequest(
        METHOD,
        asBuffer,
        asBytes,
        message,
        metadata,
        { deadline },
        (error, response) => {
          signal.removeEventListener('abort', cancel);
          resolve(error ? readGrpcFailure(toStatus(error)) : readResponse(response ?? new Uint8Array()));
        },
      );
      const cancel = () => call.cancel();
      signal.addEventListener('abort', cancel, { once: true });
      if (signal.aborted) cancel();
    });
  }

  return {
    prepare: async (logs) => {
      const message = joinGroups(logs);
      return (how) => send(message, how);
    },
    shutdown: async () => client?.close(),
  };
}

function readResponse(response: Uint8Array): Answer {
  const partial = readPartialSuccess(response, 'protobuf');
  if (partial === undefined || partial.rejected <= 0) return { kind: 'accepted', rejected: 0 };
  const reason = plainText(`the backend rejected records: ${partial.message || 'no reason given'}`);
  return { kind: 'accepted', rejected: partial.rejected, reason };
}

function toStatus({ code, details, metadata }: ServiceError): GrpcStatus {
  const [extra] = metadata.get('grpc-status-details-bin');
  return { code, message: details, details: typeof extra === 'string' ? undefined : extra };
}
