import type { Issue } from '../issue.ts';
import { lookUp } from '../recognise/conditions.ts';
import type { AttributeValue, LogRecord, ParseStatus, Recognition } from '../records.ts';
import { redactOriginal, removeSecrets } from '../redact/original.ts';
import { redactText } from '../redact/text.ts';
import { type AttributeSink, createSink } from './attribute-sink.ts';
import { mapFields, type RuleIndex } from './attributes.ts';
import { fill, readBody } from './body.ts';
import { type MapContext, wholeNumber } from './conversions.ts';
import { floorOf } from './floor.ts';
import { originalText } from './original-text.ts';
import { type ReadOutcome, readOutcome } from './outcome.ts';
import { type ResourceStore, resourceAttributes } from './resource.ts';
import { readSeverity } from './severity.ts';
import { readTime } from './timestamp.ts';

/** Options of the mapping step. */
export interface MapOptions {
  readonly timeZone: string;
  readonly severity: 'source' | 'catalogue';
  readonly original: boolean;
  /** Adds the opt-in attribute with ATT&CK technique ids. */
  readonly attack: boolean;
}

/** Recognition → LogRecord. `extra`: position and transport attributes of the input. */
export function toLogRecord(
  recognition: Recognition,
  rules: RuleIndex,
  resources: ResourceStore,
  context: MapContext,
  options: MapOptions,
  observedTimeUnixNano: bigint,
  extra: Iterable<readonly [string, AttributeValue]>,
): LogRecord {
  const { record, product, format, eventName, event, application } = recognition;
  const sink = createSink();
  const outcome = readOutcome(recognition);
  addCommon(recognition, outcome, options, sink);
  const time = readTime(record, format, options.timeZone);
  if (time.nanos === undefined) sink.issues.push(time.found ? UNREADABLE_TIME : NO_TIME);
  reportMissing(recognition, sink);
  mapFields(recognition, rules, time.nanos !== undefined, context, sink);
  addUid(recognition, sink);
  for (const [name, value] of extra) sink.attributes.set(name, value);

  const message = readBody(recognition, outcome, context.redactMessage, sink.secrets);
  const body = removeSecrets(message, sink.secrets);
  scrub(sink);
  if (options.original) addOriginal(originalText(recognition), recognition, body, sink);
  const cut = cutLongValues(sink, context.limits.maxValueLength);
  const issues = [...record.issues, ...sink.issues];
  const status = parseStatus(cut || record.truncated === true, issues);
  if (status !== undefined) sink.attributes.set('cryptrail.parse.status', status);
  const severity = readSeverity(record, product, format);
  const floor = options.severity === 'catalogue' ? floorOf(event, outcome.outcome) : 0;
  return {
    timeUnixNano: time.nanos ?? record.outer?.timeUnixNano ?? 0n,
    observedTimeUnixNano,
    severityNumber: Math.max(severity.number, floor),
    ...(severity.text === undefined ? {} : { severityText: redactText(severity.text, product.redaction) }),
    ...(eventName === undefined ? {} : { eventName }),
    body,
    ...(sink.traceId === undefined ? {} : { traceId: sink.traceId }),
    ...(sink.spanId === undefined ? {} : { spanId: sink.spanId }),
    attributes: sink.attributes,
    resource: resources.intern(resourceAttributes(product, application, sink.resource)),
    ...(status === undefined ? {} : { parseStatus: status }),
    product: product.id,
    issues,
  };
}

/** The source's own text when the body is another, and whether redaction changed it: then what was signed cannot be checked any more. */
function addOriginal(text: string, { product, format }: Recognition, body: string, sink: AttributeSink): void {
  if (text === body) return;
  const isJson = format.decoder === 'json' || format.decoder === 'row';
  const shown = redactText(redactOriginal(text, sink, isJson), product.redaction);
  sink.attributes.set('log.record.original', shown);
  if (shown !== text) sink.attributes.set('cryptrail.original.redacted', true);
}

