import { toHex } from './base64.ts';
import { decodeRecord, decodeResource, decodeScope } from './decode-protobuf.ts';
import type { EncodedGroup, EncodedLogs } from './encoded-logs.ts';
import { groupsByHead, headKey } from './join-groups.ts';
import { type EscapeJson, JsonText } from './json-text.ts';
import { behindField, int64At, LOG_RECORD, varintAt, viewOf, widthAt } from './protobuf-bytes.ts';
import { jsonDouble } from './to-otlp-json.ts';

/** Up to which size a request may grow. */
export interface RequestLimits {
  readonly maxRecords: number;
  /** In protobuf. The last record may go beyond. */
  readonly maxBytes: number;
}

const NO_LIMITS: RequestLimits = { maxRecords: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY };

/** Tags of `LogRecord`, as in `decode-protobuf.ts`. */
const TIME = 0x09;
const SEVERITY_NUMBER = 0x10;
const SEVERITY_TEXT = 0x1a;
const BODY = 0x2a;
const ATTRIBUTE = 0x32;
const TRACE_ID = 0x4a;
const SPAN_ID = 0x52;
const OBSERVED_TIME = 0x59;
const EVENT_NAME = 0x62;
/** Of `KeyValue`. */
const KEY = 0x0a;
const VALUE = 0x12;
/** Of `AnyValue` and `ArrayValue`. */
const STRING_VALUE = 0x0a;
const BOOL_VALUE = 0x10;
const INT_VALUE = 0x18;
const DOUBLE_VALUE = 0x21;
const ARRAY_VALUE = 0x2a;
const ITEM = 0x0a;

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
/** A varint of up to so many bytes is small, and not negative. */
const SMALL_VARINT = 6;

const COMMA = bytesOf(',');
const BEFORE_TIME = bytesOf('{"timeUnixNano":"');
const BEFORE_OBSERVED = bytesOf('","observedTimeUnixNano":"');
const BEFORE_SEVERITY = bytesOf('","severityNumber":');
const BEFORE_SEVERITY_TEXT = bytesOf(',"severityText":');
const BEFORE_EVENT_NAME = bytesOf(',"eventName":');
const BEFORE_BODY = bytesOf(',"body":');
const BEFORE_ATTRIBUTES = bytesOf(',"attributes":[');
const BEHIND_ATTRIBUTES = bytesOf(']');
const BEFORE_KEY = bytesOf('{"key":');
const BEFORE_VALUE = bytesOf(',"value":');
const BEFORE_STRING = bytesOf('{"stringValue":');
const BEFORE_ITEMS = bytesOf('{"arrayValue":{"values":[');
const BEHIND_ITEMS = bytesOf(']}}');
const END = bytesOf('}');

/** Where the fields of a record stand; -1 where it has none. Attributes stand one behind the other. */
interface Fields {
  time: number;
  severityNumber: number;
  severityText: number;
  body: number;
  attributes: number;
  traceId: number;
  spanId: number;
  observedTime: number;
  eventName: number;
}

const NO_FIELDS: Readonly<Fields> = {
  time: -1,
  severityNumber: -1,
  severityText: -1,
  body: -1,
  attributes: -1,
  traceId: -1,
  spanId: -1,
  observedTime: -1,
  eventName: -1,
};

/**
 * One request in OTLP JSON out of encoded records, byte by byte: no record becomes an object, but for one with fields or values that our own encoder does not write. The same as
 * `toOtlpJsonLine` gives for the same records. A new `ResourceLogs` begins whenever the resource or the scope changes.
 */
export class JsonRequest {
  readonly #limits: RequestLimits;
  readonly #json: JsonText;
  readonly #heads = new WeakMap<Uint8Array, Uint8Array>();
  /** The last group of which records were added. */
  #open: EncodedGroup | undefined;
  /** How many records the request has, and how many bytes they took. */
  #count = 0;
  #size = 0;
  /** Records of one group, and the one that is being written. */
  #bytes: Uint8Array = new Uint8Array();
  #view = viewOf(this.#bytes);
  readonly #fields: Fields = { ...NO_FIELDS };
  #observed = 0n;
  #observedText = '0';

  constructor(limits: Partial<RequestLimits> = {}, escaped: EscapeJson = (json) => json) {
    this.#limits = { ...NO_LIMITS, ...limits };
    this.#json = new JsonText(escaped);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Whether there is no room for another record. */
  get isFull(): boolean {
    return this.#count >= this.#limits.maxRecords || this.#size >= this.#limits.maxBytes;
  }

  /**
   * Adds the records of a group from a byte on, as many as there is room for; gives the byte where the next one begins.
   *
   * @throws Fault when a record cannot be read.
   */
  add(group: EncodedGroup, from = 0): number {
    const bytes = group.records;
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = viewOf(bytes);
    }
    let at = from;
    while (at < bytes.length && !this.isFull) {
      const end = behindField(bytes, LOG_RECORD, at + 1);
      this.#begin(group);
      this.#record(at + 1 + widthAt(bytes, at + 1), end);
      this.#count += 1;
      this.#size += end - at;
      at = end;
    }
    return at;
  }

