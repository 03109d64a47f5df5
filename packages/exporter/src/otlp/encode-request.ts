import { fromBase64, fromHex } from './base64.ts';
import type { EncodedGroup, EncodedLogs } from './encoded-logs.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import type {
  ExportLogsServiceRequest,
  OtlpAnyValue,
  OtlpKeyValue,
  OtlpLogRecord,
  OtlpResource,
  OtlpScope,
} from './types.ts';

/**
 * A request that was decoded, e.g. from a line of an OTLP JSON file, as encoded groups: one for each scope of each resource, with the same values.
 *
 * @example
 * ```ts
 * const decoded = decodeLogsRequest(line, 'application/json');
 * if (decoded.ok) delivery.push(encodeRequest(decoded.request));
 * ```
 */
export function encodeRequest({ resourceLogs }: ExportLogsServiceRequest): EncodedLogs {
  return resourceLogs.flatMap(({ resource, schemaUrl: resourceSchemaUrl, scopeLogs }) => {
    const head = {
      resource: written((writer) => writeResource(writer, resource)),
      ...(resourceSchemaUrl === undefined ? {} : { resourceSchemaUrl }),
    };
    return scopeLogs
      .filter(({ logRecords }) => logRecords.length > 0)
      .map(
        ({ scope, schemaUrl: scopeSchemaUrl, logRecords }): EncodedGroup => ({
          ...head,
          scope: written((writer) => writeScope(writer, scope)),
          ...(scopeSchemaUrl === undefined ? {} : { scopeSchemaUrl }),
          records: written((writer) => {
            for (const record of logRecords) writer.message(2, () => writeRecord(writer, record));
          }),
          count: logRecords.length,
        }),
      );
  });
}

function written(write: (writer: ProtobufWriter) => void): Uint8Array {
  const writer = new ProtobufWriter(1024);
  write(writer);
  return writer.take();
}

function writeResource(writer: ProtobufWriter, { attributes, droppedAttributesCount }: OtlpResource): void {
  writeKeyValues(writer, 1, attributes);
  if (droppedAttributesCount) writer.uint32(2, droppedAttributesCount);
}

function writeScope(writer: ProtobufWriter, { name, version, attributes, droppedAttributesCount }: OtlpScope): void {
  writer.string(1, name);
  if (version) writer.string(2, version);
  writeKeyValues(writer, 3, attributes ?? []);
  if (droppedAttributesCount) writer.uint32(4, droppedAttributesCount);
}

function writeRecord(writer: ProtobufWriter, record: OtlpLogRecord): void {
  const { body, flags, traceId, spanId, droppedAttributesCount } = record;
  writer.fixed64(1, BigInt(record.timeUnixNano));
  if (record.severityNumber !== 0) writer.uint32(2, record.severityNumber);
  if (record.severityText) writer.string(3, record.severityText);
  if (body) writer.message(5, () => writeAnyValue(writer, body));
  writeKeyValues(writer, 6, record.attributes);
  if (droppedAttributesCount) writer.uint32(7, droppedAttributesCount);
  if (flags) writer.fixed32(8, flags);
  if (traceId) writer.bytes(9, fromHex(traceId));
  if (spanId) writer.bytes(10, fromHex(spanId));
  writer.fixed64(11, BigInt(record.observedTimeUnixNano));
  if (record.eventName) writer.string(12, record.eventName);
}

function writeKeyValues(writer: ProtobufWriter, field: number, pairs: readonly OtlpKeyValue[]): void {
  for (const { key, value } of pairs) {
    writer.message(field, () => {
      writer.string(1, key);
      writer.message(2, () => writeAnyValue(writer, value));
    });
  }
}

function writeAnyValue(writer: ProtobufWriter, value: OtlpAnyValue): void {
  const { arrayValue, kvlistValue } = value;
  if (value.stringValue !== undefined) writer.string(1, value.stringValue);
  else if (value.boolValue !== undefined) writer.bool(2, value.boolValue);
  else if (value.intValue !== undefined) writer.int64(3, BigInt(value.intValue));
  else if (value.doubleValue !== undefined) writer.double(4, Number(value.doubleValue));
  else if (arrayValue) writer.message(5, () => writeValues(writer, arrayValue.values));
  else if (kvlistValue) writer.message(6, () => writeKeyValues(writer, 1, kvlistValue.values));
  else if (value.bytesValue !== undefined) writer.bytes(7, fromBase64(value.bytesValue));
}

function writeValues(writer: ProtobufWriter, values: readonly OtlpAnyValue[]): void {
  for (const value of values) writer.message(1, () => writeAnyValue(writer, value));
}
