import type { AttributeValue, LogRecord, Resource } from '@cryptrail/mapper';
import { CRYPTRAIL_SCOPE, type Scope } from '../scope.ts';
import { fromHex } from './base64.ts';
import { exactId, exactTime, exactValue } from './exact-values.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { type ResourceRun, runsOfOneResource } from './resource-runs.ts';

/**
 * Records as one OTLP request in protobuf, the binary twin of `toOtlpJson`: same order, same values.
 *
 * Field numbers: opentelemetry-proto 1.10, `collector/logs/v1`, `logs/v1`, `common/v1`, `resource/v1`.
 */
export function toOtlpProtobuf(records: Iterable<LogRecord>, scope: Scope = CRYPTRAIL_SCOPE): Uint8Array<ArrayBuffer> {
  const writer = new ProtobufWriter();
  for (const run of runsOfOneResource(records)) writer.message(1, () => writeResourceLogs(writer, run, scope));
  return writer.finish();
}

function writeResourceLogs(writer: ProtobufWriter, { resource, records }: ResourceRun, scope: Scope): void {
  writer.message(1, () => writeResource(writer, resource));
  writer.message(2, () => {
    writer.message(1, () => writeScope(writer, scope));
    for (const record of records) writer.message(2, () => writeLogRecord(writer, record));
    if (scope.schemaUrl !== undefined) writer.string(3, scope.schemaUrl);
  });
}

/** The fields of a `Resource`. */
export function writeResource(writer: ProtobufWriter, { attributes }: Resource): void {
  writeAttributes(writer, 1, attributes);
}

/** The fields of an `InstrumentationScope`. */
export function writeScope(writer: ProtobufWriter, { name, version }: Scope): void {
  writer.string(1, name);
  if (version !== undefined) writer.string(2, version);
}

/** The fields of a `LogRecord`. */
export function writeLogRecord(writer: ProtobufWriter, record: LogRecord): void {
  const traceId = exactId(record.traceId, 16);
  const spanId = exactId(record.spanId, 8);
  writer.fixed64(1, exactTime(record.timeUnixNano));
  if (record.severityNumber !== 0) writer.uint32(2, record.severityNumber);
  if (record.severityText) writer.string(3, record.severityText);
  const body = writer.open(5);
  writer.string(1, record.body);
  writer.close(body);
  writeAttributes(writer, 6, record.attributes);
  if (traceId !== undefined) writer.bytes(9, fromHex(traceId));
  if (spanId !== undefined) writer.bytes(10, fromHex(spanId));
  writer.fixed64(11, exactTime(record.observedTimeUnixNano));
  if (record.eventName) writer.string(12, record.eventName);
}

function writeAttributes(writer: ProtobufWriter, field: number, attributes: ReadonlyMap<string, AttributeValue>): void {
  attributes.forEach((value, key) => {
    const attribute = writer.open(field);
    writer.string(1, key);
    const any = writer.open(2);
    writeAnyValue(writer, value);
    writer.close(any);
    writer.close(attribute);
  });
}

function writeAnyValue(writer: ProtobufWriter, attribute: AttributeValue): void {
  const { type, value } = exactValue(attribute);
  if (type === 'string') writer.string(1, value);
  else if (type === 'bool') writer.bool(2, value);
  else if (type === 'int') writer.int64(3, value);
  else if (type === 'double') writer.double(4, value);
  else writer.message(5, () => writeTexts(writer, value));
}

function writeTexts(writer: ProtobufWriter, texts: readonly string[]): void {
  for (const text of texts) writer.message(1, () => writer.string(1, text));
}
