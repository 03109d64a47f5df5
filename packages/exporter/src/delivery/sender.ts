import type { LogRecord } from '@cryptrail/mapper';
import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import type { ExportResult } from '../export-apart.ts';
import { toReadableLogRecord } from '../to-readable-log-record.ts';

/** What became of a batch. */
export type SendResult =
  /** The backend has it, except for `rejected` records. */
  | { readonly status: 'accepted'; readonly rejected: number; readonly reason?: string }
  /** The backend will never take it. */
  | {
      readonly status: 'refused';
      readonly reason: string;
      readonly isTooLarge: boolean;
      readonly isAboutContent: boolean;
    }
  /** The backend might take it later. */
  | { readonly status: 'unavailable'; readonly reason: string };

/** Sends one batch at a time or several. Never rejects. */
export interface Sender {
  send(records: readonly LogRecord[]): Promise<SendResult>;
  shutdown(): Promise<void>;
}

/** A sender over any exporter of the SDK, with what its encoder can carry. */
export function createExporterSender(exporter: LogRecordExporter): Sender {
  return {
    send: (records) =>
      new Promise((resolve) => {
        try {
          exporter.export(
            records.map((record) => toReadableLogRecord(record)),
            (result) => resolve(toSendResult(result)),
          );
        } catch (error) {
          resolve(refusal(error));
        }
      }),
    shutdown: async () => exporter.shutdown(),
  };
}

/** Reads the SDK's result of an export. */
export function toSendResult({ code, error }: ExportResult): SendResult {
  if (code === 0) return { status: 'accepted', rejected: 0 };
  if (error === undefined || isTransient(error)) return { status: 'unavailable', reason: describe(error) };
  return refusal(error);
}

/** A refusal for good. */
export function refusal(error: unknown): SendResult {
  const status = codeOf(error);
  const isTooLarge = status === 413;
  return { status: 'refused', reason: describe(error), isTooLarge, isAboutContent: isTooLarge || status === 400 };
}

/** Network errors after which the stock transport tries again, and so do we. */
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
  'ENETUNREACH',
  'EHOSTUNREACH',
]);

/** Status codes of gRPC that OTLP calls retryable; all HTTP status codes are above. */
const TRANSIENT_GRPC_CODES: ReadonlySet<number> = new Set([1, 4, 8, 10, 11, 14, 15]);

/** An export that failed without any code has been retried by the stock transport, or timed out. */
function isTransient(error: Error): boolean {
  const code = codeOf(error);
  if (typeof code === 'string') return TRANSIENT_CODES.has(code);
  if (typeof code === 'number') return TRANSIENT_GRPC_CODES.has(code) || [429, 502, 503, 504].includes(code);
  return true;
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'the export failed without a reason';
  const code = codeOf(error);
  const text = 'data' in error && typeof error.data === 'string' ? `${error.message}: ${error.data}` : error.message;
  return plainText(typeof code === 'number' ? `status ${code} ${text}` : text);
}

/** Words of a backend, fit for a terminal: short and without control characters. */
export function plainText(text: string): string {
  return text
    .slice(0, 300)
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim();
}
