import type { LogRecord, Resource } from '@cryptrail/mapper';
import { CRYPTRAIL_SCOPE, type Scope } from '../scope.ts';
import type { EncodedGroup, EncodedLogs } from './encoded-logs.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { runsOfOneResource } from './resource-runs.ts';
import { writeLogRecord, writeResource, writeScope } from './to-otlp-protobuf.ts';

/** Resources are few and shared by many records; equal ones of one pipeline are one object. */
const encodedResources = new WeakMap<Resource, Uint8Array>();
const encodedScopes = new WeakMap<Scope, Uint8Array>();

/** Callers give about as many records each time: the buffer need not grow from small, which would cost twice its size. */
let expectedBytes = 4096;
const MOST_EXPECTED_BYTES = 1024 * 1024;

/** A buffer that is filled to this part is kept as it is; otherwise the records are copied out of it. */
const FILLED = 0.75;

/**
 * Records as OTLP protobuf that can be put into any request, in their order: a new group begins whenever the resource changes. The values are
 * exact, as those of `toOtlpProtobuf`.
 *
 * @example
 * ```ts
 * delivery.push(encodeLogs(records));
 * ```
 */
export function encodeLogs(records: Iterable<LogRecord>, scope: Scope = CRYPTRAIL_SCOPE): EncodedLogs {
  const writer = new ProtobufWriter(expectedBytes);
  const runs = runsOfOneResource(records).map(({ resource, records: run }) => {
    const start = writer.length;
    for (const record of run) writer.message(2, () => writeLogRecord(writer, record));
    return { resource, start, end: writer.length, count: run.length };
  });
  const bytes = writer.length > writer.capacity * FILLED ? writer.take() : writer.finish();
  expectedBytes = Math.min(MOST_EXPECTED_BYTES, Math.ceil(writer.length * 1.125));
  const head = scopeHead(scope);
  return runs.map(
    ({ resource, start, end, count }): EncodedGroup => ({
      resource: encodeResource(resource),
      ...head,
      records: bytes.subarray(start, end),
      count,
    }),
  );
}

/** What groups say of their scope. */
export function scopeHead(scope: Scope): Pick<EncodedGroup, 'scope' | 'scopeSchemaUrl'> {
  return {
    scope: encodeScope(scope),
    ...(scope.schemaUrl === undefined ? {} : { scopeSchemaUrl: scope.schemaUrl }),
  };
}

/** The `Resource` message of a resource, made once. */
export function encodeResource(resource: Resource): Uint8Array {
  const known = encodedResources.get(resource);
  if (known) return known;
  const writer = new ProtobufWriter();
  writeResource(writer, resource);
  const bytes = writer.finish();
  encodedResources.set(resource, bytes);
  return bytes;
}

function encodeScope(scope: Scope): Uint8Array {
  const known = encodedScopes.get(scope);
  if (known) return known;
  const writer = new ProtobufWriter();
  writeScope(writer, scope);
  const bytes = writer.finish();
  encodedScopes.set(scope, bytes);
  return bytes;
}
