/** Reads an OTLP logs request in protobuf. Field numbers: opentelemetry-proto 1.10. A tag below is `number × 8 + wire type`, as it stands on the wire. */
import { toBase64, toHex } from './base64.ts';
import { Budget, Fault } from './fault.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import { jsonDouble } from './to-otlp-json.ts';
import type {
  ExportLogsServiceRequest,
  OtlpAnyValue,
  OtlpKeyValue,
  OtlpLogRecord,
  OtlpResource,
  OtlpScope,
  ResourceLogs,
  ScopeLogs,
} from './types.ts';

/** The shapes of `types.ts` while they are being filled. */
type Draft<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] };

/** Bytes → request. Throws a {@link Fault} and nothing else. */
export function decodeProtobuf(bytes: Uint8Array, maxValues: number): ExportLogsServiceRequest {
  const budget = new Budget(maxValues);
  const resourceLogs: ResourceLogs[] = [];
  readFields(new ProtobufReader(bytes), (tag, reader) => {
    if (tag === 0x0a) resourceLogs.push(readResourceLogs(reader.message(), budget));
    else reader.skip(tag);
  });
  return { resourceLogs };
}

/** A `LogRecord`, however much is in it. Throws a {@link Fault} and nothing else. */
export function decodeRecord(bytes: Uint8Array): OtlpLogRecord {
  return readLogRecord(new ProtobufReader(bytes), new Budget(Number.POSITIVE_INFINITY));
}

/** The same for a `Resource`. */
export function decodeResource(bytes: Uint8Array): OtlpResource {
  const resource: Draft<OtlpResource> = { attributes: [] };
  readResource(new ProtobufReader(bytes), resource, new Budget(Number.POSITIVE_INFINITY));
  return resource;
}

/** The same for an `InstrumentationScope`. */
export function decodeScope(bytes: Uint8Array): OtlpScope {
  const scope: Draft<OtlpScope> = { name: '' };
  readScope(new ProtobufReader(bytes), scope, new Budget(Number.POSITIVE_INFINITY));
  return scope;
}

function readFields(reader: ProtobufReader, visit: (tag: number, reader: ProtobufReader) => void): void {
  while (!reader.done) visit(reader.tag(), reader);
}

function readResourceLogs(message: ProtobufReader, budget: Budget): ResourceLogs {
  budget.spend(0);
  const resource: Draft<OtlpResource> = { attributes: [] };
  const scopeLogs: ScopeLogs[] = [];
  const result: Draft<ResourceLogs> = { resource, scopeLogs };
  readFields(message, (tag, reader) => {
    if (tag === 0x0a) readResource(reader.message(), resource, budget);
    else if (tag === 0x12) scopeLogs.push(readScopeLogs(reader.message(), budget));
    else if (tag === 0x1a) setText(result, 'schemaUrl', reader.string());
    else reader.skip(tag);
  });
  return result;
}

function readResource(message: ProtobufReader, resource: Draft<OtlpResource>, budget: Budget): void {
  readFields(message, (tag, reader) => {
    if (tag === 0x0a) resource.attributes.push(readKeyValue(reader.message(), budget, 0));
    else if (tag === 0x10) setCount(resource, reader.uint32());
    else reader.skip(tag);
  });
}

function readScopeLogs(message: ProtobufReader, budget: Budget): ScopeLogs {
  budget.spend(0);
  const scope: Draft<OtlpScope> = { name: '' };
  const logRecords: OtlpLogRecord[] = [];
  const result: Draft<ScopeLogs> = { scope, logRecords };
  readFields(message, (tag, reader) => {
    if (tag === 0x0a) readScope(reader.message(), scope, budget);
    else if (tag === 0x12) logRecords.push(readLogRecord(reader.message(), budget));
    else if (tag === 0x1a) setText(result, 'schemaUrl', reader.string());
    else reader.skip(tag);
  });
  return result;
}

function readScope(message: ProtobufReader, scope: Draft<OtlpScope>, budget: Budget): void {
  const attributes: OtlpKeyValue[] = [];
  readFields(message, (tag, reader) => {
    if (tag === 0x0a) scope.name = reader.string();
    else if (tag === 0x12) setText(scope, 'version', reader.string());
    else if (tag === 0x1a) attributes.push(readKeyValue(reader.message(), budget, 0));
    else if (tag === 0x20) setCount(scope, reader.uint32());
    else reader.skip(tag);
  });
  if (attributes.length > 0) scope.attributes = attributes;
}

