import type { EncodedLogs } from '@cryptrail/exporter';
import type { LogRecord } from '@cryptrail/mapper';

/** Whether records are encoded already. An empty list is both. */
export function isEncoded(logs: readonly LogRecord[] | EncodedLogs): logs is EncodedLogs {
  const [first] = logs;
  return first !== undefined && 'records' in first;
}

/** How many records there are. */
export function countOf(logs: readonly LogRecord[] | EncodedLogs): number {
  return isEncoded(logs) ? logs.reduce((sum, { count }) => sum + count, 0) : logs.length;
}
