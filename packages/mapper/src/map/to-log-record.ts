import type { FormatRule, Product } from '@cryptrail/catalogue';
import type { LocateMembers } from '../decode/json.ts';
import type { Issue } from '../issue.ts';
import { lookUp } from '../recognise/conditions.ts';
import type { AttributeValue, LogRecord, ParseStatus, Recognition, Resource } from '../records.ts';
import { removeSecrets, secretRemover } from '../redact/original.ts';
import { redactText } from '../redact/text.ts';
import { type AttributeSink, createSink, resetSink } from './attribute-sink.ts';
import { indexRules, mapFields, type RuleIndex } from './attributes.ts';
import { compileSegment, fillSegment, readBody, type Segment } from './body.ts';
import { type MapContext, wholeNumber } from './conversions.ts';
import { floorOf } from './floor.ts';
import { originalText, redactedOriginal } from './original-text.ts';
import { compileOutcome, type ReadOutcome, type ReadOutcomeOf } from './outcome.ts';
import { compileResource, type MergeResource, type ResourceStore } from './resource.ts';
import { compileSeverity, type ReadSeverity } from './severity.ts';
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
export type ToLogRecord = (
  recognition: Recognition,
  observedTimeUnixNano: bigint,
  extra: readonly (readonly [string, AttributeValue])[],
) => LogRecord;

/** What a format says of its records, ready to be used. */
export interface FormatPlan {
  readonly severity: ReadSeverity;
  readonly fixed: readonly [string, string][];
}

const NO_ISSUES: readonly Issue[] = [];

/** What the tables of a product say of its records, compiled. */
export interface Mapping {
  readonly context: MapContext;
  readonly options: MapOptions;
  readonly resources: ResourceStore;
  readonly rules: RuleIndex;
  readonly outcomeOf: ReadOutcomeOf;
  readonly mergeResource: MergeResource;
  readonly uids: readonly Segment[];
  planOf(format: FormatRule): FormatPlan;
}

/** Compiles the mapping of a product's records. */
export function compileMapping(context: MapContext, options: MapOptions, resources: ResourceStore): Mapping {
  const { product } = context;
  const plans = new Map<FormatRule, FormatPlan>();

  function planOf(format: FormatRule): FormatPlan {
    const known = plans.get(format);
    if (known) return known;
    const made = { severity: compileSeverity(product, format), fixed: Object.entries(format.fixed ?? {}) };
    plans.set(format, made);
    return made;
  }

  return {
    context,
    options,
    resources,
    rules: indexRules(product, context.conversions),
    outcomeOf: compileOutcome(product),
    mergeResource: compileResource(product),
    uids: (product.uid ?? []).map(compileSegment),
    planOf,
  };
}

/** Makes records by a mapping. */
export function createMapper(mapping: Mapping): ToLogRecord {
  const { context, options, resources, rules, outcomeOf, mergeResource, uids, planOf } = mapping;
  const { product } = context;
  // Only one record is mapped at a time, so what holds nothing of it at the end serves the next one, too.
  const sink = createSink();

  return (recognition, observedTimeUnixNano, extra) => {
    const { record, format, eventName, event, application } = recognition;
    const plan = planOf(format);
    resetSink(sink);
    const outcome = outcomeOf(recognition);
    addCommon(recognition, plan, outcome, options, sink);
    const time = readTime(record, format, options.timeZone);
    if (time.nanos === undefined) sink.issues.push(time.found ? UNREADABLE_TIME : NO_TIME);
    reportMissing(recognition, sink);
    mapFields(recognition, rules, time.nanos !== undefined, context, sink);
    if (uids.length > 0) addUid(recognition, uids, sink);
    for (const [name, value] of extra) sink.attributes.set(name, value);

    const message = readBody(recognition, outcome, context.redactMessage, sink.secrets);
    const body = removeSecrets(message, sink.secrets);
    scrub(sink);
    if (options.original) addOriginal(recognition, body, sink, context.locateMembers);
    const cut = cutLongValues(sink, context.limits.maxValueLength);
    const issues = joinIssues(record.issues, sink.issues);
    const status = parseStatus(cut || record.truncated === true, issues);
    if (status !== undefined) sink.attributes.set('cryptrail.parse.status', status);
    const severity = plan.severity(record);
    const floor = options.severity === 'catalogue' ? floorOf(event, outcome.outcome) : 0;
    const resource: Resource = resources.intern(mergeResource(application, sink.resource));
    const made: { -readonly [Key in keyof LogRecord]: LogRecord[Key] } = {
      timeUnixNano: time.nanos ?? record.outer?.timeUnixNano ?? 0n,
      observedTimeUnixNano,
      severityNumber: Math.max(severity.number, floor),
      body,
      attributes: sink.attributes.snapshot(),
      resource,
      product: product.id,
      issues,
    };
    if (severity.text !== undefined) made.severityText = redactText(severity.text, product.redaction);
    if (eventName !== undefined) made.eventName = eventName;
    if (sink.traceId !== undefined) made.traceId = sink.traceId;
    if (sink.spanId !== undefined) made.spanId = sink.spanId;
    if (status !== undefined) made.parseStatus = status;
    return made;
  };
}

