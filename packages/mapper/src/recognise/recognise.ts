import type { FormatRule, Product, RecognitionRule } from '@cryptrail/catalogue';
import { readSeverity } from '../map/severity.ts';
import type { RawRecord, Recognition } from '../records.ts';
import { allHold, lookUp } from './conditions.ts';
import type { EventIndex, FoundEvent } from './event-index.ts';

const NOTHING: ReadonlyMap<string, string> = new Map();

/** Says which event a decoded record is. Never fails: a record that the catalogue does not know is a recognition without an event name. */
export function recognise(
  record: RawRecord,
  product: Product,
  format: FormatRule,
  index: EventIndex,
  application: string | undefined,
): Recognition {
  const rule = product.recognition.find(({ conditions }) => allHold(conditions, record));
  const code = rule && readCode(rule, record, format);
  const found =
    format.event === undefined
      ? rule && findEvent(rule, code, record, product, format, index)
      : index.byName(format.event);
  const app = tellApplication(product, record) ?? format.application ?? application;
  return {
    record,
    product,
    format,
    captures: found?.captures ?? NOTHING,
    ...(app === undefined ? {} : { application: app }),
    ...(code === undefined ? {} : { code }),
    ...(found?.event || rule?.stream === undefined ? {} : { stream: rule.stream }),
    ...(found ? { eventName: found.name, ...(found.event ? { event: found.event } : {}) } : {}),
  };
}

function readCode(rule: RecognitionRule, record: RawRecord, format: FormatRule): string | undefined {
  if (rule.codeField === undefined) return undefined;
  const value = record.fields.get(rule.codeField);
  if (!value || !['text', 'string', 'int'].includes(value.kind)) return undefined;
  const code = value.text.trim();
  return code === '' || format.noCode?.includes(code) ? undefined : code;
}

function findEvent(
  rule: RecognitionRule,
  code: string | undefined,
  record: RawRecord,
  product: Product,
  format: FormatRule,
  index: EventIndex,
): { name: string; event?: FoundEvent['event']; captures: ReadonlyMap<string, string> } | undefined {
  if (rule.event !== undefined) return index.byName(rule.event);
  const message = format.message
    ?.map(({ field, in: space }) => lookUp(record, field, space))
    .find((value) => value !== undefined);
  const query = { record, level: readSeverity(record, product, format).word, message: message?.text };
  if (code !== undefined) {
    const known = index.byCode(rule.foldCode ? code.toLowerCase() : code, query);
    if (known) return known;
  } else if (rule.byMessage) {
    const known = index.byMessage(query);
    if (known) return known;
  }
  return otherwise(rule, code, index);
}

function otherwise(rule: RecognitionRule, code: string | undefined, index: EventIndex) {
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

function tellApplication(product: Product, record: RawRecord): string | undefined {
  return Object.entries(product.applications ?? {}).find(
    ([, { conditions }]) => conditions && allHold(conditions, record),
  )?.[0];
}
