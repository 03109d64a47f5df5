import type { LogRecord } from '@cryptrail/mapper';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { toHrTime } from './hr-time.ts';
import { exactId } from './otlp/exact-values.ts';
import { CRYPTRAIL_SCOPE, type Scope } from './scope.ts';
import { toSdkAttributes } from './sdk-attributes.ts';
import { toSdkResource } from './sdk-resource.ts';

/**
 * A record in the shape that any `LogRecordExporter` takes, without a provider or processor in between. Records of one
 * resource share one resource object and all share the given scope object, so that serializers group them.
 *
 * What the SDK's own encoders cannot carry: an integer beyond 2^53 goes as decimal text, and a whole floating-point number
 * arrives as an integer. `toOtlpJson` and `toOtlpProtobuf` carry both exactly.
 *
 * @example
 * ```ts
 * exporter.export([toReadableLogRecord(record)], (result) => {});
 * ```
 */
export function toReadableLogRecord(record: LogRecord, scope: Scope = CRYPTRAIL_SCOPE): ReadableLogRecord {
  const spanContext = toSpanContext(record);
  return {
    hrTime: toHrTime(record.timeUnixNano),
    hrTimeObserved: toHrTime(record.observedTimeUnixNano),
    ...(spanContext === undefined ? {} : { spanContext }),
    ...(record.severityNumber === 0 ? {} : { severityNumber: record.severityNumber }),
    ...(record.severityText ? { severityText: record.severityText } : {}),
    ...(record.eventName ? { eventName: record.eventName } : {}),
    body: record.body.toWellFormed(),
    attributes: toSdkAttributes(record.attributes),
    resource: toSdkResource(record.resource),
    instrumentationScope: scope,
    droppedAttributesCount: 0,
  };
}

/** Trace and span of a record when it names both; the SDK knows no trace without a span. Whether it was sampled is unknown: no flags. */
export function toSpanContext(
  record: LogRecord,
): { traceId: string; spanId: string; traceFlags: number; isRemote: true } | undefined {
  const traceId = exactId(record.traceId, 16);
  const spanId = exactId(record.spanId, 8);
  if (traceId === undefined || spanId === undefined) return undefined;
  return { traceId, spanId, traceFlags: 0, isRemote: true };
}
