import { decodeLogsRequest, type EncodedGroup, type EncodedLogs, joinGroups } from '@cryptrail/exporter/otlp';
import type { LogRecord } from '@cryptrail/mapper';
import { isEncoded } from './is-encoded.ts';

/** What tells nodes apart, the better one first. */
const NODE_ATTRIBUTES = ['service.instance.id', 'host.name'];

const NOTHING = new Uint8Array();
/** Encoders give equal resources as the same bytes. */
const encodedNodes = new WeakMap<Uint8Array, { readonly node: string | undefined }>();

/** The nodes that records are of, where their resources tell. */
export function nodesOf(logs: readonly LogRecord[] | EncodedLogs): Set<string> {
  const nodes = new Set<string>();
  const add = (node: unknown) => {
    if (typeof node === 'string' && node !== '') nodes.add(node);
  };
  if (isEncoded(logs)) {
    for (const group of logs) add(encodedNode(group));
    return nodes;
  }
  let last: LogRecord['resource'] | undefined;
  for (const { resource } of logs) {
    if (resource === last) continue;
    last = resource;
    add(NODE_ATTRIBUTES.map((name) => resource.attributes.get(name)).find((value) => value !== undefined));
  }
  return nodes;
}

function encodedNode({ resource, scope }: EncodedGroup): string | undefined {
  const known = encodedNodes.get(resource);
  if (known) return known.node;
  const decoded = decodeLogsRequest(
    joinGroups([{ resource, scope, records: NOTHING, count: 0 }]),
    'application/x-protobuf',
  );
  const attributes = decoded.ok ? (decoded.request.resourceLogs[0]?.resource.attributes ?? []) : [];
  const textOf = (name: string) => attributes.find(({ key }) => key === name)?.value.stringValue;
  const node = NODE_ATTRIBUTES.map(textOf).find((value) => value !== undefined);
  encodedNodes.set(resource, { node });
  return node;
}
