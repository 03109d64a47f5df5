import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { toHrTime } from './hr-time.ts';
import { fromBase64 } from './otlp/base64.ts';
import { decodeProtobuf } from './otlp/decode-protobuf.ts';
import type { EncodedLogs } from './otlp/encoded-logs.ts';
import { joinGroups } from './otlp/join-groups.ts';
import type { OtlpAnyValue, OtlpKeyValue, OtlpLogRecord } from './otlp/types.ts';
import type { Scope } from './scope.ts';
import { type SdkResource, sdkResource } from './sdk-resource.ts';

/**
 * Encoded records in the shape that exporters of the SDK take, grouped by resource. What that shape cannot carry is as with
 * `toReadableLogRecord`: an integer beyond 2^53 becomes decimal text.
 */
export function toReadableLogRecords(logs: EncodedLogs): ReadableLogRecord[] {
  const { resourceLogs } = decodeProtobuf(joinGroups(logs), Number.POSITIVE_INFINITY);
  return resourceLogs.flatMap(({ resource, scopeLogs }) => {
    const shared = sdkResource(plainAttributes(resource.attributes) as SdkResource['attributes']);
    return scopeLogs.flatMap(({ scope, schemaUrl, logRecords }) => {
      const { name, version } = scope;
      const own: Scope = { name, ...(version === undefined ? {} : { version }), ...(schemaUrl ? { schemaUrl } : {}) };
      return logRecords.map((record) => toReadable(record, shared, own));
    });
  });
}

function toReadable(record: OtlpLogRecord, resource: SdkResource, instrumentationScope: Scope): ReadableLogRecord {
  const { traceId, spanId, flags = 0, severityNumber, severityText, eventName, body } = record;
  return {
    hrTime: toHrTime(BigInt(record.timeUnixNano)),
    hrTimeObserved: toHrTime(BigInt(record.observedTimeUnixNano)),
    ...(traceId && spanId ? { spanContext: { traceId, spanId, traceFlags: flags & 0xff, isRemote: true } } : {}),
    ...(severityNumber === 0 ? {} : { severityNumber }),
    ...(severityText ? { severityText } : {}),
    ...(eventName ? { eventName } : {}),
    ...(body === undefined ? {} : { body: plainValue(body) as ReadableLogRecord['body'] }),
    attributes: plainAttributes(record.attributes) as ReadableLogRecord['attributes'],
    resource,
    instrumentationScope,
    droppedAttributesCount: record.droppedAttributesCount ?? 0,
  };
}

function plainAttributes(pairs: readonly OtlpKeyValue[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue(value: OtlpAnyValue): unknown {
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.intValue !== undefined) {
    const number = Number(value.intValue);
    return Number.isSafeInteger(number) ? number : value.intValue;
  }
  if (value.doubleValue !== undefined) return Number(value.doubleValue);
  if (value.arrayValue) return value.arrayValue.values.map(plainValue);
  if (value.kvlistValue) return plainAttributes(value.kvlistValue.values);
  return value.bytesValue === undefined ? null : fromBase64(value.bytesValue);
}
