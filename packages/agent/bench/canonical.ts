/** OTLP in one form, so that what two encoders made of the same lines can be held against each other. */
import {
  type DecodedLogsRequest,
  decodeLogsRequest,
  type OtlpAnyValue,
  type OtlpKeyValue,
  type OtlpLogRecord,
} from '@cryptrail/exporter/otlp';
import type { Received } from './sink.ts';

/**
 * Each record as a text, in order of place and then of content. The order of attributes and of requests does not count, nor does the time of
 * observation. A double without fraction counts as the integer: the stock serializer has one way for both.
 */
export function canonicalRecords(bodies: readonly Received[]): string[] {
  const records: string[] = [];
  for (const { bytes, type } of bodies) {
    const decoded: DecodedLogsRequest = decodeLogsRequest(bytes, type);
    if (!decoded.ok) throw new Error(`a request cannot be read: ${decoded.error.message}`);
    for (const { resource, scopeLogs } of decoded.request.resourceLogs) {
      const about = pairs(resource.attributes);
      for (const { logRecords } of scopeLogs) for (const record of logRecords) records.push(canonical(about, record));
    }
  }
  return records.sort();
}

function canonical(resource: string, record: OtlpLogRecord): string {
  const { timeUnixNano, severityNumber, severityText, eventName, body, attributes, traceId, spanId } = record;
  const number = attributes.find(({ key }) => key === 'log.file.record_number')?.value.intValue ?? '';
  return [
    number.padStart(12, '0'),
    resource,
    timeUnixNano,
    severityNumber,
    severityText || '',
    eventName || '',
    body ? plain(body) : '',
    pairs(attributes),
    traceId ?? '',
    spanId ?? '',
  ].join(' | ');
}

function pairs(attributes: readonly OtlpKeyValue[]): string {
  return attributes
    .map(({ key, value }) => `${key}=${plain(value)}`)
    .sort()
    .join(', ');
}

function plain(value: OtlpAnyValue): string {
  const { doubleValue } = value;
  if (doubleValue !== undefined && Number.isSafeInteger(Number(doubleValue)))
    return JSON.stringify({ intValue: String(doubleValue) });
  return JSON.stringify(value);
}
