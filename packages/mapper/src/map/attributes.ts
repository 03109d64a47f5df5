import type { FieldRule, FieldSpace, FormatRule, Product } from '@cryptrail/catalogue';
import type { Issue } from '../issue.ts';
import { compileConditions, lookUp, type RecordTest } from '../recognise/conditions.ts';
import type { FieldValue, Recognition } from '../records.ts';
import { MARKER } from '../redact/marker.ts';
import { isSecretName, redactText } from '../redact/text.ts';
import { type AttributeSink, hideField } from './attribute-sink.ts';
import { type Conversions, type Convert, conversionAmong, type MapContext } from './conversions.ts';
import { compileDetails, type Details } from './details.ts';

/** A field rule, ready to be applied. */
export interface CompiledRule {
  readonly rule: FieldRule;
  readonly applies: RecordTest;
  readonly convert: Convert;
}

/** Names of fields by the place where they stand. */
type Names = Readonly<Record<FieldSpace, ReadonlySet<string>>>;

/** The field rules of a product, by the place and name they read. */
export interface RuleIndex {
  readonly byField: Readonly<Record<FieldSpace, ReadonlyMap<string, readonly CompiledRule[]>>>;
  readonly byId: ReadonlyMap<string, CompiledRule>;
  /** Rules that gather a family of fields (`resource0`, `resource1`, …) under a stem. */
  readonly collecting: Readonly<Record<FieldSpace, readonly CompiledRule[]>>;
  /** Names whose value is used for time, level, code or body and makes no attribute of its own, by format. Names with a rule of their own are not among them. */
  readonly consumed: ReadonlyMap<FormatRule, Names>;
  /** Names of the time fields, by format. */
  readonly times: ReadonlyMap<string, Names>;
  readonly details: Details;
}

/** Compiles the rules of a product once. */
export function indexRules(product: Product, conversions: Conversions): RuleIndex {
  const byField = bySpace(() => new Map<string, CompiledRule[]>());
  const collecting = bySpace((): CompiledRule[] => []);
  const byId = new Map<string, CompiledRule>();
  for (const rule of product.fields) {
    const compiled = { rule, applies: compileConditions(rule.conditions), convert: conversionAmong(rule, conversions) };
    if (rule.id !== undefined) byId.set(rule.id, compiled);
    if (rule.convert === 'collect') collecting[rule.in ?? 'fields'].push(compiled);
    if (rule.chosen || rule.convert === 'collect') continue;
    const space = byField[rule.in ?? 'fields'];
    for (const field of rule.fields) space.set(field, [...(space.get(field) ?? []), compiled]);
  }
  const hasRule = ([space, field]: Place) => byField[space].has(field);
  const consumed = new Map<FormatRule, Names>();
  const times = new Map<string, Names>();
  for (const format of product.formats) {
    consumed.set(format, namesOf(consumedBy(product, format).filter((place) => !hasRule(place))));
    times.set(format.id, namesOf(format.time.map((rule) => [rule.in ?? 'fields', rule.field])));
  }
  return { byField, byId, collecting, consumed, times, details: compileDetails(product) };
}

type Place = readonly [space: FieldSpace, field: string];

function bySpace<Value>(make: () => Value): Record<FieldSpace, Value> {
  return { fields: make(), details: make(), layout: make(), message: make() };
}

function namesOf(places: readonly Place[]): Names {
  const names = bySpace(() => new Set<string>());
  for (const [space, field] of places) names[space].add(field);
  return names;
}

/** What the format's own locators use up. */
function consumedBy(product: Product, format: Product['formats'][number]): Place[] {
  const severity = product.severities[format.severity];
  const places = [...format.time, ...(severity ? [severity] : []), ...(format.message ?? [])];
  const codes = product.recognition.flatMap(({ codeField }): Place[] => (codeField ? [['fields', codeField]] : []));
  const details: Place[] = format.decoder === 'row' && format.details ? [['fields', format.details.column]] : [];
  return [...places.map(({ field, in: space }): Place => [space ?? 'fields', field]), ...codes, ...details];
}

/** What is the same for all values of one record. */
interface Task {
  readonly recognition: Recognition;
  readonly rules: RuleIndex;
  readonly context: MapContext;
  readonly sink: AttributeSink;
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
  const task: Task = { recognition, rules, context, sink };
  const used = rules.consumed.get(format);
  const unread = timeIsRead ? undefined : rules.times.get(format.id);
  let details = 0;
  const map = (field: string, value: FieldValue, space: 'fields' | 'details') => {
    const taken = mapField(field, value, space, task);
    if (taken === COLLECTED || (!unread?.[space].has(field) && (taken || used?.[space].has(field)))) return;
    details = rules.details.add(details, field, value, context, sink);
  };
  record.fields.forEach((value, field) => {
    map(field, value, 'fields');
  });
  const { layout } = record;
  if (layout && rules.byField.layout.size > 0) {
    for (const [name, text] of Object.entries(layout)) mapField(name, { kind: 'text', text }, 'layout', task);
  }
  captures.forEach((text, name) => {
    mapField(name, { kind: 'text', text }, 'message', task);
  });
  record.details.forEach((value, field) => {
    map(field, value, 'details');
  });
}