  /** The request; begins a new one. `behind`: what is to stand behind it, such as a line break. */
  take(behind = ''): Uint8Array<ArrayBuffer> {
    if (this.#open) this.#endGroup(this.#open);
    this.#json.text(`${this.#open ? '' : '{"resourceLogs":['}]}${behind}`);
    this.#open = undefined;
    this.#count = 0;
    this.#size = 0;
    return this.#json.take();
  }

  /** What stands before a record: a comma, or the head of its group. */
  #begin(group: EncodedGroup): void {
    const json = this.#json;
    const open = this.#open;
    this.#open = group;
    if (open && haveOneHead(open, group)) {
      json.raw(COMMA);
      return;
    }
    if (open) this.#endGroup(open);
    json.text(open ? ',{"resource":' : '{"resourceLogs":[{"resource":');
    json.raw(this.#headOf(group.resource, decodeResource));
    json.text(',"scopeLogs":[{"scope":');
    json.raw(this.#headOf(group.scope, decodeScope));
    json.text(',"logRecords":[');
  }

  /** A resource or a scope. They are few, and shared by many groups. */
  #headOf(bytes: Uint8Array, decode: (bytes: Uint8Array) => object): Uint8Array {
    const known = this.#heads.get(bytes);
    if (known) return known;
    const made = this.#json.bytesOf(decode(bytes));
    this.#heads.set(bytes, made);
    return made;
  }

  #endGroup({ resourceSchemaUrl, scopeSchemaUrl }: EncodedGroup): void {
    this.#json.text(']');
    this.#schemaUrl(scopeSchemaUrl);
    this.#json.text('}]');
    this.#schemaUrl(resourceSchemaUrl);
    this.#json.raw(END);
  }

