import { decodeJson } from './decode-json.ts';
import { decodeProtobuf } from './decode-protobuf.ts';
import { Fault, type OtlpError } from './fault.ts';
import type { ExportLogsServiceRequest } from './types.ts';

/** How much one request may hold. */
export interface DecodeLimits {
  /** Longest request in bytes, after decompression. Default 16 MiB. */
  readonly maxBytes: number;
  /** Most records, attributes and values together. Default one million. */
  readonly maxValues: number;
}

/** What {@link decodeLogsRequest} assumes. */
const DEFAULT_LIMITS: DecodeLimits = { maxBytes: 16 * 1024 * 1024, maxValues: 1_000_000 };

/** A request, or why it could not be read. */
export type DecodedLogsRequest =
  | { readonly ok: true; readonly request: ExportLogsServiceRequest; readonly encoding: 'json' | 'protobuf' }
  | { readonly ok: false; readonly error: OtlpError };

/**
 * Reads the body of `POST /v1/logs`, already decompressed. Never throws: what cannot be read is an error with a stable
 * code and the HTTP status to answer with. Both encodings give the same plain objects.
 *
 * @example
 * ```ts
 * const decoded = decodeLogsRequest(body, 'application/json');
 * if (decoded.ok) decoded.request.resourceLogs.length;
 * ```
 */
export function decodeLogsRequest(
  bytes: Uint8Array,
  contentType: string | undefined,
  limits: Partial<DecodeLimits> = {},
): DecodedLogsRequest {
  const { maxBytes, maxValues } = { ...DEFAULT_LIMITS, ...limits };
  try {
    const encoding = encodingOf(contentType);
    if (bytes.length > maxBytes) throw new Fault('too_large', `the request is longer than ${maxBytes} bytes`);
    const request = encoding === 'json' ? decodeJson(utf8(bytes), maxValues) : decodeProtobuf(bytes, maxValues);
    return { ok: true, request, encoding };
  } catch (fault) {
    const known = fault instanceof Fault ? fault : new Fault('malformed', 'the request cannot be read');
    return { ok: false, error: known.toError() };
  }
}

const ENCODINGS: ReadonlyMap<string, 'json' | 'protobuf'> = new Map([
  ['application/json', 'json'],
  ['application/x-protobuf', 'protobuf'],
  ['application/protobuf', 'protobuf'],
]);

function encodingOf(contentType: string | undefined): 'json' | 'protobuf' {
  const [type = ''] = (contentType ?? '').split(';', 1);
  const encoding = ENCODINGS.get(type.trim().toLowerCase());
  if (encoding) return encoding;
  throw new Fault('unsupported_content_type', 'expected content type application/json or application/x-protobuf');
}

function utf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
