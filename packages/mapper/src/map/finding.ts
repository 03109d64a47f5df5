import type { FormatRule, Product } from '@cryptrail/catalogue';
import type { EvidenceFinding } from '../evidence.ts';
import type { LogRecord, RawRecord, Recognition, Resource } from '../records.ts';

/** How a finding would be written if it stood in a log: it never does. */
const INTERNAL: FormatRule = {
  id: 'internal',
  decoder: 'json',
  claims: [],
  time: [],
  severity: 'level',
  message: [{ field: 'message' }],
};
const LEVELS = { informational: 'info', low: 'info', medium: 'warning', high: 'error', critical: 'error' } as const;

/** The finding as a recognised record of the internal product that has its event; undefined when none has. */
export function recogniseFinding(
  { event: name, message, fields }: EvidenceFinding,
  products: readonly Product[],
): Recognition | undefined {
  const product = products.find(({ kind, events }) => kind === 'internal' && events.has(name));
  const event = product?.events.get(name);
  if (!product || !event) return undefined;
  const level = LEVELS[event.priority];
  const record: RawRecord = {
    fields: new Map([
      ...fields,
      ['message', { kind: 'string', text: message }],
      ['level', { kind: 'string', text: level }],
    ]),
    details: new Map(),
    original: message,
    position: { number: 1 },
    issues: [],
  };
  return { record, product, format: INTERNAL, eventName: name, event, captures: new Map() };
}

/** The record of a finding, in the place of the record at which it showed: its time, and the instance that wrote it. */
export function placeFinding(finding: LogRecord, at: LogRecord | undefined): LogRecord {
  const { timeUnixNano, resource }: { timeUnixNano: bigint; resource: Resource } = at ?? finding;
  const { parseStatus: _, ...whole } = finding;
  const attributes = new Map(finding.attributes);
  attributes.delete('cryptrail.parse.status');
  return {
    ...whole,
    attributes,
    issues: [],
    timeUnixNano,
    resource: resource.attributes.size > 0 ? resource : finding.resource,
  };
}
