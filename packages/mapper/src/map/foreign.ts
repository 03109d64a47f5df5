import type { Product } from '@cryptrail/catalogue';
import { GENERAL_REDACTION } from '@cryptrail/catalogue/words';
import type { AttributeValue, Frame, Layout, LogRecord, Resource } from '../records.ts';
import { redactText } from '../redact/text.ts';
import { parseIso } from './iso-time.ts';
import { compileResource, type ResourceStore } from './resource.ts';
import { commonSeverity } from './severity.ts';
import { civilNanos } from './timestamp.ts';

/** What a line without a product of its own still tells. */
export interface ForeignContext {
  readonly timeZone: string;
  readonly original: boolean;
  /** Takes out what the products call secret messages. */
  readonly redactText: (text: string) => string;
  readonly observedTimeUnixNano: bigint;
  readonly extra: Iterable<readonly [string, AttributeValue]>;
}

/** Nothing is known of who wrote a foreign line. */
export const NO_RESOURCE: Resource = { attributes: new Map() };

/** A line that is no record of any known product: kept, its text redacted, time and level from its wrapper or layout. */
export function foreignRecord(frame: Frame, layout: Layout | undefined, context: ForeignContext): LogRecord {
  const status = frame.truncated ? 'truncated' : 'foreign';
  const severity = commonSeverity(layout?.level ?? frame.outer?.level);
  const printed = layout?.time === undefined ? undefined : civilNanos(parseIso(layout.time), context.timeZone);
  const attributes = new Map<string, AttributeValue>([['cryptrail.parse.status', status], ...context.extra]);
  const redacted = (text: string) => redactForeign(text, context.redactText);
  if (layout?.category) attributes.set('cryptrail.logger.name', redacted(layout.category));
  if (layout?.thread) attributes.set('thread.name', redacted(layout.thread));
  // With its wrapper where that names the writer: `pin: 1234` is a secret, whether `pin` is a program or not.
  const text = frame.whole ?? frame.text;
  const body = redacted(text.trimEnd());
  if (context.original && body !== text) {
    const shown = redacted(text);
    attributes.set('log.record.original', shown);
    if (shown !== text) attributes.set('cryptrail.original.redacted', true);
  }
  return {
    timeUnixNano: printed ?? frame.outer?.timeUnixNano ?? 0n,
    observedTimeUnixNano: context.observedTimeUnixNano,
    severityNumber: severity.number,
    ...(severity.text === undefined ? {} : { severityText: redacted(severity.text) }),
    body,
    attributes,
    resource: NO_RESOURCE,
    parseStatus: status,
    issues: frame.truncated ? [{ code: 'line_too_long', message: `the line has ${frame.byteLength} bytes` }] : [],
  };
}

/** A part of a foreign line without what the products call secret messages, and without what is a secret anywhere. */
export function redactForeign(text: string, redactMessages: ForeignContext['redactText']): string {
  return redactText(redactMessages(text), GENERAL_REDACTION);
}

/** A line that was meant to be a record of a product but is broken, or whose text never came (then no product is known): the body names the problem and the size, never the text, because secrets cannot be located in it. */
export function brokenRecord(
  frame: Frame,
  product: Product | undefined,
  problem: string,
  resources: ResourceStore,
  context: ForeignContext,
): LogRecord {
  const status = frame.truncated ? 'truncated' : 'unparsed';
  const severity = commonSeverity(frame.outer?.level);
  const attributes = new Map<string, AttributeValue>([
    ...(product ? ([['cryptrail.product', product.value]] as const) : []),
    ['cryptrail.parse.status', status],
    ...context.extra,
  ]);
  return {
    timeUnixNano: frame.outer?.timeUnixNano ?? 0n,
    observedTimeUnixNano: context.observedTimeUnixNano,
    severityNumber: severity.number,
    ...(severity.text === undefined ? {} : { severityText: severity.text }),
    body: `Unreadable record: ${problem} (${frame.byteLength} bytes)`,
    attributes,
    resource: product ? resources.intern(compileResource(product)(undefined, new Map())) : NO_RESOURCE,
    parseStatus: status,
    ...(product ? { product: product.id } : {}),
    issues: [{ code: frame.withheld ? 'truncated_upstream' : 'malformed_line', message: problem }],
  };
}
