import {
  type EncodedGroup,
  type EncodedLogs,
  type ExportLogsServiceRequest,
  encodeRequest,
  type FoundRecord,
  type OtlpKeyValue,
  type OtlpLogRecord,
  type ResourceLogs,
  type SdkRecordContent,
} from '@cryptrail/exporter';
import { type CompletedRecord, completeRecord, plainObject, plainValue } from './complete-record.ts';

/** Looks for a product's line in a record. */
export type Find = (content: SdkRecordContent) => FoundRecord | undefined;

/**
 * Completes the records of a request that carry a product's line. All others go on as they came, byte for byte.
 *
 * @param groups - The same request in encoded groups, in the same order.
 */
export function completeRequest(
  { resourceLogs }: ExportLogsServiceRequest,
  groups: EncodedLogs,
  find: Find,
): EncodedLogs {
  const scopes = resourceLogs.flatMap(({ scopeLogs, ...head }) =>
    scopeLogs.filter(({ logRecords }) => logRecords.length > 0).map((scope) => ({ head, scope })),
  );
  return groups.flatMap((group, at) => {
    const { head, scope } = scopes[at] ?? {};
    if (!head || !scope) return [group];
    const found = scope.logRecords.map((record) => completed(record, find));
    return found.some((one) => one !== undefined) ? cutGroup(group, found, { ...head, scopeLogs: [scope] }) : [group];
  });
}

function completed(record: OtlpLogRecord, find: Find): CompletedRecord | undefined {
  // It has been recognised before, here or at the sender's.
  if (record.eventName !== undefined) return undefined;
  const body = record.body && plainValue(record.body);
  const found = find({ body, attributes: plainObject(record.attributes) });
  return found && completeRecord(record, found);
}

/** Runs of records as they came, and of completed ones under one resource, in order. */
function cutGroup(
  group: EncodedGroup,
  found: readonly (CompletedRecord | undefined)[],
  like: ResourceLogs,
): EncodedLogs {
  const logs: EncodedGroup[] = [];
  const ends = recordEnds(group.records);
  for (let at = 0; at < found.length; ) {
    const key = keyOf(found[at]);
    let end = at + 1;
    while (end < found.length && keyOf(found[end]) === key) end += 1;
    const run = found.slice(at, end).flatMap((one) => one ?? []);
    const [first] = run;
    if (first)
      logs.push(
        ...encodeCompleted(
          like,
          run.map(({ record }) => record),
          first.resource,
        ),
      );
    else logs.push({ ...group, records: group.records.subarray(ends[at - 1] ?? 0, ends[end - 1]), count: end - at });
    at = end;
  }
  return logs;
}

function keyOf(one: CompletedRecord | undefined): string {
  return one ? JSON.stringify(one.resource) : '';
}

function encodeCompleted(
  { resource, scopeLogs, ...head }: ResourceLogs,
  logRecords: readonly OtlpLogRecord[],
  own: readonly OtlpKeyValue[],
): EncodedLogs {
  const [scope] = scopeLogs;
  if (!scope) return [];
  const attributes = mergedResource(resource.attributes, own);
  return encodeRequest({
    resourceLogs: [{ ...head, resource: { ...resource, attributes }, scopeLogs: [{ ...scope, logRecords }] }],
  });
}

/** What the sender says of its resource stays; the product adds what was not said. The name that an SDK makes up says nothing. */
function mergedResource(sent: readonly OtlpKeyValue[], own: readonly OtlpKeyValue[]): OtlpKeyValue[] {
  const kept = sent.filter(
    ({ key, value }) => !(key === 'service.name' && value.stringValue?.startsWith('unknown_service')),
  );
  const names = new Set(kept.map(({ key }) => key));
  return [...kept, ...own.filter(({ key }) => !names.has(key))];
}

/** Where each record of a run of length-delimited ones ends. */
function recordEnds(records: Uint8Array): number[] {
  const ends: number[] = [];
  for (let at = 0; at < records.length; ) {
    let length = 0;
    let scale = 1;
    for (at += 1; at < records.length; scale *= 128) {
      const byte = records[at] ?? 0;
      at += 1;
      length += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    at += length;
    ends.push(at);
  }
  return ends;
}
