import type { AttributeValue, LogRecord } from '@cryptrail/mapper';
import type { ExportedLogs, KeyValue } from './run-collector.ts';

/** A record in the form in which both engines are compared: every part a text with its type. */
export interface Flat {
  readonly file: string;
  readonly offset: string;
  readonly parts: ReadonlyMap<string, string>;
}

/** Records as the Collector delivered them. */
export function fromCollector(logs: readonly ExportedLogs[]): Flat[] {
  return logs.flatMap(({ resourceLogs }) =>
    resourceLogs.flatMap(({ resource, scopeLogs }) =>
      scopeLogs.flatMap(({ logRecords = [] }) =>
        logRecords.map((record) => {
          const parts = new Map<string, string>([
            ['time', record.timeUnixNano ?? '0'],
            ['severityNumber', String(record.severityNumber ?? 0)],
            ['severityText', record.severityText ?? ''],
            ['eventName', record.eventName ?? ''],
            ['traceId', record.traceId ?? ''],
            ['spanId', record.spanId ?? ''],
            ['body', String(record.body?.stringValue ?? JSON.stringify(record.body))],
          ]);
          for (const pair of record.attributes ?? []) parts.set(`@${pair.key}`, typedValue(pair));
          for (const pair of resource?.attributes ?? []) parts.set(`resource ${pair.key}`, typedValue(pair));
          return locate(parts);
        }),
      ),
    ),
  );
}

function typedValue({ value }: KeyValue): string {
  const [[kind = '', content] = []] = Object.entries(value);
  if (kind === 'arrayValue') {
    const { values = [] } = content as { values?: Readonly<Record<string, unknown>>[] };
    return `list ${JSON.stringify(values.map((one) => Object.values(one)[0]))}`;
  }
  return `${kind.replace('Value', '')} ${typeof content === 'object' ? JSON.stringify(content) : String(content)}`;
}

/** Records as the mapper makes them. */
export function fromMapper(records: readonly LogRecord[]): Flat[] {
  return records.map((record) => {
    const parts = new Map<string, string>([
      ['time', String(record.timeUnixNano)],
      ['severityNumber', String(record.severityNumber)],
      ['severityText', record.severityText ?? ''],
      ['eventName', record.eventName ?? ''],
      ['traceId', record.traceId ?? ''],
      ['spanId', record.spanId ?? ''],
      ['body', record.body],
    ]);
    for (const [name, value] of record.attributes) parts.set(`@${name}`, typed(value));
    for (const [name, value] of record.resource.attributes) parts.set(`resource ${name}`, typed(value));
    return locate(parts);
  });
}

function typed(value: AttributeValue): string {
  if (typeof value === 'string') return `string ${value}`;
  if (typeof value === 'boolean') return `bool ${value}`;
  if (typeof value === 'number' || typeof value === 'bigint') return `int ${value}`;
  return 'value' in value ? `double ${value.value}` : `list ${JSON.stringify(value)}`;
}

function locate(parts: Map<string, string>): Flat {
  const offset = (parts.get('@log.file.record_offset') ?? '').replace(/^int /, '');
  return { file: (parts.get('@log.file.name') ?? '').replace(/^string /, ''), offset, parts };
}

/** One part of one record that is not the same. */
export interface Difference {
  readonly file: string;
  readonly offset: string;
  readonly part: string;
  readonly mapper: string | undefined;
  readonly collector: string | undefined;
  /** The whole of both records, to judge by. */
  readonly record: Flat | undefined;
  readonly other: Flat | undefined;
}

/** Compares record by record; a record that only one engine has is the difference `record`. */
export function compare(mapped: readonly Flat[], collected: readonly Flat[]): Difference[] {
  const key = ({ file, offset }: Flat) => `${file}\n${offset}`;
  const found = new Map(collected.map((flat) => [key(flat), flat]));
  const wanted = new Set(mapped.map(key));
  const differences: Difference[] = [];
  for (const record of mapped) {
    const other = found.get(key(record));
    const place = { file: record.file, offset: record.offset, record, other };
    if (!other) {
      differences.push({ ...place, part: 'record', mapper: record.parts.get('body'), collector: undefined });
      continue;
    }
    for (const part of new Set([...record.parts.keys(), ...other.parts.keys()])) {
      const [mapper, collector] = [record.parts.get(part), other.parts.get(part)];
      if (mapper !== collector) differences.push({ ...place, part, mapper, collector });
    }
  }
  for (const other of collected) {
    if (!wanted.has(key(other)))
      differences.push({
        file: other.file,
        offset: other.offset,
        part: 'record',
        mapper: undefined,
        collector: other.parts.get('body'),
        record: undefined,
        other,
      });
  }
  return differences;
}
