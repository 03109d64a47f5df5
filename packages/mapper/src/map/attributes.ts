import type { FieldRule, FieldSpace, FormatRule, Product } from '@cryptrail/catalogue';
import { allHold, lookUp } from '../recognise/conditions.ts';
import type { FieldValue, Recognition } from '../records.ts';
import { MARKER } from '../redact/marker.ts';
import { isSecretName, redactText } from '../redact/text.ts';
import { type AttributeSink, hideField } from './attribute-sink.ts';
import { convert, type MapContext } from './conversions.ts';
import { addDetail, createDetails } from './details.ts';

/** The field rules of a product, by the place and name they read. */
export interface RuleIndex {
  readonly byField: Readonly<Record<FieldSpace, ReadonlyMap<string, readonly FieldRule[]>>>;
  readonly byId: ReadonlyMap<string, FieldRule>;
  /** Rules that gather a family of fields (`resource0`, `resource1`, …) under a stem. */
  readonly collecting: readonly FieldRule[];
  /** Names whose value is used for time, level, code or body and makes no attribute of its own, by format. Names with a rule of their own are not among them. */
  readonly consumed: ReadonlyMap<FormatRule, ReadonlySet<string>>;
  /** Names of the time fields, by format. */
  readonly times: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Compiles the rules of a product once. */
export function indexRules(product: Product): RuleIndex {
  const byField = { fields: new Map(), details: new Map(), layout: new Map(), message: new Map() } as Record<
    FieldSpace,
    Map<string, FieldRule[]>
  >;
  const byId = new Map<string, FieldRule>();
  for (const rule of product.fields) {
    if (rule.id !== undefined) byId.set(rule.id, rule);
    if (rule.chosen || rule.convert === 'collect') continue;
    const space = byField[rule.in ?? 'fields'];
    for (const field of rule.fields) space.set(field, [...(space.get(field) ?? []), rule]);
  }
  const hasRule = ([space, field]: Place) => byField[space].has(field);
  const consumed = new Map<FormatRule, Set<string>>();
  const times = new Map<string, Set<string>>();
  for (const format of product.formats) {
    const places = consumedBy(product, format).filter((place) => !hasRule(place));
    consumed.set(format, new Set(places.map(placeKey)));
    times.set(format.id, new Set(format.time.map((rule) => placeKey([rule.in ?? 'fields', rule.field]))));
  }
  const collecting = product.fields.filter((rule) => rule.convert === 'collect');
  return { byField, byId, collecting, consumed, times };
}

type Place = readonly [space: FieldSpace, field: string];

function placeKey([space, field]: Place): string {
  return `${space}:${field}`;
}

/** What the format's own locators use up. */
function consumedBy(product: Product, format: Product['formats'][number]): Place[] {
  const severity = product.severities[format.severity];
  const places = [...format.time, ...(severity ? [severity] : []), ...(format.message ?? [])];
  const codes = product.recognition.flatMap(({ codeField }): Place[] => (codeField ? [['fields', codeField]] : []));
  const details: Place[] = format.decoder === 'row' && format.details ? [['fields', format.details.column]] : [];
  return [...places.map(({ field, in: space }): Place => [space ?? 'fields', field]), ...codes, ...details];
}

/**
 * Applies the field rules to every field, layout part and capture of a record; what no rule takes becomes a detail, and so does the text of a
 * time that could not be read.
 */
export function mapFields(
  recognition: Recognition,
  rules: RuleIndex,
  timeIsRead: boolean,
  context: MapContext,
  sink: AttributeSink,
): void {
  const { record, format, captures } = recognition;
  const details = createDetails(recognition.product, context.limits);
  const used = rules.consumed.get(format);
  const unread = timeIsRead ? undefined : rules.times.get(format.id);
  const spaces: [FieldSpace, Iterable<[string, FieldValue]>][] = [
    ['fields', record.fields],
    ['layout', layoutValues(recognition)],
    ['message', captured(captures)],
    ['details', record.details],
  ];
  for (const [space, values] of spaces) {
    for (const [field, value] of values) {
      if (collect(field, value, space, recognition, rules, sink)) continue;
      const taken = applyRules(field, value, space, recognition, rules, context, sink);
      if (space !== 'fields' && space !== 'details') continue;
      const key = placeKey([space, field]);
      if (unread?.has(key) || !(taken || used?.has(key))) addDetail(details, field, value, context, sink);
    }
  }
}

function layoutValues({ record }: Recognition): [string, FieldValue][] {
  return Object.entries(record.layout ?? {}).map(([name, text]) => [name, { kind: 'text', text }]);
}

function captured(captures: ReadonlyMap<string, string>): [string, FieldValue][] {
  return [...captures].map(([name, text]) => [name, { kind: 'text', text }]);
}

/** True when some rule took the value, be it that it stands for "no value". */
function applyRules(
  field: string,
  value: FieldValue,
  space: FieldSpace,
  recognition: Recognition,
  rules: RuleIndex,
  context: MapContext,
  sink: AttributeSink,
): boolean {
  const chosen = space === 'fields' ? meaningOf(field, recognition, rules) : undefined;
  if (chosen === null) return false;
  const candidates = chosen ? [chosen] : (rules.byField[space].get(field) ?? []);
  let taken = false;
  for (const rule of candidates) {
    if (!applies(rule, recognition, chosen !== undefined)) continue;
    if (applyRule(rule, field, value, recognition, context, sink)) taken = true;
  }
  return taken;
}

/** What the event makes of this column: a rule, null for "nothing", undefined for the default. */
function meaningOf(field: string, { event, application }: Recognition, rules: RuleIndex): FieldRule | null | undefined {
  const meanings = event?.meanings;
  if (!meanings || !Object.hasOwn(meanings, field)) return undefined;
  const meaning = meanings[field];
  if (meaning === undefined || meaning === null) return meaning;
  const id = typeof meaning === 'string' ? meaning : application === undefined ? undefined : meaning[application];
  return typeof id === 'string' ? rules.byId.get(id) : id;
}

function applies(rule: FieldRule, { record, application, captures }: Recognition, chosen: boolean): boolean {
  if (!chosen && rule.applications && !rule.applications.includes(application ?? 'unknown')) return false;
  return allHold(rule.conditions, record, captures);
}

function applyRule(
  rule: FieldRule,
  field: string,
  value: FieldValue,
  recognition: Recognition,
  context: MapContext,
  sink: AttributeSink,
): boolean {
  if (value.kind === 'null') return true;
  if (rule.accepts && !rule.accepts.includes(value.kind)) {
    sink.issues.push({ code: 'wrong_type', message: `${rule.fields.join('/')} is of type ${value.kind}` });
    return false;
  }
  if (rule.to === 'consumed') return true;
  const text = value.text.trim();
  if (text === '' || rule.absent?.includes(text)) return true;
  if (rule.sensitivity === 'blob' && !context.blobs) return true;
  if (isSecretHere(rule, recognition)) {
    hideField(field, value, sink);
    if (rule.attribute !== undefined) sink.attributes.set(rule.attribute, MARKER);
    return true;
  }
  if (rule.sensitivity === 'secret') hideField(field, value, sink);
  return convert(rule, value, context, sink);
}

function isSecretHere(rule: FieldRule, { record, product }: Recognition): boolean {
  if (rule.secretWhenNamedBy === undefined) return rule.sensitivity === 'secret' && rule.convert === undefined;
  const name = lookUp(record, rule.secretWhenNamedBy, rule.in);
  const named = name && (name.kind === 'string' || name.kind === 'text') && name.text.trim() !== '';
  return !named || isSecretName(name.text, product.redaction);
}

/** `resource0`, `resource1`, …: gathered into one array, in order of their number. */
function collect(
  field: string,
  value: FieldValue,
  space: FieldSpace,
  recognition: Recognition,
  { collecting }: RuleIndex,
  sink: AttributeSink,
): boolean {
  for (const rule of collecting) {
    if (space !== (rule.in ?? 'fields') || rule.attribute === undefined || !applies(rule, recognition, false)) continue;
    if (!rule.fields.some((stem) => field.startsWith(stem) && /^\d{1,4}$/.test(field.slice(stem.length)))) continue;
    const before = sink.attributes.get(rule.attribute);
    const text = redactText(value.text, recognition.product.redaction);
    sink.attributes.set(rule.attribute, [...(Array.isArray(before) ? before : []), text]);
    return true;
  }
  return false;
}
