import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { fromHex } from '../otlp/base64.ts';
import type { EncodedGroup } from '../otlp/encoded-logs.ts';
import { ProtobufWriter } from '../otlp/protobuf-writer.ts';

/** Resources and scopes of an SDK are few and live long. */
const resources = new WeakMap<object, Uint8Array>();
const scopes = new WeakMap<object, Uint8Array>();

const NANOS_PER_SECOND = 1_000_000_000n;

/** A record of the SDK, mended already, as an encoded group of its own: what the stock serializer writes, with 64-bit integers exact. */
export function encodeReadable(record: ReadableLogRecord, resource: ReadableLogRecord['resource']): EncodedGroup {
  const { instrumentationScope: scope } = record;
  const { schemaUrl: resourceSchemaUrl } = resource as { readonly schemaUrl?: string };
  const writer = new ProtobufWriter(1024);
  writer.message(2, () => writeRecord(writer, record));
  return {
    resource: remembered(resources, resource, (to) => writeAttributes(to, 1, resource.attributes)),
    ...(resourceSchemaUrl ? { resourceSchemaUrl } : {}),
    scope: remembered(scopes, scope, (to) => {
      to.string(1, scope.name);
      if (scope.version) to.string(2, scope.version);
      const { attributes } = scope as { readonly attributes?: object };
      if (attributes) writeAttributes(to, 3, attributes);
    }),
    ...(scope.schemaUrl ? { scopeSchemaUrl: scope.schemaUrl } : {}),
    records: writer.finish(),
    count: 1,
  };
}

function remembered(
  known: WeakMap<object, Uint8Array>,
  source: object,
  write: (writer: ProtobufWriter) => void,
): Uint8Array {
  const same = known.get(source);
  if (same) return same;
  const writer = new ProtobufWriter(512);
  write(writer);
  const bytes = writer.finish();
  known.set(source, bytes);
  return bytes;
}

function writeRecord(writer: ProtobufWriter, record: ReadableLogRecord): void {
  const { severityNumber, severityText, eventName, body, spanContext, droppedAttributesCount } = record;
  writer.fixed64(1, nanosOf(record.hrTime));
  if (severityNumber) writer.uint32(2, severityNumber);
  if (severityText) writer.string(3, severityText);
  if (body !== undefined && body !== null) writer.message(5, () => writeValue(writer, body));
  writeAttributes(writer, 6, record.attributes);
  if (droppedAttributesCount) writer.uint32(7, droppedAttributesCount);
  if (spanContext) {
    if (spanContext.traceFlags) writer.fixed32(8, spanContext.traceFlags);
    writer.bytes(9, fromHex(spanContext.traceId));
    writer.bytes(10, fromHex(spanContext.spanId));
  }
  writer.fixed64(11, nanosOf(record.hrTimeObserved));
  if (eventName) writer.string(12, eventName);
}

function nanosOf([seconds, nanos]: readonly [number, number]): bigint {
  return BigInt(seconds) * NANOS_PER_SECOND + BigInt(nanos);
}

function writeAttributes(writer: ProtobufWriter, field: number, attributes: object): void {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    writer.message(field, () => {
      writer.string(1, key);
      writer.message(2, () => writeValue(writer, value));
    });
  }
}

/** What has no form in OTLP is an empty value. */
function writeValue(writer: ProtobufWriter, value: unknown): void {
  if (typeof value === 'string') writer.string(1, value);
  else if (typeof value === 'boolean') writer.bool(2, value);
  else if (typeof value === 'number') writeNumber(writer, value);
  else if (value instanceof Uint8Array) writer.bytes(7, value);
  else if (Array.isArray(value)) writer.message(5, () => writeList(writer, value));
  else if (typeof value === 'object' && value !== null) writer.message(6, () => writeAttributes(writer, 1, value));
}

function writeNumber(writer: ProtobufWriter, value: number): void {
  if (Number.isInteger(value)) writer.int64(3, BigInt(value));
  else writer.double(4, value);
}

function writeList(writer: ProtobufWriter, values: readonly unknown[]): void {
  for (const value of values) writer.message(1, () => writeValue(writer, value));
}
