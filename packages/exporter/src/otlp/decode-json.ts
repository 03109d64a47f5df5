/** Reads an OTLP logs request in the protobuf JSON mapping: unknown members are passed over, null stands for absent. */
import { normaliseBase64 } from './base64.ts';
import { Budget, Fault } from './fault.ts';
import type {
  ExportLogsServiceRequest,
  OtlpAnyValue,
  OtlpDouble,
  OtlpKeyValue,
  OtlpLogRecord,
  OtlpResource,
  OtlpScope,
  ResourceLogs,
  ScopeLogs,
} from './types.ts';

type Members = Readonly<Record<string, unknown>>;

const MAX_UINT32 = 2 ** 32 - 1;
const UINT64 = { min: 0n, max: 2n ** 64n - 1n };
const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/** JSON text → request. Throws a {@link Fault} and nothing else. */
export function decodeJson(text: string, maxValues: number): ExportLogsServiceRequest {
  const request = members(parse(text), 'the request');
  const budget = new Budget(maxValues);
  return { resourceLogs: list(request.resourceLogs, 'resourceLogs', (item) => readResourceLogs(item, budget)) };
}

/** `JSON.parse`, but whole numbers keep all digits where OTLP senders are allowed to write them bare. */
function parse(text: string): unknown {
  // Only a key can stand before a colon, so this cannot reach into a text value.
  const exact = /"intValue"\s*:\s*-?\d{16}/.test(text)
    ? text.replace(/("intValue"\s*:\s*)(-?\d{16,})(?![\d.eE])/g, '$1"$2"')
    : text;
  try {
    return JSON.parse(exact);
  } catch {
    throw new Fault('malformed', 'the request is no JSON text');
  }
}

function readResourceLogs(item: unknown, budget: Budget): ResourceLogs {
  budget.spend(0);
  const { resource, scopeLogs, schemaUrl } = members(item, 'resourceLogs');
  return {
    resource: readResource(resource, budget),
    scopeLogs: list(scopeLogs, 'scopeLogs', (entry) => readScopeLogs(entry, budget)),
    ...optional('schemaUrl', string(schemaUrl, 'schemaUrl') || undefined),
  };
}

function readResource(value: unknown, budget: Budget): OtlpResource {
  if (isAbsent(value)) return { attributes: [] };
  const { attributes, droppedAttributesCount } = members(value, 'resource');
  return { attributes: keyValues(attributes, budget, 0), ...count(droppedAttributesCount) };
}

function readScopeLogs(item: unknown, budget: Budget): ScopeLogs {
  budget.spend(0);
  const { scope, logRecords, schemaUrl } = members(item, 'scopeLogs');
  return {
    scope: readScope(scope, budget),
    logRecords: list(logRecords, 'logRecords', (entry) => readLogRecord(entry, budget)),
    ...optional('schemaUrl', string(schemaUrl, 'schemaUrl') || undefined),
  };
}

function readScope(value: unknown, budget: Budget): OtlpScope {
  if (isAbsent(value)) return { name: '' };
  const { name, version, attributes, droppedAttributesCount } = members(value, 'scope');
  const pairs = keyValues(attributes, budget, 0);
  return {
    name: string(name, 'name') ?? '',
    ...optional('version', string(version, 'version') || undefined),
    ...(pairs.length === 0 ? {} : { attributes: pairs }),
    ...count(droppedAttributesCount),
  };
}

function readLogRecord(item: unknown, budget: Budget): OtlpLogRecord {
  budget.spend(0);
  const record = members(item, 'logRecords');
  return {
    timeUnixNano: integer(record.timeUnixNano, 'timeUnixNano', UINT64) ?? '0',
    observedTimeUnixNano: integer(record.observedTimeUnixNano, 'observedTimeUnixNano', UINT64) ?? '0',
    severityNumber: severityNumber(record.severityNumber),
    ...optional('severityText', string(record.severityText, 'severityText') || undefined),
    ...optional('eventName', string(record.eventName, 'eventName') || undefined),
    ...optional('body', isAbsent(record.body) ? undefined : readAnyValue(record.body, budget, 1)),
    attributes: keyValues(record.attributes, budget, 0),
    ...count(record.droppedAttributesCount),
    ...optional('flags', uint32(record.flags, 'flags') || undefined),
    ...optional('traceId', id(record.traceId, 'traceId', 32)),
    ...optional('spanId', id(record.spanId, 'spanId', 16)),
  };
}

