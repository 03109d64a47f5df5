import {
  decodeLogsRequest,
  type EncodedGroup,
  type EncodedLogs,
  encodeRequest,
  joinGroups,
  type OtlpAnyValue,
  type OtlpKeyValue,
  type OtlpLogRecord,
  type OtlpResource,
} from '@cryptrail/exporter/otlp';
import { type AttributeValue, Double } from '@cryptrail/mapper';
import { changeOtlpRecord, changeOtlpResource } from './change-record.ts';
import type { Looked, Steps } from './preparation.ts';

/** What was taken was of bounded size already. */
const NO_LIMIT = { maxBytes: Number.MAX_SAFE_INTEGER, maxValues: Number.MAX_SAFE_INTEGER };

/** Does to encoded records what is done to others. What cannot be decoded passes as it came: the backend decides on it. */
export function prepareEncoded(logs: EncodedLogs, steps: Steps): EncodedLogs {
  return logs.flatMap((group) => prepareGroup(group, steps));
}

function prepareGroup(group: EncodedGroup, { isWanted, change, resource: added }: Steps): EncodedLogs {
  const decoded = decodeLogsRequest(joinGroups([group]), 'application/x-protobuf', NO_LIMIT);
  if (!decoded.ok) return [group];
  const resourceLogs = decoded.request.resourceLogs.map(({ resource, scopeLogs, ...rest }) => ({
    ...rest,
    resource: addAttributes(change ? changeOtlpResource(resource, change) : resource, added),
    scopeLogs: scopeLogs.map(({ logRecords, ...scope }) => {
      const kept = isWanted ? logRecords.filter((record) => isWanted(look(record))) : logRecords;
      return { ...scope, logRecords: change ? kept.map((one) => changeOtlpRecord(one, resource, change)) : kept };
    }),
  }));
  return encodeRequest({ resourceLogs });
}

function addAttributes(resource: OtlpResource, added: Steps['resource']): OtlpResource {
  if (!added) return resource;
  const others = resource.attributes.filter(({ key }) => !added.has(key));
  return { ...resource, attributes: [...others, ...[...added].map(toKeyValue)] };
}

function toKeyValue([key, value]: readonly [string, AttributeValue]): OtlpKeyValue {
  if (value instanceof Double) return { key, value: { doubleValue: value.value } };
  if (typeof value === 'boolean') return { key, value: { boolValue: value } };
  if (typeof value === 'number') return { key, value: { intValue: String(value) } };
  return { key, value: { stringValue: String(value) } };
}

function look({ timeUnixNano, eventName, severityText, attributes }: OtlpLogRecord): Looked {
  const values = new Map<string, AttributeValue>();
  for (const { key, value } of attributes) {
    const simple = simpleValue(value);
    if (simple !== undefined) values.set(key, simple);
  }
  return {
    timeUnixNano: BigInt(timeUnixNano),
    attributes: values,
    ...(eventName ? { eventName } : {}),
    ...(severityText ? { severityText } : {}),
    ...(values.get('cryptrail.parse.status') === 'foreign' ? { parseStatus: 'foreign' } : {}),
  };
}

function simpleValue({ stringValue, intValue, boolValue }: OtlpAnyValue): AttributeValue | undefined {
  return stringValue ?? boolValue ?? (intValue === undefined ? undefined : BigInt(intValue));
}

/** Tag of `event_name` in a `LogRecord`: field 12, length-delimited. */
const EVENT_NAME = 0x62;

/** How many encoded records have an event name. Walks over the fields of each and reads none. */
export function countEvents(logs: EncodedLogs): number {
  let events = 0;
  const walk = { at: 0 };
  for (const { records } of logs) {
    for (walk.at = 0; walk.at < records.length; ) {
      walk.at += 1;
      const length = readVarint(records, walk);
      const end = walk.at + length;
      if (hasField(records, walk, Math.min(end, records.length), EVENT_NAME)) events += 1;
      walk.at = end;
    }
  }
  return events;
}

/** Where in some bytes the next field stands: one for all records, since there are many. */
interface Walk {
  at: number;
}

function hasField(bytes: Uint8Array, walk: Walk, end: number, wanted: number): boolean {
  while (walk.at < end) {
    const tag = readVarint(bytes, walk);
    if (tag === wanted) return true;
    const wire = tag & 7;
    if (wire === 2) {
      const length = readVarint(bytes, walk);
      walk.at += length;
    } else if (wire === 0) readVarint(bytes, walk);
    else if (wire === 1) walk.at += 8;
    else if (wire === 5) walk.at += 4;
    else return false;
  }
  return false;
}

function readVarint(bytes: Uint8Array, walk: Walk): number {
  let value = 0;
  let scale = 1;
  while (walk.at < bytes.length) {
    const byte = bytes[walk.at] ?? 0;
    walk.at += 1;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) break;
  }
  return value;
}
