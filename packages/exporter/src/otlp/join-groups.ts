import type { EncodedGroup, EncodedLogs } from './encoded-logs.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** Groups with the same resource and scope, in order. */
interface Joined {
  readonly head: EncodedGroup;
  readonly runs: readonly Uint8Array[];
  readonly bytes: number;
}

/**
 * One OTLP request in protobuf out of encoded groups. No record is encoded again: groups of one resource and scope stand together, in the place
 * of the first of them, each resource's records in the order given.
 */
export function joinGroups(logs: EncodedLogs): Uint8Array<ArrayBuffer> {
  const parts = requestParts(logs);
  return joinParts(parts, new Uint8Array(lengthOf(parts)));
}

/** The parts of the request of {@link joinGroups}, one behind the other: records stay where they are, only what stands between them is new. */
export function requestParts(logs: EncodedLogs): Uint8Array[] {
  return groupsByHead(logs).flatMap((groups) => {
    const [head] = groups;
    if (!head) return [];
    const runs: Uint8Array[] = [];
    for (const { records } of groups) addRun(runs, records);
    return partsOf({ head, runs, bytes: lengthOf(runs) });
  });
}

/** Groups that may stand in one `ScopeLogs`, in the place of the first of them. */
export function groupsByHead(logs: EncodedLogs): EncodedGroup[][] {
  const heads = new Map<string, EncodedGroup[]>();
  for (const group of logs) {
    const key = headKey(group);
    const known = heads.get(key);
    if (known) known.push(group);
    else heads.set(key, [group]);
  }
  return [...heads.values()];
}

/** What lies side by side in memory is one part. */
function addRun(runs: Uint8Array[], records: Uint8Array): void {
  const last = runs.at(-1);
  if (last?.buffer === records.buffer && last.byteOffset + last.length === records.byteOffset)
    runs[runs.length - 1] = new Uint8Array(records.buffer, last.byteOffset, last.length + records.length);
  else runs.push(records);
}

/** How long the parts are together. */
export function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

/** Writes the parts into a buffer that is long enough, and gives what was written. */
export function joinParts<Memory extends ArrayBufferLike>(
  parts: readonly Uint8Array[],
  buffer: Uint8Array<Memory>,
): Uint8Array<Memory> {
  let at = 0;
  for (const part of parts) {
    buffer.set(part, at);
    at += part.length;
  }
  return buffer.subarray(0, at);
}

/** `ResourceLogs { resource = 1; scope_logs = 2 { scope = 1; log_records = 2 …; schema_url = 3 } schema_url = 3 }` */
function partsOf({ head, runs, bytes }: Joined): Uint8Array[] {
  const { resource, resourceSchemaUrl, scope, scopeSchemaUrl } = head;
  const scopeHead = written((writer) => writer.bytes(1, scope));
  const scopeTail = written((writer) => scopeSchemaUrl !== undefined && writer.string(3, scopeSchemaUrl));
  const tail = written((writer) => resourceSchemaUrl !== undefined && writer.string(3, resourceSchemaUrl));
  const scopeBytes = scopeHead.length + bytes + scopeTail.length;
  const ownHead = written((writer) => {
    writer.bytes(1, resource);
    writer.begin(2, scopeBytes);
  });
  const begin = written((writer) => writer.begin(1, ownHead.length + scopeBytes + tail.length));
  const before = joinParts(
    [begin, ownHead, scopeHead],
    new Uint8Array(begin.length + ownHead.length + scopeHead.length),
  );
  const behind = joinParts([scopeTail, tail], new Uint8Array(scopeTail.length + tail.length));
  return behind.length === 0 ? [before, ...runs] : [before, ...runs, behind];
}

function written(write: (writer: ProtobufWriter) => unknown): Uint8Array {
  const writer = new ProtobufWriter(256);
  write(writer);
  return writer.take();
}

/** Texts of heads that were asked for before: resources are few and shared. */
const texts = new WeakMap<Uint8Array, string>();

/** Equal for groups that may stand in one `ScopeLogs`. */
export function headKey({ resource, resourceSchemaUrl = '', scope, scopeSchemaUrl = '' }: EncodedGroup): string {
  return [textOf(resource), resourceSchemaUrl, textOf(scope), scopeSchemaUrl]
    .map((text) => `${text.length}:${text}`)
    .join('');
}

function textOf(bytes: Uint8Array): string {
  const known = texts.get(bytes);
  if (known !== undefined) return known;
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  texts.set(bytes, text);
  return text;
}
