import type { EncodedGroup } from './encoded-logs.ts';
import { behindField, LOG_RECORD } from './protobuf-bytes.ts';

/**
 * Cuts a group in two at the border of a record.
 *
 * @param isFull Told how many records and bytes the first part would have with one more record; the cut is before the first one for which this is true.
 * @returns The parts that are not empty. What cannot be walked, because it is no run of records, stays whole.
 */
export function cutGroup(
  group: EncodedGroup,
  isFull: (records: number, bytes: number) => boolean,
): readonly [first: EncodedGroup | undefined, rest: EncodedGroup | undefined] {
  let end = 0;
  let count = 0;
  while (count < group.count) {
    const next = endOfRecord(group.records, end);
    if (next === undefined) return [group, undefined];
    if (isFull(count + 1, next)) break;
    end = next;
    count += 1;
  }
  if (count === 0) return [undefined, group];
  if (count === group.count) return [group, undefined];
  const first = { ...group, records: group.records.subarray(0, end), count };
  const rest = { ...group, records: group.records.subarray(end), count: group.count - count };
  return [first, rest];
}

/** Where the record that begins at `at` ends; undefined when there is none. */
function endOfRecord(bytes: Uint8Array, at: number): number | undefined {
  if (bytes[at] !== LOG_RECORD) return undefined;
  const end = behindField(bytes, LOG_RECORD, at + 1);
  return end <= bytes.length ? end : undefined;
}
