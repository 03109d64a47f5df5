import type { EncodedLogs } from '@cryptrail/exporter';
import type { LogRecord } from '@cryptrail/mapper';
import { isEncoded } from './is-encoded.ts';

/** The nodes that records are of, where their resources tell. */
export function nodesOf(logs: readonly LogRecord[] | EncodedLogs): Set<string> {
  const nodes = new Set<string>();
  if (isEncoded(logs)) return nodes;
  let last: LogRecord['resource'] | undefined;
  for (const { resource } of logs) {
    if (resource === last) continue;
    last = resource;
    const node = resource.attributes.get('service.instance.id') ?? resource.attributes.get('host.name');
    if (typeof node === 'string') nodes.add(node);
  }
  return nodes;
}
