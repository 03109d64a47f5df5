import type { AttributeValue, LogRecord } from '@cryptrail/mapper';
import { CRYPTRAIL_SCOPE, type Scope } from '../scope.ts';
import { exactId, exactTime, exactValue } from './exact-values.ts';
import { type ResourceRun, runsOfOneResource } from './resource-runs.ts';
import type {
  ExportLogsServiceRequest,
  OtlpAnyValue,
  OtlpDouble,
  OtlpKeyValue,
  OtlpLogRecord,
  ResourceLogs,
} from './types.ts';

/**
 * Records as one OTLP request, in the protobuf JSON mapping: exact to the last digit of 64-bit integers, doubles as
 * `doubleValue` also when whole. Keeps the order of the records: a new `ResourceLogs` begins whenever the resource changes.
 *
 * @example
 * ```ts
 * const request = toOtlpJson([record]);
 * request.resourceLogs[0]?.scopeLogs[0]?.logRecords[0]?.eventName;
 * ```
 */
export function toOtlpJson(records: Iterable<LogRecord>, scope: Scope = CRYPTRAIL_SCOPE): ExportLogsServiceRequest {
  return { resourceLogs: runsOfOneResource(records).map((run) => toResourceLogs(run, scope)) };
}

/** {@link toOtlpJson} as one line of JSON text, without a line break: a line of an OTLP JSON file. */
export function toOtlpJsonLine(records: Iterable<LogRecord>, scope: Scope = CRYPTRAIL_SCOPE): string {
  return JSON.stringify(toOtlpJson(records, scope));
}

function toResourceLogs({ resource, records }: ResourceRun, scope: Scope): ResourceLogs {
  const { name, version, schemaUrl } = scope;
  return {
    resource: { attributes: keyValues(resource.attributes) },
    scopeLogs: [
      {
        scope: version === undefined ? { name } : { name, version },
        logRecords: records.map(toOtlpLogRecord),
        ...(schemaUrl === undefined ? {} : { schemaUrl }),
      },
    ],
  };
}

function toOtlpLogRecord(record: LogRecord): OtlpLogRecord {
  const traceId = exactId(record.traceId, 16);
  const spanId = exactId(record.spanId, 8);
  return {
    timeUnixNano: exactTime(record.timeUnixNano).toString(),
    observedTimeUnixNano: exactTime(record.observedTimeUnixNano).toString(),
    severityNumber: record.severityNumber,
    ...(record.severityText ? { severityText: record.severityText.toWellFormed() } : {}),
    ...(record.eventName ? { eventName: record.eventName.toWellFormed() } : {}),
    body: { stringValue: record.body.toWellFormed() },
    attributes: keyValues(record.attributes),
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
  };
}

function keyValues(attributes: ReadonlyMap<string, AttributeValue>): OtlpKeyValue[] {
  return Array.from(attributes, ([key, value]) => ({ key: key.toWellFormed(), value: toAnyValue(value) }));
}

function toAnyValue(attribute: AttributeValue): OtlpAnyValue {
  const { type, value } = exactValue(attribute);
  switch (type) {
    case 'string':
      return { stringValue: value };
    case 'bool':
      return { boolValue: value };
    case 'int':
      return { intValue: value.toString() };
    case 'double':
      return { doubleValue: jsonDouble(value) };
    case 'texts':
      return { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } };
  }
}

/** JSON has no literal for these three; the mapping spells them as words. */
export function jsonDouble(value: number): OtlpDouble {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return 'Infinity';
  return value === Number.NEGATIVE_INFINITY ? '-Infinity' : value;
}