function keyValues(value: unknown, budget: Budget, depth: number): OtlpKeyValue[] {
  return list(value, 'attributes', (item) => {
    const pair = members(item, 'attributes');
    const read = isAbsent(pair.value) ? {} : readAnyValue(pair.value, budget, depth + 1);
    budget.spend(depth);
    return { key: string(pair.key, 'key') ?? '', value: read };
  });
}

function readAnyValue(item: unknown, budget: Budget, depth: number): OtlpAnyValue {
  budget.spend(depth);
  const value = members(item, 'value');
  if (!isAbsent(value.arrayValue)) {
    const { values } = members(value.arrayValue, 'arrayValue');
    return { arrayValue: { values: list(values, 'values', (entry) => readAnyValue(entry ?? {}, budget, depth + 1)) } };
  }
  if (!isAbsent(value.kvlistValue)) {
    const { values } = members(value.kvlistValue, 'kvlistValue');
    return { kvlistValue: { values: keyValues(values, budget, depth + 1) } };
  }
  return {
    ...optional('stringValue', string(value.stringValue, 'stringValue')),
    ...optional('boolValue', boolean(value.boolValue)),
    ...optional('intValue', integer(value.intValue, 'intValue', INT64)),
    ...optional('doubleValue', double(value.doubleValue)),
    ...optional('bytesValue', bytes(value.bytesValue)),
  };
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}

function members(value: unknown, name: string): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw new Fault('malformed', `${name}: expected an object`);
}

function list<T>(value: unknown, name: string, read: (item: unknown) => T): T[] {
  if (isAbsent(value)) return [];
  if (Array.isArray(value)) return value.map(read);
  throw new Fault('malformed', `${name}: expected an array`);
}

function string(value: unknown, name: string): string | undefined {
  if (isAbsent(value)) return undefined;
  if (typeof value === 'string') return value;
  throw new Fault('malformed', `${name}: expected a string`);
}

function boolean(value: unknown): boolean | undefined {
  if (isAbsent(value)) return undefined;
  if (typeof value === 'boolean') return value;
  throw new Fault('malformed', 'boolValue: expected true or false');
}

/** A 64-bit integer as number or digits → digits. */
function integer(value: unknown, name: string, { min, max }: { min: bigint; max: bigint }): string | undefined {
  if (isAbsent(value)) return undefined;
  const isDigits = typeof value === 'string' && /^-?\d{1,20}$/.test(value);
  if (isDigits || (typeof value === 'number' && Number.isInteger(value))) {
    const exact = BigInt(value);
    if (exact >= min && exact <= max) return exact.toString();
  }
  throw new Fault('malformed', `${name}: expected a 64-bit integer`);
}

function uint32(value: unknown, name: string): number {
  const digits = integer(value, name, UINT64);
  const number = Number(digits ?? 0);
  if (number <= MAX_UINT32) return number;
  throw new Fault('malformed', `${name}: expected a 32-bit integer`);
}

function count(value: unknown): { droppedAttributesCount?: number } {
  return optional('droppedAttributesCount', uint32(value, 'droppedAttributesCount') || undefined);
}

const SEVERITY_NAME = /^SEVERITY_NUMBER_(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)([234]?)$/;
const SEVERITY_RANGES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** The mapping allows an enum by number and by name. */
function severityNumber(value: unknown): number {
  if (typeof value !== 'string') return uint32(value, 'severityNumber');
  if (value === 'SEVERITY_NUMBER_UNSPECIFIED') return 0;
  const [, range, step] = SEVERITY_NAME.exec(value) ?? [];
  if (range === undefined) throw new Fault('malformed', 'severityNumber: expected a number or the name of a severity');
  return SEVERITY_RANGES.indexOf(range) * 4 + Number(step || 1);
}

function double(value: unknown): OtlpDouble | undefined {
  if (isAbsent(value) || typeof value === 'number') return value ?? undefined;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return value;
  if (typeof value === 'string' && /^-?\d{1,400}(\.\d{1,400})?([eE][+-]?\d{1,4})?$/.test(value)) return Number(value);
  throw new Fault('malformed', 'doubleValue: expected a number');
}

function bytes(value: unknown): string | undefined {
  const text = string(value, 'bytesValue');
  if (text === undefined) return undefined;
  const base64 = normaliseBase64(text);
  if (base64 === undefined) throw new Fault('malformed', 'bytesValue: expected Base64');
  return base64;
}

function id(value: unknown, name: string, digits: number): string | undefined {
  const text = string(value, name);
  if (text === undefined || text === '') return undefined;
  if (text.length === digits && /^[0-9a-f]+$/i.test(text)) return text.toLowerCase();
  throw new Fault('malformed', `${name}: expected ${digits} hex digits`);
}