/** The attributes that mean the same for every product come first: an SDK that limits the count drops from the end. */
function addCommon(
  { product, format, application, code: printed, event, stream }: Recognition,
  { outcome, errorType }: ReadOutcome,
  options: MapOptions,
  { attributes }: AttributeSink,
): void {
  const code = printed === undefined ? undefined : redactText(printed, product.redaction);
  const known = application === undefined ? undefined : product.applications?.[application];
  attributes.set('cryptrail.product', known?.value ?? product.value);
  if (code !== undefined) attributes.set('cryptrail.code', code);
  if (event) {
    attributes.set('cryptrail.category', event.category);
    attributes.set('cryptrail.priority', event.priority);
    if (product.groupAttribute !== undefined) attributes.set(product.groupAttribute, event.group);
  }
  const watched = event?.stream ?? stream;
  if (watched) attributes.set('cryptrail.stream', watched);
  if (outcome !== undefined) attributes.set('cryptrail.outcome', outcome);
  if (errorType !== undefined) attributes.set('error.type', errorType);
  attributes.set('cryptrail.source.format', format.id);
  if (options.attack && event?.attack) attributes.set('cryptrail.attack.technique_ids', event.attack);
  const typed = code !== undefined && product.codeAttribute?.type === 'int' ? wholeNumber(code) : code;
  if (product.codeAttribute && typed !== undefined) attributes.set(product.codeAttribute.name, typed);
  for (const [name, value] of Object.entries({ ...format.fixed, ...event?.fixed })) attributes.set(name, value);
}

/** Names what the format promises and the record lacks. */
function reportMissing({ record, format }: Recognition, { issues }: AttributeSink): void {
  for (const field of format.required ?? []) {
    const value = record.fields.get(field);
    if (value === undefined || value.kind === 'null') issues.push({ code: 'missing_field', message: `no ${field}` });
  }
}

function addUid({ record, product }: Recognition, { attributes }: AttributeSink): void {
  for (const template of product.uid ?? []) {
    const uid = fill(template, (name) => {
      const value = lookUp(record, name);
      return value && value.kind !== 'null' && value.text !== '' ? value.text : undefined;
    });
    if (uid === undefined) continue;
    attributes.set('log.record.uid', uid);
    return;
  }
}

/** Takes secrets out of every text attribute; they may have been quoted in a message or path. */
function scrub({ attributes, secrets }: AttributeSink): void {
  if (secrets.size === 0) return;
  for (const [name, value] of attributes) {
    if (typeof value === 'string') attributes.set(name, removeSecrets(value, secrets));
    else if (Array.isArray(value))
      attributes.set(
        name,
        value.map((text: string) => removeSecrets(text, secrets)),
      );
  }
}

function cutLongValues({ attributes, issues }: AttributeSink, limit: number): boolean {
  let cut = false;
  for (const [name, value] of attributes) {
    if (typeof value !== 'string' || value.length <= limit || name === 'log.record.original') continue;
    attributes.set(name, cutText(value, limit));
    issues.push({ code: 'value_cut', message: `${name} is cut at ${limit} characters` });
    cut = true;
  }
  return cut;
}

/** Never between the halves of a surrogate pair. */
function cutText(text: string, limit: number): string {
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

function parseStatus(cut: boolean, issues: readonly { code: string }[]): ParseStatus | undefined {
  if (cut || issues.some(({ code }) => CUT.has(code))) return 'truncated';
  return issues.some(({ code }) => PARTIAL.has(code)) ? 'partial' : undefined;
}

const UNREADABLE_TIME: Issue = { code: 'unreadable_time', message: 'no time field could be read' };
/** Not a fault of the record: some files of a product print no time. */
const NO_TIME: Issue = { code: 'missing_field', message: 'no time' };

const PARTIAL: ReadonlySet<string> = new Set([
  'malformed_line',
  'unreadable_time',
  'unreadable_details',
  'unknown_field_order',
]);

const CUT: ReadonlySet<string> = new Set(['truncated_upstream', 'too_many_details']);