function joinIssues(read: readonly Issue[], mapped: readonly Issue[]): readonly Issue[] {
  if (mapped.length === 0) return read.length === 0 ? NO_ISSUES : read;
  return read.length === 0 ? mapped : [...read, ...mapped];
}

/** The source's own text when the body is another, and whether redaction changed it: then what was signed cannot be checked any more. */
function addOriginal(
  recognition: Recognition,
  body: string,
  sink: AttributeSink,
  locateMembers: LocateMembers | undefined,
): void {
  const text = originalText(recognition);
  if (text === body) return;
  const shown = redactedOriginal(recognition, sink, locateMembers);
  sink.attributes.set('log.record.original', shown);
  if (shown !== text) sink.attributes.set('cryptrail.original.redacted', true);
}

/** The attributes that mean the same for every product come first: an SDK that limits the count drops from the end. */
/** What is common to the records of all products. */
export function addCommon(
  { product, format, application, code: printed, event, stream }: Recognition,
  { fixed }: FormatPlan,
  { outcome, errorType }: ReadOutcome,
  options: MapOptions,
  { attributes }: Pick<AttributeSink, 'attributes'>,
): void {
  const code = printed === undefined ? undefined : redactText(printed, product.redaction);
  attributes.set('cryptrail.product', productValue(product, application));
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
  if (product.codeAttribute && code !== undefined) {
    const typed = product.codeAttribute.type === 'int' ? wholeNumber(code) : code;
    if (typed !== undefined) attributes.set(product.codeAttribute.name, typed);
  }
  for (const [name, value] of fixed) attributes.set(name, value);
  if (event?.fixed) for (const [name, value] of Object.entries(event.fixed)) attributes.set(name, value);
}

function productValue({ value, applications }: Product, application: string | undefined): string {
  if (application === undefined || !applications) return value;
  return applications[application]?.value ?? value;
}

/** Names what the format promises and the record lacks. */
export function reportMissing({ record, format }: Recognition, { issues }: AttributeSink): void {
  for (const field of format.required ?? []) {
    const value = record.fields.get(field);
    if (value === undefined || value.kind === 'null') issues.push({ code: 'missing_field', message: `no ${field}` });
  }
}

function addUid({ record, product }: Recognition, templates: readonly Segment[], { attributes }: AttributeSink): void {
  for (const template of templates) {
    const uid = fillSegment(template, (name) => {
      const value = lookUp(record, name);
      return value && value.kind !== 'null' && value.text !== '' ? value.text : undefined;
    });
    if (uid === undefined) continue;
    attributes.set('log.record.uid', redactText(uid, product.redaction));
    return;
  }
}

/** Takes secrets out of every text attribute; they may have been quoted in a message or path. */
export function scrub({ attributes, secrets }: AttributeSink): void {
  if (secrets.size === 0) return;
  const remove = secretRemover(secrets);
  attributes.forEach((value, name) => {
    if (typeof value === 'string') {
      const clean = remove(value);
      if (clean !== value) attributes.set(name, clean);
    } else if (Array.isArray(value)) attributes.set(name, value.map(remove));
  });
}

function cutLongValues({ attributes, issues }: AttributeSink, limit: number): boolean {
  if (!attributes.hasLonger(limit)) return false;
  let cut = false;
  for (const [name, value] of attributes) {
    if (typeof value !== 'string' || value.length <= limit || name === 'log.record.original') continue;
    attributes.set(name, cutText(value, limit));
    issues.push({ code: 'value_cut', message: `${name} is cut at ${limit} characters` });
    cut = true;
  }
  return cut;
}

/** The beginning of a text that is too long; it never ends between the halves of a surrogate pair. */
export function cutText(text: string, limit: number): string {
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

/** How well a record was read, as far as it was not read in full. */
export function parseStatus(cut: boolean, issues: readonly { code: string }[]): ParseStatus | undefined {
  if (issues.length === 0) return cut ? 'truncated' : undefined;
  if (cut || issues.some(({ code }) => CUT.has(code))) return 'truncated';
  return issues.some(({ code }) => PARTIAL.has(code)) ? 'partial' : undefined;
}

const UNREADABLE_TIME: Issue = { code: 'unreadable_time', message: 'no time field could be read' };
/** Not a fault of the record: some files of a product print no time. */
export const NO_TIME: Issue = { code: 'missing_field', message: 'no time' };

const PARTIAL: ReadonlySet<string> = new Set([
  'malformed_line',
  'unreadable_time',
  'unreadable_details',
  'unknown_field_order',
]);

const CUT: ReadonlySet<string> = new Set(['truncated_upstream', 'too_many_details']);
