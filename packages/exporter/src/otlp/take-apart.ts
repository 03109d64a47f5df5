import type { EncodedGroup, EncodedLogs } from './encoded-logs.ts';
import { Fault, type OtlpError } from './fault.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** Groups of a request, or why it could not be taken apart. */
export type TakenApart =
  | { readonly ok: true; readonly logs: EncodedLogs }
  | { readonly ok: false; readonly error: OtlpError };

/**
 * Takes a request in protobuf apart into encoded groups, without decoding a record: they go on as they came, with fields that this version
 * does not know. Only the outline is checked; what stands inside of a record is for `decodeLogsRequest`. Never throws.
 */
export function takeApart(bytes: Uint8Array): TakenApart {
  const logs: EncodedGroup[] = [];
  try {
    const request = new ProtobufReader(bytes);
    while (!request.done) {
      const tag = request.tag();
      if (tag === 0x0a) logs.push(...readResourceLogs(request.bytes()));
      else request.skip(tag);
    }
    return { ok: true, logs };
  } catch (fault) {
    const known = fault instanceof Fault ? fault : new Fault('malformed', 'the request cannot be read');
    return { ok: false, error: known.toError() };
  }
}

const NOTHING = new Uint8Array();

/** `ResourceLogs { resource = 1; repeated ScopeLogs scope_logs = 2; string schema_url = 3 }`; fields may come in any order. */
function readResourceLogs(bytes: Uint8Array): EncodedGroup[] {
  const reader = new ProtobufReader(bytes);
  const scopes: Uint8Array[] = [];
  let resource = NOTHING as Uint8Array;
  let schemaUrl = '';
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === 0x0a) resource = reader.bytes();
    else if (tag === 0x12) scopes.push(reader.bytes());
    else if (tag === 0x1a) schemaUrl = reader.string();
    else reader.skip(tag);
  }
  const head = { resource, ...(schemaUrl === '' ? {} : { resourceSchemaUrl: schemaUrl }) };
  return scopes.map((scope) => ({ ...head, ...readScopeLogs(scope) })).filter(({ count }) => count > 0);
}

/** `ScopeLogs { scope = 1; repeated LogRecord log_records = 2; string schema_url = 3 }` */
function readScopeLogs(bytes: Uint8Array): Omit<EncodedGroup, 'resource'> {
  const reader = new ProtobufReader(bytes);
  const records = new ProtobufWriter(bytes.length);
  let scope = NOTHING as Uint8Array;
  let schemaUrl = '';
  let count = 0;
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === 0x0a) scope = reader.bytes();
    else if (tag === 0x1a) schemaUrl = reader.string();
    else if (tag === 0x12) {
      records.bytes(2, reader.bytes());
      count += 1;
    } else reader.skip(tag);
  }
  return { scope, ...(schemaUrl === '' ? {} : { scopeSchemaUrl: schemaUrl }), records: records.take(), count };
}
