import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import type { ExportResult } from '../export-apart.ts';
import { toReadableLogRecords } from '../to-readable-log-records.ts';
import { type Answer, plainText, type Sender } from './sender.ts';

/** A sender over any exporter of the SDK, with what its encoder can carry. */
export function createExporterSender(exporter: LogRecordExporter): Sender {
  return {
    prepare: async (logs) => {
      const records = toReadableLogRecords(logs);
      return () =>
        new Promise((resolve) => {
          try {
            exporter.export(records, (result) => resolve(toAnswer(result)));
          } catch (error) {
            // It could not even encode them: one record may be at fault.
            resolve({ kind: 'content', reason: describe(error) });
          }
        });
    },
    shutdown: async () => exporter.shutdown(),
  };
}

/** Network errors after which another try may do. An export that failed without any code was tried again by the exporter, or timed out. */
const TRANSIENT_CODES: ReadonlySet<unknown> = new Set([
  undefined,
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
  'ENETUNREACH',
  'EHOSTUNREACH',
  429,
  502,
  503,
  504,
]);

function toAnswer({ code, error }: ExportResult): Answer {
  if (code === 0) return { kind: 'accepted', rejected: 0 };
  const reason = describe(error);
  const status = codeOf(error);
  if (TRANSIENT_CODES.has(status)) return { kind: 'unavailable', reason };
  if (status === 413) return { kind: 'too-large', reason };
  return { kind: status === 400 ? 'content' : 'set-up', reason };
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
