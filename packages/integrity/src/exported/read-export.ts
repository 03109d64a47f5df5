import { DIGEST_ATTRIBUTE } from '../record-digest.ts';
import type { ExportedRecord } from './exported-record.ts';

type Json = Readonly<Record<string, unknown>>;

/** The records of one line of OTLP JSON, as the Collector's file exporter and `cryptrail convert` write it; undefined for what is none. */
export function readExport(line: string): ExportedRecord[] | undefined {
  const root = objectOf(parsed(line));
  if (!root || !Array.isArray(root.resourceLogs)) return undefined;
  return listOf(root, 'resourceLogs')
    .flatMap((resource) => listOf(resource, 'scopeLogs'))
    .flatMap((scope) => listOf(scope, 'logRecords'))
    .map(readRecord);
}

function readRecord(record: Json): ExportedRecord {
  const attributes = new Map(listOf(record, 'attributes').map(({ key, value }) => [key, plainValue(value)]));
  const text = (name: string) => textOf(attributes.get(name));
  const format = text('cryptrail.source.format');
  const status = text('cryptrail.parse.status');
  const body = status === 'unparsed' || status === 'truncated' ? undefined : textOf(plainValue(record.body));
  return {
    path: text('log.file.path') ?? '',
    timeUnixNano: wholeOf(record.timeUnixNano) ?? 0n,
    observedTimeUnixNano: wholeOf(record.observedTimeUnixNano) ?? 0n,
    redacted: attributes.get('cryptrail.original.redacted') === true,
    internal: format === 'internal',
    ...optional('offset', numberOf(attributes.get('log.file.record_offset'))),
    ...optional('number', numberOf(attributes.get('log.file.record_number'))),
    ...optional('product', text('cryptrail.product')),
    ...optional('format', format),
    ...optional('text', text('log.record.original')),
    ...optional('body', body),
    ...optional('digest', text(DIGEST_ATTRIBUTE)),
    ...optional('uid', text('log.record.uid')),
    ...optional('node', text('cesecore.node.id')),
    ...optional('sequence', wholeOf(attributes.get('cesecore.sequence_number'))),
  };
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: Value });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function listOf(owner: Json, name: string): Json[] {
  const list = owner[name];
  return Array.isArray(list) ? list.map(objectOf).filter((item) => item !== undefined) : [];
}

/** Text, truth or whole number of an attribute value: 64-bit numbers are texts in JSON, some writers make them numbers. */
function plainValue(value: unknown): unknown {
  const any = objectOf(value);
  return any?.stringValue ?? any?.intValue ?? any?.boolValue;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function wholeOf(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}
