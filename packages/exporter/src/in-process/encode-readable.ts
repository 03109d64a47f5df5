import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { fromHex } from '../otlp/base64.ts';
import type { EncodedGroup } from '../otlp/encoded-logs.ts';
import { ProtobufWriter } from '../otlp/protobuf-writer.ts';
import type { SdkResource } from '../sdk-resource.ts';

const NANOS_PER_SECOND = 1_000_000_000n;

/** What a record has in common with others: equal objects for equal ones, as far as the SDK shares its own. */
export type RecordHead = Omit<EncodedGroup, 'records' | 'count'>;

const heads = new WeakMap<object, WeakMap<object, RecordHead>>();

/** The head of a record that leaves under this resource; always the same object for the same resource and scope. */
export function headOf({ instrumentationScope: scope }: ReadableLogRecord, resource: SdkResource): RecordHead {
  const known = heads.get(resource) ?? new WeakMap<object, RecordHead>();
  heads.set(resource, known);
  const head = known.get(scope) ?? makeHead(resource, scope);
  known.set(scope, head);
  return head;
}

function makeHead(resource: SdkResource, scope: ReadableLogRecord['instrumentationScope']): RecordHead {
  const { schemaUrl: resourceSchemaUrl } = resource as { readonly schemaUrl?: string };
  const { attributes } = scope as { readonly attributes?: object };
  return {
    resource: written((writer) => writeAttributes(writer, 1, resource.attributes)),
    ...(resourceSchemaUrl ? { resourceSchemaUrl } : {}),
    scope: written((writer) => {
      writer.string(1, scope.name);
      if (scope.version) writer.string(2, scope.version);
      if (attributes) writeAttributes(writer, 3, attributes);
    }),
    ...(scope.schemaUrl ? { scopeSchemaUrl: scope.schemaUrl } : {}),
  };
}

function written(write: (writer: ProtobufWriter) => void): Uint8Array {
  const writer = new ProtobufWriter(512);
  write(writer);
  return writer.finish();
}

/** Adds a record of the SDK, mended already, to a run of records: what the stock serializer writes, with 64-bit integers exact. */
export function writeReadable(writer: ProtobufWriter, record: ReadableLogRecord): void {
  writer.message(2, () => writeRecord(writer, record), 0x80);
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
