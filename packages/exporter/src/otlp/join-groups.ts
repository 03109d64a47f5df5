import type { EncodedGroup, EncodedLogs } from './encoded-logs.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** Groups with the same resource and scope, in order. */
interface Joined {
  readonly head: EncodedGroup;
  readonly runs: Uint8Array[];
  bytes: number;
}

/**
 * One OTLP request in protobuf out of encoded groups. No record is encoded again: groups of one resource and scope stand together, in the place
 * of the first of them, each resource's records in the order given.
 */
export function joinGroups(logs: EncodedLogs): Uint8Array<ArrayBuffer> {
  const joined = new Map<string, Joined>();
  let bytes = 0;
  for (const group of logs) {
    const key = headKey(group);
    const known = joined.get(key) ?? { head: group, runs: [], bytes: 0 };
    joined.set(key, known);
    known.runs.push(group.records);
    known.bytes += group.records.length;
    bytes += group.records.length;
  }
  const writer = new ProtobufWriter(bytes + joined.size * 1024);
  for (const group of joined.values()) writer.message(1, () => writeResourceLogs(writer, group), group.bytes);
  return writer.take();
}

function writeResourceLogs(writer: ProtobufWriter, { head, runs, bytes }: Joined): void {
  writer.bytes(1, head.resource);
  writer.message(
    2,
    () => {
      writer.bytes(1, head.scope);
      for (const run of runs) writer.raw(run);
      if (head.scopeSchemaUrl !== undefined) writer.string(3, head.scopeSchemaUrl);
    },
    bytes,
  );
  if (head.resourceSchemaUrl !== undefined) writer.string(3, head.resourceSchemaUrl);
}

/** Texts of heads that were asked for before: resources are few and shared. */
const texts = new WeakMap<Uint8Array, string>();

/** Equal for groups that may stand in one `ScopeLogs`. */
function headKey({ resource, resourceSchemaUrl = '', scope, scopeSchemaUrl = '' }: EncodedGroup): string {
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
