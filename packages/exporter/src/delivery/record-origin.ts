import { decodeProtobuf } from '../otlp/decode-protobuf.ts';
import type { EncodedLogs } from '../otlp/encoded-logs.ts';
import { joinGroups } from '../otlp/join-groups.ts';
import type { OtlpLogRecord } from '../otlp/types.ts';
import { plainText } from './sender.ts';

/** Says where a record came from, e.g. `/var/log/acra.log record 1200 at byte 48000`, as far as it tells; never what it says. */
export function originOf(logs: EncodedLogs): string {
  try {
    const { resourceLogs } = decodeProtobuf(joinGroups(logs.slice(0, 1)), Number.POSITIVE_INFINITY);
    const record = resourceLogs[0]?.scopeLogs[0]?.logRecords[0];
    return record ? plainText(originOfRecord(record)) : '';
  } catch {
    return '';
  }
}

/** A record that knows no place is told by its event and time. */
function originOfRecord(record: OtlpLogRecord): string {
  return placeOf(record) || [record.eventName ?? 'record', timeOf(record)].filter(Boolean).join(' of ');
}

function timeOf({ timeUnixNano }: OtlpLogRecord): string {
  const millis = Number(BigInt(timeUnixNano) / 1_000_000n);
  const time = new Date(millis);
  return millis === 0 || Number.isNaN(time.getTime()) ? '' : time.toISOString();
}

function placeOf({ attributes }: OtlpLogRecord): string {
  const values = new Map(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));
  const parts = [
    ['', values.get('log.file.path') ?? values.get('log.file.name')],
    ['record ', values.get('log.file.record_number')],
    ['at byte ', values.get('log.file.record_offset')],
    ['uid ', values.get('log.record.uid')],
  ];
  return parts.flatMap(([word, value]) => (value === undefined ? [] : [`${word}${value}`])).join(' ');
}
