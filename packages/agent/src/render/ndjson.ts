import { type AttributeValue, Double, type LogRecord } from '@cryptrail/mapper';
import { renderTime } from './time.ts';
import { visibleJson } from './visible.ts';

/**
 * One record as one flat JSON object, without line break: `time`, `severity_number`, `severity`, `event`, `body`, `trace_id`,
 * `span_id`, then the attributes under their own names, then those of the resource (`resource.<name>` where the record has the
 * same name). What the record lacks is left out. Whole numbers beyond 2^53 are strings.
 */
export function renderNdjson(record: LogRecord): string {
  const fields: [name: string, json: string][] = [];
  const put = (name: string, value: AttributeValue | undefined) => {
    if (value !== undefined) fields.push([name, jsonOf(value)]);
  };
  put('time', renderTime(record.timeUnixNano));
  put('observed_time', renderTime(record.observedTimeUnixNano));
  put('severity_number', record.severityNumber);
  put('severity', record.severityText);
  put('event', record.eventName);
  put('body', record.body);
  put('trace_id', record.traceId);
  put('span_id', record.spanId);
  const taken = new Set(fields.map(([name]) => name));
  for (const [name, value] of record.attributes) put(taken.has(name) ? `attributes.${name}` : name, value);
  for (const [name] of record.attributes) taken.add(name);
  for (const [name, value] of record.resource.attributes) put(taken.has(name) ? `resource.${name}` : name, value);
  // Written by hand: names come from logs, and one of them may be `__proto__`.
  return visibleJson(`{${fields.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`);
}

function jsonOf(value: AttributeValue): string {
  if (typeof value === 'bigint') return JSON.stringify(String(value));
  if (!(value instanceof Double)) return JSON.stringify(value);
  return Number.isFinite(value.value) ? JSON.stringify(value.value) : JSON.stringify(String(value.value));
}