  #schemaUrl(url: string | undefined): void {
    if (url === undefined) return;
    this.#json.text(',"schemaUrl":');
    this.#json.value(url);
  }

  #record(start: number, end: number): void {
    const { length } = this.#json;
    if (this.#find(start, end) && this.#write(end)) return;
    this.#json.length = length;
    this.#json.value(decodeRecord(this.#bytes.subarray(start, end)));
  }

  /** Finds the fields of a record; false unless they are those that our own encoder writes, in its order, so that nothing has to be weighed up. */
  #find(start: number, end: number): boolean {
    const bytes = this.#bytes;
    const fields = Object.assign(this.#fields, NO_FIELDS);
    let last = 0;
    for (let at = start; at < end; ) {
      const tag = bytes[at] ?? 0;
      const value = at + 1;
      if (tag < last || (tag === last && tag !== ATTRIBUTE)) return false;
      if (tag === ATTRIBUTE) fields.attributes = last === ATTRIBUTE ? fields.attributes : at;
      else if (tag === TIME) fields.time = value;
      else if (tag === SEVERITY_NUMBER) fields.severityNumber = value;
      else if (tag === SEVERITY_TEXT) fields.severityText = value;
      else if (tag === BODY) fields.body = value;
      else if (tag === TRACE_ID) fields.traceId = value;
      else if (tag === SPAN_ID) fields.spanId = value;
      else if (tag === OBSERVED_TIME) fields.observedTime = value;
      else if (tag === EVENT_NAME) fields.eventName = value;
      else return false;
      last = tag;
      at = behindField(bytes, tag, value);
      if (at > end) return false;
    }
    return true;
  }

  #write(end: number): boolean {
    const json = this.#json;
    const { time, severityNumber, severityText, body, attributes, traceId, spanId, observedTime, eventName } =
      this.#fields;
    json.raw(BEFORE_TIME);
    json.text(time === -1 ? '0' : this.#view.getBigUint64(time, true).toString());
    json.raw(BEFORE_OBSERVED);
    json.text(observedTime === -1 ? '0' : this.#observedAt(observedTime));
    json.raw(BEFORE_SEVERITY);
    json.text(severityNumber === -1 ? '0' : varintAt(this.#bytes, severityNumber).toString());
    if (severityText !== -1) this.#text(BEFORE_SEVERITY_TEXT, severityText);
    if (eventName !== -1) this.#text(BEFORE_EVENT_NAME, eventName);
    if (body !== -1) {
      json.raw(BEFORE_BODY);
      if (!this.#anyValue(body)) return false;
    }
    json.raw(BEFORE_ATTRIBUTES);
    if (attributes !== -1 && !this.#attributes(attributes, end)) return false;
    json.raw(BEHIND_ATTRIBUTES);
    if (traceId !== -1 && !this.#id('traceId', traceId, TRACE_ID_BYTES)) return false;
    if (spanId !== -1 && !this.#id('spanId', spanId, SPAN_ID_BYTES)) return false;
    json.raw(END);
    return true;
  }

  /** The time of reading, which many records share. */
  #observedAt(at: number): string {
    const nanos = this.#view.getBigUint64(at, true);
    if (nanos !== this.#observed) {
      this.#observed = nanos;
      this.#observedText = nanos.toString();
    }
    return this.#observedText;
  }

  #id(name: string, at: number, length: number): boolean {
    if (this.#bytes[at] !== length) return false;
    this.#json.text(`,"${name}":"${toHex(this.#bytes.subarray(at + 1, at + 1 + length))}"`);
    return true;
  }

  #attributes(from: number, end: number): boolean {
    const bytes = this.#bytes;
    for (let at = from; at < end && bytes[at] === ATTRIBUTE; at = behindField(bytes, ATTRIBUTE, at + 1)) {
      if (at !== from) this.#json.raw(COMMA);
      if (!this.#keyValue(at + 1)) return false;
    }
    return true;
  }

  #keyValue(at: number): boolean {
    const bytes = this.#bytes;
    const key = at + widthAt(bytes, at);
    const end = key + varintAt(bytes, at);
    const value = behindField(bytes, KEY, key + 1);
    if (bytes[key] !== KEY || bytes[value] !== VALUE || behindField(bytes, VALUE, value + 1) !== end) return false;
    this.#text(BEFORE_KEY, key + 1);
    this.#json.raw(BEFORE_VALUE);
    if (!this.#anyValue(value + 1)) return false;
    this.#json.raw(END);
    return true;
  }

  /** A value; false unless it is of a kind that our own encoder writes. */
  #anyValue(at: number): boolean {
    const bytes = this.#bytes;
    const json = this.#json;
    const start = at + widthAt(bytes, at);
    const length = varintAt(bytes, at);
    const tag = bytes[start] ?? 0;
    const value = start + 1;
    if (length === 0 || behindField(bytes, tag, value) !== start + length) return false;
    if (tag === STRING_VALUE) this.#text(BEFORE_STRING, value);
    else if (tag === INT_VALUE)
      json.text(`{"intValue":"${length <= SMALL_VARINT ? varintAt(bytes, value) : int64At(bytes, value)}"`);
    else if (tag === BOOL_VALUE && length === 2) json.text(`{"boolValue":${bytes[value] !== 0}`);
    else if (tag === DOUBLE_VALUE) {
      json.text('{"doubleValue":');
      json.value(jsonDouble(this.#view.getFloat64(value, true)));
    } else return tag === ARRAY_VALUE && this.#texts(value);
    json.raw(END);
    return true;
  }

  /** A list of texts. */
  #texts(at: number): boolean {
    const bytes = this.#bytes;
    const json = this.#json;
    const start = at + widthAt(bytes, at);
    const end = start + varintAt(bytes, at);
    json.raw(BEFORE_ITEMS);
    let item = start;
    for (; item < end; item = behindField(bytes, ITEM, item + 1)) {
      const text = item + 1 + widthAt(bytes, item + 1);
      const isText = bytes[item] === ITEM && bytes[text] === STRING_VALUE;
      if (!isText || behindField(bytes, STRING_VALUE, text + 1) !== behindField(bytes, ITEM, item + 1)) return false;
      if (item !== start) json.raw(COMMA);
      this.#text(BEFORE_STRING, text + 1);
      json.raw(END);
    }
    json.raw(BEHIND_ITEMS);
    return item === end;
  }

  /** A text behind what stands before it. */
  #text(before: Uint8Array, at: number): void {
    const start = at + widthAt(this.#bytes, at);
    this.#json.raw(before);
    this.#json.quoted(this.#bytes, start, start + varintAt(this.#bytes, at));
  }
}

/**
 * The request of `joinGroups` in OTLP JSON.
 *
 * @throws Fault when a record cannot be read, because others have encoded it.
 */
export function requestJson(logs: EncodedLogs): Uint8Array<ArrayBuffer> {
  const request = new JsonRequest();
  for (const group of groupsByHead(logs).flat()) request.add(group);
  return request.take();
}

function haveOneHead(one: EncodedGroup, other: EncodedGroup): boolean {
  const isOneObject = one.resource === other.resource && one.scope === other.scope;
  const isOneUrl = one.resourceSchemaUrl === other.resourceSchemaUrl && one.scopeSchemaUrl === other.scopeSchemaUrl;
  return (isOneObject && isOneUrl) || headKey(one) === headKey(other);
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