function readLogRecord(message: ProtobufReader, budget: Budget): OtlpLogRecord {
  budget.spend(0);
  const record: Draft<OtlpLogRecord> = {
    timeUnixNano: '0',
    observedTimeUnixNano: '0',
    severityNumber: 0,
    attributes: [],
  };
  readFields(message, (tag, reader) => readLogRecordField(tag, reader, record, budget));
  return record;
}

function readLogRecordField(tag: number, reader: ProtobufReader, record: Draft<OtlpLogRecord>, budget: Budget): void {
  switch (tag) {
    case 0x09:
      record.timeUnixNano = reader.fixed64().toString();
      return;
    case 0x10:
      record.severityNumber = reader.uint32();
      return;
    case 0x1a:
      setText(record, 'severityText', reader.string());
      return;
    case 0x2a:
      record.body = readAnyValue(reader.message(), budget, 1);
      return;
    case 0x32:
      record.attributes.push(readKeyValue(reader.message(), budget, 0));
      return;
    case 0x38:
      setCount(record, reader.uint32());
      return;
    case 0x45:
      setFlags(record, reader.fixed32());
      return;
    case 0x4a:
      setId(record, 'traceId', reader.bytes(), 16);
      return;
    case 0x52:
      setId(record, 'spanId', reader.bytes(), 8);
      return;
    case 0x59:
      record.observedTimeUnixNano = reader.fixed64().toString();
      return;
    case 0x62:
      setText(record, 'eventName', reader.string());
      return;
    default:
      reader.skip(tag);
  }
}

/** The empty text, like 0 below, is what a receiver understands when the field is missing, so it is left out. */
function setText<Key extends string>(target: { [K in Key]?: string }, name: Key, text: string): void {
  if (text !== '') target[name] = text;
}

function setCount(target: { droppedAttributesCount?: number }, count: number): void {
  if (count !== 0) target.droppedAttributesCount = count;
}

function setFlags(record: Draft<OtlpLogRecord>, flags: number): void {
  if (flags !== 0) record.flags = flags;
}

function setId(record: Draft<OtlpLogRecord>, name: 'traceId' | 'spanId', id: Uint8Array, length: number): void {
  if (id.length === 0) return;
  if (id.length !== length) throw new Fault('malformed', `${name} has ${id.length} bytes, expected ${length}`);
  record[name] = toHex(id);
}

function readKeyValue(message: ProtobufReader, budget: Budget, depth: number): OtlpKeyValue {
  const pair: Draft<OtlpKeyValue> = { key: '', value: {} };
  readFields(message, (tag, reader) => {
    if (tag === 0x0a) pair.key = reader.string();
    else if (tag === 0x12) pair.value = readAnyValue(reader.message(), budget, depth + 1);
    else reader.skip(tag);
  });
  budget.spend(depth);
  return pair;
}

function readAnyValue(message: ProtobufReader, budget: Budget, depth: number): OtlpAnyValue {
  budget.spend(depth);
  let value: OtlpAnyValue = {};
  readFields(message, (tag, reader) => {
    value = readMember(tag, reader, budget, depth) ?? value;
  });
  return value;
}

/** One member of the `oneof` of AnyValue; the last one on the wire counts. */
function readMember(tag: number, reader: ProtobufReader, budget: Budget, depth: number): OtlpAnyValue | undefined {
  switch (tag) {
    case 0x0a:
      return { stringValue: reader.string() };
    case 0x10:
      return { boolValue: reader.bool() };
    case 0x18:
      return { intValue: reader.int64() };
    case 0x21:
      return { doubleValue: jsonDouble(reader.double()) };
    case 0x2a:
      return { arrayValue: { values: readList(reader.message(), (item) => readAnyValue(item, budget, depth + 1)) } };
    case 0x32:
      return { kvlistValue: { values: readList(reader.message(), (item) => readKeyValue(item, budget, depth + 1)) } };
    case 0x3a:
      return { bytesValue: toBase64(reader.bytes()) };
    default:
      reader.skip(tag);
      return undefined;
  }
}

function readList<T>(message: ProtobufReader, read: (item: ProtobufReader) => T): T[] {
  const values: T[] = [];
  readFields(message, (tag, reader) => {
    if (tag === 0x0a) values.push(read(reader.message()));
    else reader.skip(tag);
  });
  return values;
}