/** A value that became part of a list. */
const COLLECTED = 'collected';

/** True when some rule took the value, be it that it stands for "no value". */
function mapField(field: string, value: FieldValue, space: FieldSpace, task: Task): boolean | typeof COLLECTED {
  const { recognition, rules } = task;
  if (rules.collecting[space].length > 0 && collect(field, value, space, task)) return COLLECTED;
  const chosen = space === 'fields' ? meaningOf(field, recognition, rules) : undefined;
  if (chosen === null) return false;
  if (chosen) return chosen.applies(recognition.record, recognition.captures) && applyRule(chosen, field, value, task);
  const candidates = rules.byField[space].get(field);
  if (!candidates) return false;
  let taken = false;
  for (let at = 0; at < candidates.length; at += 1) {
    const one = candidates[at];
    if (one && applies(one, recognition) && applyRule(one, field, value, task)) taken = true;
  }
  return taken;
}

const NO_RULES: readonly CompiledRule[] = [];

/** The rules that {@link mapFields} asks for a value, in their order. */
export function rulesFor(
  field: string,
  space: FieldSpace,
  recognition: Recognition,
  rules: RuleIndex,
): readonly CompiledRule[] {
  const chosen = space === 'fields' ? meaningOf(field, recognition, rules) : undefined;
  if (chosen === null) return NO_RULES;
  if (chosen) return chosen.applies(recognition.record, recognition.captures) ? [chosen] : NO_RULES;
  const candidates = rules.byField[space].get(field) ?? NO_RULES;
  const only = candidates[0];
  if (only === undefined || candidates.length > 1) return candidates.filter((one) => applies(one, recognition));
  return applies(only, recognition) ? candidates : NO_RULES;
}

/** What the event makes of this column: a rule, null for "nothing", undefined for the default. */
function meaningOf(
  field: string,
  { event, application }: Recognition,
  rules: RuleIndex,
): CompiledRule | null | undefined {
  const meanings = event?.meanings;
  if (!meanings || !Object.hasOwn(meanings, field)) return undefined;
  const meaning = meanings[field];
  if (meaning === undefined || meaning === null) return meaning;
  const id = typeof meaning === 'string' ? meaning : application === undefined ? undefined : meaning[application];
  return typeof id === 'string' ? rules.byId.get(id) : id;
}

function applies({ rule: { applications }, applies: holds }: CompiledRule, recognition: Recognition): boolean {
  if (applications && !applications.includes(recognition.application ?? 'unknown')) return false;
  return holds(recognition.record, recognition.captures);
}

function applyRule({ rule, convert }: CompiledRule, field: string, value: FieldValue, task: Task): boolean {
  const { context, sink, recognition } = task;
  if (value.kind === 'null') return true;
  if (rule.accepts && !rule.accepts.includes(value.kind)) {
    sink.issues.push(wrongType(rule, value));
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

/** Said of a value of a kind that its rule does not accept. */
export function wrongType({ fields }: FieldRule, { kind }: FieldValue): Issue {
  return { code: 'wrong_type', message: `${fields.join('/')} is of type ${kind}` };
}

/** Whether a value may not leave. */
export function isSecretHere(rule: FieldRule, { record, product }: Recognition): boolean {
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
  { recognition, rules: { collecting }, sink }: Task,
): boolean {
  for (const { rule } of collecting[space].filter((one) => collects(one, field, recognition))) {
    const { attribute = '' } = rule;
    const before = sink.attributes.get(attribute);
    const text = redactText(value.text, recognition.product.redaction);
    sink.attributes.set(attribute, [...(Array.isArray(before) ? before : []), text]);
    return true;
  }
  return false;
}

/** Whether a rule gathers the value of this field. */
export function collects(one: CompiledRule, field: string, recognition: Recognition): boolean {
  const { attribute, fields } = one.rule;
  if (attribute === undefined || !fields.some((stem) => isOfFamily(field, stem))) return false;
  return applies(one, recognition);
}

function isOfFamily(field: string, stem: string): boolean {
  return field.startsWith(stem) && /^\d{1,4}$/.test(field.slice(stem.length));
}
