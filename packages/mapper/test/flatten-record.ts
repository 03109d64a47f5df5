import { type AttributeValue, Double, type LogRecord } from '@cryptrail/mapper';

/** A record as plain JSON: times as digits, integers beyond 2^53 and doubles marked as such, empty parts left out. */
export function flattenRecord(record: LogRecord): Record<string, unknown> {
  const { timeUnixNano, severityNumber, severityText, eventName, traceId, spanId, body, attributes, resource } = record;
  return {
    timeUnixNano: String(timeUnixNano),
    severityNumber,
    ...(severityText === undefined ? {} : { severityText }),
    ...(eventName === undefined ? {} : { eventName }),
    body,
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
    attributes: flattenAttributes(attributes),
    ...(resource.attributes.size === 0 ? {} : { resource: flattenAttributes(resource.attributes) }),
    ...(record.issues.length === 0 ? {} : { issues: record.issues.map(({ code }) => code) }),
  };
}

/** Attributes by name, so that the order in which they were found does not matter. */
export function flattenAttributes(attributes: ReadonlyMap<string, AttributeValue>): Record<string, unknown> {
  const sorted = [...attributes].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, value]) => [name, flattenValue(value)]));
}

function flattenValue(value: AttributeValue): unknown {
  if (typeof value === 'bigint') return { int: String(value) };
  return value instanceof Double ? { double: value.value } : value;
}
