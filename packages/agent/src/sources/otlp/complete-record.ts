import {
  type FoundRecord,
  type OtlpAnyValue,
  type OtlpKeyValue,
  type OtlpLogRecord,
  toOtlpJson,
} from '@cryptrail/exporter';

/** An OTLP record that was a product's line: completed, with the resource of the product instance. */
export interface CompletedRecord {
  readonly record: OtlpLogRecord;
  /** What the line says of its resource. */
  readonly resource: readonly OtlpKeyValue[];
}

/**
 * Puts what a line says on the record that carried it, as `EventCodeProcessor` does inside an SDK: event name, body, time and attributes are the line's; severity
 * and trace only where the sender gave none. All else that the sender said stays.
 */
export function completeRecord(sent: OtlpLogRecord, { record, consumed }: FoundRecord): CompletedRecord {
  const [{ resource, scopeLogs } = { resource: { attributes: [] }, scopeLogs: [] }] = toOtlpJson([record]).resourceLogs;
  const read = scopeLogs[0]?.logRecords[0] ?? sent;
  const replaced = new Set([...consumed, ...read.attributes.map(({ key }) => key)]);
  const { severityText = read.severityText, observedTimeUnixNano } = sent;
  const hasTrace = read.traceId !== undefined && read.spanId !== undefined;
  return {
    resource: resource.attributes,
    record: {
      ...sent,
      ...(read.timeUnixNano === '0' ? {} : { timeUnixNano: read.timeUnixNano }),
      observedTimeUnixNano: observedTimeUnixNano === '0' ? read.observedTimeUnixNano : observedTimeUnixNano,
      severityNumber: sent.severityNumber || read.severityNumber,
      ...(severityText === undefined ? {} : { severityText }),
      ...(read.eventName === undefined ? {} : { eventName: read.eventName }),
      ...(read.body === undefined ? {} : { body: read.body }),
      ...(hasTrace ? { traceId: read.traceId, spanId: read.spanId } : {}),
      attributes: [...sent.attributes.filter(({ key }) => !replaced.has(key)), ...read.attributes],
    },
  };
}

/** A value as plain JavaScript. Integers keep all digits; bytes are no text and give undefined. */
export function plainValue(value: OtlpAnyValue): unknown {
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue } = value;
  if (intValue !== undefined) return Number.isSafeInteger(Number(intValue)) ? Number(intValue) : BigInt(intValue);
  if (arrayValue) return arrayValue.values.map(plainValue);
  if (kvlistValue) return plainObject(kvlistValue.values);
  return stringValue ?? boolValue ?? doubleValue;
}

/** Named values as an object that has no names but theirs. */
export function plainObject(pairs: readonly OtlpKeyValue[]): Readonly<Record<string, unknown>> {
  const object: Record<string, unknown> = Object.create(null);
  for (const { key, value } of pairs) object[key] = plainValue(value);
  return object;
}
