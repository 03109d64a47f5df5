import type { FieldRule, FieldSpace, TimeRule } from '@cryptrail/catalogue';
import { AttributeList } from '../attribute-list.ts';
import { isSame, NO_BYTES } from '../bytes.ts';
import type { Issue } from '../issue.ts';
import { readForwarded } from '../map/address.ts';
import { conversionOf } from '../map/all-conversions.ts';
import { type AttributeSink, createSink, hideValue, resetSink } from '../map/attribute-sink.ts';
import { collects, isSecretHere, rulesFor, wrongType } from '../map/attributes.ts';
import { DETAIL, segmentsOf } from '../map/body.ts';
import type { Convert } from '../map/conversions.ts';
import { freeKey, tooManyDetails } from '../map/details.ts';
import { floorOf } from '../map/floor.ts';
import type { ReadOutcome } from '../map/outcome.ts';
import { addCommon, type Mapping, NO_TIME, parseStatus, reportMissing } from '../map/to-log-record.ts';
import type { FieldValue, Recognition } from '../records.ts';
import { MARKER } from '../redact/marker.ts';
import { redactText } from '../redact/text.ts';
import { attributeBytes, eventNameBytes, keyBytes, severityBytes, written } from './record-buffer.ts';
import {
  type BodyPlan,
  type CommonParts,
  type FilledText,
  fillKnown,
  PARSE_STATUS,
  type RecordPlan,
  type Step,
} from './record-plan.ts';
import { indexOfToken, type Token } from './shape.ts';
import { CONTAINER_NAME } from './wrapped-places.ts';

/** A record of the class that is planned, with a token for each of its values; captured texts are tokens, too. */
export interface Example {
  readonly recognition: Recognition;
  readonly tokens: readonly Token[];
  readonly values: readonly FieldValue[];
}

const UID = 'log.record.uid';

/**
 * Plans how the records of a class are written, from the same tables and by the same rules as `createMapper` makes them one by one. Null when that cannot
 * be said beforehand: where secrets are to be looked for elsewhere, or where it depends on the text which attributes there are.
 */
export function planRecord(example: Example, mapping: Mapping): RecordPlan | null {
  const { recognition } = example;
  const { format, event, application, record } = recognition;
  const { context, options } = mapping;
  const planner = new Planner(example, mapping);
  const outcome = mapping.outcomeOf(recognition);
  if (options.original || !planner.plan(outcome)) return null;
  const times = timesOf(example);
  const severity = mapping.planOf(format).severity(record);
  const floor = options.severity === 'catalogue' ? floorOf(event, outcome.outcome) : 0;
  const shown = severity.text === undefined ? '' : redactText(severity.text, context.product.redaction);
  const number = Math.max(severity.number, floor);
  const issues = [...record.issues, ...(times.length === 0 ? [NO_TIME] : []), ...planner.issues];
  const status = parseStatus(false, issues);
  const common: { -readonly [Part in keyof CommonParts]: CommonParts[Part] } = { severityNumber: number, issues };
  if (severity.text !== undefined) common.severityText = shown;
  if (recognition.eventName !== undefined) common.eventName = recognition.eventName;
  if (status !== undefined) common.parseStatus = status;
  return {
    context,
    format,
    timeZone: options.timeZone,
    times,
    severity: severityBytes(number, shown),
    common,
    body: bodyOf(example, outcome),
    steps: planner.steps,
    status: status === undefined ? NO_BYTES : attributeBytes(PARSE_STATUS, status),
    eventName: eventNameBytes(recognition.eventName),
    resource: mapping.resources.intern(mapping.mergeResource(application, planner.resource)),
    names: undefined,
  };
}

/** Attributes that the wrappers of a line make. */
const OF_WRAPPERS: ReadonlySet<string> = new Set(['log.iostream', CONTAINER_NAME]);

/** Conversions that may make no attribute although they took the value. */
const MAY_MAKE_NONE: ReadonlySet<FieldRule['convert']> = new Set(['dn', 'peer', 'trace_id', 'span_id']);

const NOTHING_TAKEN: ReadonlySet<string> = new Set();
const SINK: AttributeSink = /* @__PURE__ */ createSink();

/** The places of values, in the order in which the ordinary way asks for them. */
const SPACES: readonly FieldSpace[] = ['fields', 'layout', 'message', 'details'];

