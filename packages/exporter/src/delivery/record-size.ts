import type { AttributeValue, LogRecord } from '@cryptrail/mapper';

/** Tags and lengths round one field. */
const FIELD_BYTES = 8;
/** Times, severity, ids and what else a record has of fixed size. */
const RECORD_BYTES = 80;

/** About how many bytes a record takes in a request: exact enough to cut batches, and cheap. */
export function estimateBytes(record: LogRecord): number {
  let bytes = RECORD_BYTES + record.body.length + (record.eventName?.length ?? 0);
  for (const [name, value] of record.attributes) bytes += 2 * FIELD_BYTES + name.length + valueLength(value);
  return bytes;
}

function valueLength(value: AttributeValue): number {
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, text: string) => sum + FIELD_BYTES + text.length, 0);
  return FIELD_BYTES;
}
