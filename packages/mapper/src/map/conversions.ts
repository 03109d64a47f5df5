import type { Conversion, FieldRule, Product } from '@cryptrail/catalogue';
import type { LocateMembers } from '../decode/json.ts';
import { sha256Hex } from '../hash.ts';
import type { Limits } from '../limits.ts';
import { isDigits, wholeText } from '../recognise/conditions.ts';
import { type AttributeValue, Double, type FieldValue } from '../records.ts';
import type { MessageRedactor } from '../redact/message.ts';
import { secretNames } from '../redact/secret-names.ts';
import { maskSql } from '../redact/sql.ts';
import { redactText } from '../redact/text.ts';
import { redactUrl } from '../redact/url.ts';
import { readAddress, readForwarded, readHostPort } from './address.ts';
import type { AttributeSink } from './attribute-sink.ts';
import { isDistinguishedName } from './dn.ts';
import { readHttpMethod } from './http-method.ts';
import { splitPathQuery } from './path-query.ts';
import { readStacktrace } from './stacktrace.ts';
import { readTraceId } from './trace-id.ts';
import { uuid5 } from './uuid5.ts';

/** What a conversion may know beside the value. */
export interface MapContext {
  readonly product: Product;
  readonly limits: Limits;
  /** Keep large certificates and other blobs. */
  readonly blobs: boolean;
  /** What converts the values that rules have a conversion for. */
  readonly conversions: Conversions;
  /** Finds members in lines of JSON; absent where no format is JSON. */
  readonly locateMembers?: LocateMembers | undefined;
  /** Takes secrets and SQL literals out of the messages that the product says hold them. */
  readonly redactMessage: MessageRedactor;
}

/** Puts a value where its rule says. False: the value could not be read in the wanted form, so it stays with the details. */
export type Convert = (rule: FieldRule, value: FieldValue, context: MapContext, sink: AttributeSink) => boolean;

/** Conversions by the names that rules have for them. */
export type Conversions = Readonly<Partial<Record<Conversion, Convert>>>;

/** The conversion that a rule asks for. Throws when it is not among the given ones. */
export function conversionAmong({ convert, words, type = 'string' }: FieldRule, conversions: Conversions): Convert {
  if (convert !== undefined) {
    const known = conversions[convert];
    if (!known) throw new TypeError(`The conversion ${convert} is not at hand.`);
    return known;
  }
  if (words) return worded;
  return type === 'string' ? text : typed;
}

function put(rule: FieldRule, value: AttributeValue, sink: AttributeSink): boolean {
  const { attribute, also } = rule;
  const target = rule.to === 'resource' ? sink.resource : sink.attributes;
  if (attribute !== undefined && !target.has(attribute)) target.set(attribute, value);
  if (also) for (const name of also) if (!target.has(name)) target.set(name, value);
  return true;
}

const text: Convert = (rule, value, { product }, sink) => put(rule, redactText(value.text, product.redaction), sink);

const worded: Convert = (rule, value, _context, sink) => {
  const word = wordFor(rule, value);
  return word !== undefined && put(rule, word, sink);
};

const typed: Convert = (rule, value, _context, sink) => {
  const converted = asType(rule.type, value);
  return converted !== undefined && put(rule, converted, sink);
};

/** The rule's own word for the text, else its word for all others. */
function wordFor({ words = {}, otherwise }: FieldRule, { text }: FieldValue): string | undefined {
  const word = text.trim();
  return Object.hasOwn(words, word) ? words[word] : (otherwise ?? word);
}

/** The value as the rule's type, exact; undefined when it is not one. */
function asType(type: FieldRule['type'], value: FieldValue): AttributeValue | undefined {
  if (type === 'int') return value.kind === 'boolean' ? undefined : wholeNumber(wholeText(value));
  if (type === 'double') return number(value.text);
  return value.text === 'true' ? true : value.text === 'false' ? false : undefined;
}

const INT64_MAX = 9_223_372_036_854_775_807n;

/** A whole number within 64 bit: a plain number where that is exact, else a bigint. */
export function wholeNumber(text: string): number | bigint | undefined {
  const digits = text.trim();
  if (!isDigits(digits) || digits.length > 20) return undefined;
  const small = Number(digits);
  if (Number.isSafeInteger(small)) return small;
  const big = BigInt(digits);
  return big > INT64_MAX || big < -INT64_MAX - 1n ? undefined : big;
}

function number(text: string): Double | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? new Double(value) : undefined;
}