class Planner {
  readonly steps: Step[] = [];
  readonly #example: Example;
  readonly #mapping: Mapping;
  /** One record is planned at a time. */
  readonly #sink: AttributeSink = resetSink(SINK);
  /** Names of the attributes so far: `true` when they are there for certain. */
  readonly #names = new Map<string, boolean>();
  #details = 0;
  /** An attribute has a name that the place of a record may have, too. */
  #takesPlace = false;

  constructor(example: Example, mapping: Mapping) {
    this.#example = example;
    this.#mapping = mapping;
  }

  get resource(): AttributeSink['resource'] {
    return this.#sink.resource;
  }

  get issues(): readonly Issue[] {
    return this.#sink.issues;
  }

  /** False when the class cannot be planned. */
  plan(outcome: ReadOutcome): boolean {
    const { recognition, tokens } = this.#example;
    const { options, uids } = this.#mapping;
    const common = new AttributeList();
    addCommon(recognition, this.#mapping.planOf(recognition.format), outcome, options, { attributes: common });
    // The ordinary way would cut it.
    if (common.hasLonger(this.#mapping.context.limits.maxValueLength)) return false;
    common.forEach((_, name) => {
      this.#take(name, true);
    });
    this.steps.push(knownStep(common));
    reportMissing(recognition, this.#sink);
    for (let place = 0; place < SPACES.length; place += 1) {
      const space = SPACES[place];
      for (let index = 0; index < tokens.length; index += 1) {
        const token = tokens[index];
        if (token && token.space === space && !this.#token(index, token)) return false;
      }
    }
    return (uids.length === 0 || this.#uid(uids)) && !this.#takesPlace;
  }

  /** The first of the ids for which there are values. */
  #uid(uids: Mapping['uids']): boolean {
    for (const template of uids) {
      const text = fillKnown(template, (name) => this.#filledValue('fields', name));
      if (!text) continue;
      this.steps.push({ kind: 'filled', text, name: UID, key: keyBytes(UID) });
      return this.#claim(UID);
    }
    return true;
  }

  /** Takes a name that nothing has yet; false when something has. */
  #claim(name: string, certain = true): boolean {
    if (this.#names.has(name)) return false;
    this.#take(name, certain);
    return true;
  }

  #take(name: string, certain: boolean): void {
    this.#names.set(name, certain);
    if (name.startsWith('log.file.') || OF_WRAPPERS.has(name)) this.#takesPlace = true;
  }

  #filledValue(space: FieldSpace, name: string): number | undefined {
    const { tokens, values } = this.#example;
    const index = indexOfToken(tokens, space, name);
    const value = values[index];
    return value && value.kind !== 'null' && value.text !== '' ? index : undefined;
  }

  #token(index: number, { space, name }: Token): boolean {
    const { recognition, values } = this.#example;
    const { rules } = this.#mapping;
    const value = values[index];
    if (!value) return false;
    const collecting = rules.collecting[space];
    const family = collecting.length > 0 && collecting.find((one) => collects(one, name, recognition));
    if (family) return this.#collect(index, family.rule.attribute ?? '');
    let taken = false;
    const asked = rulesFor(name, space, recognition, rules);
    for (let at = 0; at < asked.length; at += 1) {
      const rule = asked[at]?.rule;
      const answer = rule && this.#rule(index, rule, value);
      if (answer === 'unknown') return false;
      if (answer === 'taken') taken = true;
    }
    if (space !== 'fields' && space !== 'details') return true;
    return (
      taken || rules.consumed.get(recognition.format)?.[space].has(name) === true || this.#detail(index, name, value)
    );
  }

  #collect(index: number, attribute: string): boolean {
    const key = keyBytes(attribute);
    const at = this.steps.findIndex((step) => step.kind === 'list' && isSame(step.key, key, 0, key.length));
    const before = this.steps[at];
    if (before?.kind === 'list') {
      this.steps[at] = { ...before, values: [...before.values, index] };
      return true;
    }
    this.steps.push({ kind: 'list', values: [index], name: attribute, key });
    return this.#claim(attribute);
  }

  /** The same questions as those of `applyRule`, and in the same order. */
  #rule(index: number, rule: FieldRule, value: FieldValue): 'taken' | 'left' | 'unknown' {
    const { recognition } = this.#example;
    const { context } = this.#mapping;
    if (value.kind === 'null') return 'taken';
    if (rule.accepts && !rule.accepts.includes(value.kind)) {
      this.#sink.issues.push(wrongType(rule, value));
      return 'left';
    }
    if (rule.to === 'consumed') return 'taken';
    const text = value.text.trim();
    if (text === '' || rule.absent?.includes(text)) return 'taken';
    if (rule.sensitivity === 'blob' && !context.blobs) return 'taken';
    if (isSecretHere(rule, recognition))
      return rule.attribute !== undefined && this.#hide(index, rule.attribute) ? 'taken' : 'unknown';
    if (rule.to === 'resource') return conversionOf(rule)(rule, value, context, this.#sink) ? 'taken' : 'left';
    if (rule.convert === 'forwarded' && readForwarded(value.text) === undefined) return this.#noAddress(index, rule);
    return this.#attribute(index, rule) ? 'taken' : 'unknown';
  }

  /** The text stays beside the detail that it becomes. */
  #noAddress(index: number, { rest }: FieldRule): 'left' | 'unknown' {
    if (rest === undefined) return 'left';
    if (this.#names.has(rest)) return 'unknown';
    this.#text(index, rest);
    return 'left';
  }

  /** Plans the text itself as an attribute. */
  #text(value: number, name: string): void {
    this.#take(name, true);
    this.steps.push({ kind: 'text', value, name, key: keyBytes(name) });
  }

  /** Plans the attributes of a rule, on the terms that its conversion can read the value. */
  #attribute(index: number, rule: FieldRule): boolean {
    const { attribute, also, convert, words, type = 'string', port, rest, full } = rule;
    const isText = convert === undefined && !words && type === 'string';
    if (isText && !also && attribute !== undefined && !this.#names.has(attribute)) {
      this.#text(index, attribute);
      return true;
    }
    const own = [...(attribute === undefined ? [] : [attribute]), ...(also ?? [])];
    let taken = NOTHING_TAKEN;
    for (const name of own) {
      const certain = this.#names.get(name);
      if (certain === false) return false;
      if (certain === true) taken = new Set([...taken, name]);
    }
    if (convert === 'forwarded' && taken.size > 0) return this.#override(index, rule, taken);
    if (isText) {
      for (const name of own) if (!taken.has(name)) this.#text(index, name);
      return true;
    }
    const certain = !MAY_MAKE_NONE.has(convert);
    for (const name of own) if (!taken.has(name)) this.#take(name, certain);
    const more = [port, rest, full].filter((name) => name !== undefined);
    if (!more.every((name) => this.#claim(name, false))) return false;
    if (convert === 'stacktrace' && !['exception.type', 'exception.message'].every((name) => this.#claim(name, false)))
      return false;
    const made = rule.sensitivity === 'secret' ? hiding(conversionOf(rule)) : conversionOf(rule);
    this.steps.push({ kind: 'convert', value: index, rule, convert: made, taken });
    return true;
  }

  /** Plans a conversion that overrides what the one right before it made. */
  #override(index: number, rule: FieldRule, taken: ReadonlySet<string>): boolean {
    const first = this.steps.at(-1);
    if (rule.rest !== undefined && !this.#claim(rule.rest, false)) return false;
    if (first?.kind !== 'convert') return this.#overrideEarlier(index, rule, taken);
    const made = [first.rule.attribute, ...(first.rule.also ?? [])];
    if (![...taken].every((name) => made.includes(name) && !first.taken.has(name)))
      return this.#overrideEarlier(index, rule, taken);
    const second = { kind: 'convert', value: index, rule, convert: conversionOf(rule), taken: NOTHING_TAKEN } as const;
    this.steps[this.steps.length - 1] = { kind: 'pair', first, second };
    return true;
  }

  /** Puts the attribute that a conversion makes in the place of one that another step made last. That step stays: whether it can read its value counts. */
  #overrideEarlier(index: number, rule: FieldRule, taken: ReadonlySet<string>): boolean {
    const { attribute, rest } = rule;
    const at = this.steps.findIndex((one) => one.kind === 'convert' && lastOf(one) === attribute);
    const before = this.steps[at];
    if (before?.kind !== 'convert' || attribute === undefined || taken.size > 1) return false;
    const step: Step = { kind: 'convert', value: index, rule, convert: conversionOf(rule), taken };
    const own = { ...step, taken: new Set(rest === undefined ? [] : [rest]) };
    this.steps.splice(at, 1, { ...before, taken: new Set([...before.taken, attribute]) }, own);
    this.steps.push(step);
    return true;
  }

  #detail(index: number, field: string, value: FieldValue): boolean {
    const { context, rules } = this.#mapping;
    if (value.kind === 'null' || value.text === '') return true;
    const { attribute, secret, blob } = rules.details.ruleOf(field);
    if (blob && !context.blobs) return true;
    const { limits } = context;
    this.#details += 1;
    if (this.#details === limits.maxDetails + 1) this.#sink.issues.push(tooManyDetails(limits));
    if (this.#details > limits.maxDetails) return true;
    for (let name = attribute, suffix = 2; this.#names.has(name); name = `${attribute}_${suffix++}`)
      if (this.#names.get(name) === false) return false;
    const key = freeKey(attribute, this.#names);
    if (secret) return this.#hide(index, key);
    this.#text(index, key);
    return true;
  }

  /** Plans the marker in place of a value; the writer looks for the value in the rest of the record. */
  #hide(index: number, attribute: string): boolean {
    const rule: FieldRule = { fields: [], attribute };
    this.steps.push({ kind: 'convert', value: index, rule, convert: convertToMarker, taken: NOTHING_TAKEN });
    return this.#claim(attribute);
  }
}

/** Attributes that are the same for all records of the plan. */
function knownStep(attributes: AttributeList): Step {
  const bytes = written((buffer) =>
    attributes.forEach((value, name) => {
      buffer.attribute(keyBytes(name), value);
    }),
  );
  return { kind: 'known', attributes, bytes };
}

const convertToMarker: Convert = ({ attribute = '' }, value, _context, sink) => {
  hideValue(value, sink);
  sink.attributes.set(attribute, MARKER);
  return true;
};

/** A conversion of a value that may not leave as it is. */
function hiding(convert: Convert): Convert {
  return (rule, value, context, sink) => {
    hideValue(value, sink);
    return convert(rule, value, context, sink);
  };
}

/** The attribute that a conversion makes last, when nothing had it before. */
function lastOf({ rule, taken }: Extract<Step, { kind: 'convert' }>): string | undefined {
  const last = rule.also?.at(-1) ?? rule.attribute;
  return last === undefined || taken.has(last) ? undefined : last;
}

function timesOf({ recognition, tokens, values }: Example): RecordPlan['times'] {
  const times: { rule: TimeRule; value: number }[] = [];
  for (const rule of recognition.format.time) {
    const value =
      rule.form === 'layout'
        ? indexOfToken(tokens, 'layout', 'time')
        : indexOfToken(tokens, rule.in ?? 'fields', rule.field);
    if (value !== -1 && values[value]?.kind !== 'null') times.push({ rule, value });
  }
  return times;
}

function bodyOf({ recognition, tokens, values }: Example, { outcome }: ReadOutcome): BodyPlan {
  const { format, product, eventName, code } = recognition;
  for (const { field, in: space = 'fields' } of format.message ?? []) {
    const index = indexOfToken(tokens, space, field);
    const value = values[index];
    const isText = value?.kind === 'text' || value?.kind === 'string';
    if (isText && (space !== 'details' || value.text !== '')) return { kind: 'message', value: index };
  }
  const find = (name: string): number | string | undefined => {
    if (name === 'title') return (eventName === undefined ? undefined : product.titles.get(eventName)) ?? code;
    if (name === 'code') return code;
    if (name === 'outcome') return outcome;
    const isDetail = name.startsWith(DETAIL);
    const index = isDetail
      ? indexOfToken(tokens, 'details', name.slice(DETAIL.length))
      : indexOfToken(tokens, 'fields', name);
    const value = values[index];
    return value && value.kind !== 'null' && value.text !== '' ? index : undefined;
  };
  const text: FilledText & { texts: string[]; values: number[] } = { texts: [''], values: [] };
  for (const segment of segmentsOf(product)) {
    const part = fillKnown(segment, find);
    if (!part) continue;
    const [first = '', ...more] = part.texts;
    text.texts[text.texts.length - 1] += first;
    text.texts.push(...more);
    text.values.push(...part.values);
  }
  return { kind: 'filled', text };
}
