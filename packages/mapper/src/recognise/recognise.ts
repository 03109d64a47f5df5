import type { FormatRule, Product, RecognitionRule, Stream } from '@cryptrail/catalogue';
import { compileSeverity, type ReadSeverity } from '../map/severity.ts';
import type { RawRecord, Recognition } from '../records.ts';
import { compileConditions, lookUp, type RecordTest } from './conditions.ts';
import { type EventIndex, type FoundEvent, indexEvents } from './event-index.ts';

const NOTHING: ReadonlyMap<string, string> = new Map();

/** Says which event a decoded record is. Never fails: a record that the catalogue does not know is a recognition without an event name. */
export type Recognise = (record: RawRecord, format: FormatRule, application: string | undefined) => Recognition;

/** How records of a product are recognised. */
export interface Recogniser {
  readonly recognise: Recognise;
  /** Whether another message could make another event of the record, everything else being the same. */
  readonly goesByMessage: (record: RawRecord, format: FormatRule) => boolean;
}

interface CompiledRule {
  readonly rule: RecognitionRule;
  readonly holds: RecordTest;
}

interface Found {
  readonly name: string;
  readonly event?: FoundEvent['event'];
  readonly captures: ReadonlyMap<string, string>;
}

/** Compiles how records of a product are recognised. */
export function compileRecognition(product: Product): Recogniser {
  const index = indexEvents(product);
  const rules = product.recognition.map((rule): CompiledRule => ({ rule, holds: compileConditions(rule.conditions) }));
  const severities = new Map(product.formats.map((format) => [format, compileSeverity(product, format)]));
  const tellApplication = compileApplications(product);
  const goesByMessage: Recogniser['goesByMessage'] = (record, format) => {
    const rule = format.event === undefined ? ruleOf(record, rules) : undefined;
    if (!rule || rule.event !== undefined) return false;
    const code = readCode(rule, record, format);
    if (code === undefined) return rule.byMessage === true;
    return index.goesByMessage(rule.foldCode ? code.toLowerCase() : code);
  };
  const recognise: Recognise = (record, format, given) => {
    const rule = ruleOf(record, rules);
    const code = rule && readCode(rule, record, format);
    const found =
      format.event === undefined
        ? rule && findEvent(rule, code, record, format, index, severities.get(format))
        : index.byName(format.event);
    const application = tellApplication(record) ?? format.application ?? given;
    const recognition: { -readonly [Key in keyof Recognition]: Recognition[Key] } = {
      record,
      product,
      format,
      captures: found?.captures ?? NOTHING,
    };
    if (application !== undefined) recognition.application = application;
    if (code !== undefined) recognition.code = code;
    const stream: Stream | undefined = found?.event ? undefined : rule?.stream;
    if (stream !== undefined) recognition.stream = stream;
    if (found) recognition.eventName = found.name;
    if (found?.event) recognition.event = found.event;
    return recognition;
  };
  return { recognise, goesByMessage };
}

function ruleOf(record: RawRecord, rules: readonly CompiledRule[]): RecognitionRule | undefined {
  return rules.find(({ holds }) => holds(record))?.rule;
}

function readCode(rule: RecognitionRule, record: RawRecord, format: FormatRule): string | undefined {
  if (rule.codeField === undefined) return undefined;
  const value = record.fields.get(rule.codeField);
  if (!value || !(value.kind === 'text' || value.kind === 'string' || value.kind === 'int')) return undefined;
  const code = value.text.trim();
  return code === '' || format.noCode?.includes(code) ? undefined : code;
}

function findEvent(
  rule: RecognitionRule,
  code: string | undefined,
  record: RawRecord,
  format: FormatRule,
  index: EventIndex,
  readSeverity: ReadSeverity | undefined,
): Found | undefined {
  if (rule.event !== undefined) return index.byName(rule.event);
  const query = { record, level: readSeverity?.(record).word, message: messageOf(record, format) };
  if (code !== undefined) {
    const known = index.byCode(rule.foldCode ? code.toLowerCase() : code, query);
    if (known) return known;
  } else if (rule.byMessage) {
    const known = index.byMessage(query);
    if (known) return known;
  }
  return otherwise(rule, code, index);
}

function messageOf(record: RawRecord, format: FormatRule): string | undefined {
  for (const { field, in: space } of format.message ?? []) {
    const value = lookUp(record, field, space);
    if (value !== undefined) return value.text;
  }
  return undefined;
}

function otherwise(rule: RecognitionRule, code: string | undefined, index: EventIndex): Found | undefined {
  const { event, derive } = rule.otherwise ?? {};
  if (event !== undefined) return index.byName(event);
  if (derive !== undefined && code !== undefined && isUpperName(code))
    return { name: derive + code.toLowerCase(), captures: NOTHING };
  return undefined;
}

/** `CERT_REVOKED`: the form of an enum name that may become part of an event name. */
export function isUpperName(text: string): boolean {
  return /^[A-Z][A-Z0-9_]{1,63}$/.test(text);
}

function compileApplications(product: Product): (record: RawRecord) => string | undefined {
  const tests = Object.entries(product.applications ?? {}).flatMap(([application, { conditions }]) =>
    conditions ? [{ application, holds: compileConditions(conditions) }] : [],
  );
  return (record) => tests.find(({ holds }) => holds(record))?.application;
}