function setOther(name: string | undefined, value: AttributeValue | undefined, sink: AttributeSink): void {
  if (name !== undefined && value !== undefined && value !== '') sink.attributes.set(name, value);
}

/** An IP address. */
export const convertAddress: Convert = (rule, value, _context, sink) => {
  const address = readAddress(value.text);
  return address !== undefined && put(rule, address, sink);
};

/** The client of a forwarded list. */
export const convertForwarded: Convert = (rule, value, context, sink) => {
  const address = readForwarded(value.text);
  if (address !== value.text.trim()) setOther(rule.rest, redactText(value.text, context.product.redaction), sink);
  if (address !== undefined && rule.attribute !== undefined) sink.attributes.set(rule.attribute, address);
  return address !== undefined;
};

/** Host and port, or no attribute. */
export const convertHostPort: Convert = (rule, value, _context, sink) => {
  const read = readHostPort(value.text);
  if (!read) return false;
  setOther(rule.port, read.port, sink);
  return put(rule, read.host, sink);
};

/** As `host_port`, of a text that may name no host. */
export const convertPeer: Convert = (rule, value, _context, sink) => {
  const read = readHostPort(value.text);
  if (!read) return true;
  setOther(rule.port, read.port, sink);
  return put(rule, read.host, sink);
};

/** Path and query of a URL. */
export const convertPathQuery: Convert = (rule, value, context, sink) => {
  const { path, query, full } = splitPathQuery(value.text, secretNames(context.product.redaction).isSecretParameter);
  const clean = (text: string | undefined) => text && redactText(text, context.product.redaction);
  setOther(rule.rest, clean(query), sink);
  setOther(rule.full, clean(full), sink);
  return put(rule, clean(path) ?? '', sink);
};

/** A URL without its secrets. */
export const convertUrl: Convert = (rule, value, context, sink) =>
  put(
    rule,
    redactText(
      redactUrl(value.text, secretNames(context.product.redaction).isSecretParameter),
      context.product.redaction,
    ),
    sink,
  );

/** An HTTP method. */
export const convertHttpMethod: Convert = (rule, value, context, sink) => {
  const { method, original } = readHttpMethod(value.text);
  setOther(rule.rest, original && redactText(original, context.product.redaction), sink);
  return put(rule, method, sink);
};

/** A short digest. */
export const convertHash: Convert = (rule, value, _context, sink) =>
  put(rule, sha256Hex(value.text).slice(0, 32), sink);

/** A name-based UUID. */
export const convertUuid5: Convert = (rule, value, _context, sink) => put(rule, uuid5(value.text), sink);

/** A stack trace, and the exception at its head. */
export const convertStacktrace: Convert = (rule, value, context, sink) => {
  const text = redactText(value.text, context.product.redaction);
  const { type, message } = readStacktrace(text);
  setOther('exception.type', type, sink);
  if (!sink.attributes.has('exception.message')) setOther('exception.message', message, sink);
  return put(rule, text, sink);
};

/** JSON as text. */
export const convertJsonText: Convert = (rule, value, context, sink) =>
  put(rule, redactText(value.text, context.product.redaction), sink);

/** SQL without its literals. */
export const convertSql: Convert = (rule, value, _context, sink) => {
  const masked = maskSql(value.text);
  if (masked !== value.text) sink.secrets.set(value.text, masked);
  setOther(rule.rest, masked === value.text ? 'source' : 'cryptrail', sink);
  return put(rule, masked, sink);
};

/** A distinguished name, or nothing. */
export const convertDn: Convert = (rule, value, context, sink) => {
  if (isDistinguishedName(value.text)) put(rule, redactText(value.text, context.product.redaction), sink);
  return true;
};

/** The trace that a record belongs to. */
export const convertTraceId: Convert = (_rule, value, _context, sink) => {
  const id = readTraceId(value, 16);
  if (id !== undefined) sink.traceId = id;
  return true;
};

/** The span that a record belongs to. */
export const convertSpanId: Convert = (_rule, value, _context, sink) => {
  const id = readTraceId(value, 8);
  if (id !== undefined) sink.spanId = id;
  return true;
};

/** Gathers a family of details elsewhere. */
export const convertCollect: Convert = () => false;

/** The last part of a path. */
export const convertBasename: Convert = (rule, value, context, sink) => {
  const path = redactText(value.text, context.product.redaction);
  return put(rule, path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1) || path, sink);
};
