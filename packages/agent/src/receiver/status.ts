/** How a request, and so its answer, is written. */
export type WireEncoding = 'json' | 'protobuf';

/** Records of a request that were not taken, with a reason for people. */
export interface Rejected {
  readonly records: number;
  readonly reason: string;
}

/** A `google.rpc.Status` with a message alone, as OTLP/HTTP wants errors to be told. */
export function renderStatus(encoding: WireEncoding, message: string): string | Uint8Array {
  return encoding === 'json' ? JSON.stringify({ message }) : bytesField(2, message);
}

/** An `ExportLogsServiceResponse`: empty when every record was taken, else a `partial_success`. */
export function renderResponse(encoding: WireEncoding, rejected: Rejected | undefined): string | Uint8Array {
  if (!rejected) return encoding === 'json' ? '{}' : new Uint8Array();
  const { records, reason } = rejected;
  if (encoding === 'json')
    return JSON.stringify({ partialSuccess: { rejectedLogRecords: String(records), errorMessage: reason } });
  return bytesField(1, new Uint8Array([0x08, ...varint(records), ...bytesField(2, reason)]));
}

/** A length-delimited field of protobuf. */
function bytesField(field: number, value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value.toWellFormed()) : value;
  return new Uint8Array([field * 8 + 2, ...varint(bytes.length), ...bytes]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}
