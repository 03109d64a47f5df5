import type { LogRecord } from '@cryptrail/mapper';
import { httpOptions } from '../create-exporter.ts';
import { loadPackage } from '../load-package.ts';
import type { ResolvedOtlpOptions } from '../options.ts';
import { toOtlpJsonLine } from '../otlp/to-otlp-json.ts';
import { toOtlpProtobuf } from '../otlp/to-otlp-protobuf.ts';
import { type PartialSuccess, readPartialSuccess } from './partial-success.ts';
import { plainText, refusal, type Sender, type SendResult, toSendResult } from './sender.ts';

const PACKAGE = '@opentelemetry/otlp-exporter-base';

/**
 * A sender over HTTP with our own exact encoding: the network half of the stock exporters (retries, `Retry-After`, headers,
 * TLS, compression) takes any serializer, so their transport is kept and their encoder, which rounds, is not.
 */
export async function createExactSender(options: ResolvedOtlpOptions): Promise<Sender> {
  const { createOtlpHttpExportDelegate, convertLegacyHttpOptions } = await loadPackage(
    PACKAGE,
    'delivery over HTTP',
    () => import('@opentelemetry/otlp-exporter-base/node-http'),
  );
  const encoding = options.protocol === 'http/json' ? 'json' : 'protobuf';
  const contentType = encoding === 'json' ? 'application/json' : 'application/x-protobuf';
  const network = convertLegacyHttpOptions(await httpOptions(options), 'LOGS', 'v1/logs', {
    'Content-Type': contentType,
  });
  let answer: PartialSuccess | undefined;
  const serializer = {
    serializeRequest: (records: readonly LogRecord[]) =>
      encoding === 'json' ? new TextEncoder().encode(toOtlpJsonLine(records)) : toOtlpProtobuf(records),
    // The delegate reads a response and calls back for it in one go, so this is always about the batch that is answered next.
    deserializeResponse: (bytes: Uint8Array) => {
      answer = readPartialSuccess(bytes, encoding);
      return {};
    },
  };
  const metrics = { name: 'log' as const, countItems: (records: readonly LogRecord[]) => records.length };
  const delegate = createOtlpHttpExportDelegate(network, serializer, 'otlp_http_log_exporter', metrics, undefined);

  function send(records: readonly LogRecord[]): Promise<SendResult> {
    return new Promise((resolve) => {
      try {
        delegate.export(records, (result) => {
          const partial = answer;
          answer = undefined;
          resolve(withPartialSuccess(toSendResult(result), partial, records.length));
        });
      } catch (error) {
        resolve(refusal(error));
      }
    });
  }

  return { send, shutdown: () => delegate.shutdown() };
}

function withPartialSuccess(result: SendResult, partial: PartialSuccess | undefined, count: number): SendResult {
  if (result.status !== 'accepted' || partial === undefined || partial.rejected === 0) return result;
  const reason = plainText(`the backend rejected records: ${partial.message || 'no reason given'}`);
  return { status: 'accepted', rejected: Math.min(partial.rejected, count), reason };
}
