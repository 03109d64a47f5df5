import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { exactId } from './otlp/exact-values.ts';

/** Deepest nesting of a value that is sent; the serializers walk it recursively. */
const MAX_DEPTH = 64;
const MAX_SECONDS = 18_446_744_072;
const UNKNOWN_TIME: [number, number] = [0, 0];

/** A record that no serializer and no receiver chokes on, and what had to be changed for that: nothing for nearly every record. */
export interface MendedRecord {
  readonly record: ReadableLogRecord;
  /** Names of the parts that were replaced, never their content. */
  readonly parts: readonly string[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Replaces what would cost its whole batch: a time that is none, numbers that JSON has no word for or 64 bit no room, values
 * that contain themselves, broken Unicode, ids that are none. The record given stays as it is. Throws when a part cannot even be read.
 */
export function mendRecord(record: ReadableLogRecord): MendedRecord {
  const changes: Partial<Writable<ReadableLogRecord>> = {};
  if (!isTime(record.hrTime)) changes.hrTime = UNKNOWN_TIME;
  if (!isTime(record.hrTimeObserved)) changes.hrTimeObserved = UNKNOWN_TIME;
  if (!isSeverity(record.severityNumber)) changes.severityNumber = 0;
  mendText(record, 'severityText', changes);
  mendText(record, 'eventName', changes);
  const body = isFine(record.body, 0) ? record.body : mendValue(record.body, []);
  if (body !== record.body) changes.body = body;
  const attributes = isFine(record.attributes, 0) ? record.attributes : mendValue(record.attributes, []);
  if (attributes !== record.attributes) changes.attributes = attributes as ReadableLogRecord['attributes'];
  const parts = Object.keys(changes);
  const isTraced = record.spanContext === undefined || isSpan(record.spanContext);
  if (isTraced && parts.length === 0) return { record, parts };
  const copy = copyRecord(record, changes);
  if (isTraced) return { record: copy, parts };
  const { spanContext: _, ...untraced } = copy;
  return { record: untraced, parts: [...parts, 'spanContext'] };
}

/** The members of a record, as a plain object: an SDK's own record keeps them behind getters. */
export function copyRecord(record: ReadableLogRecord, changes: Partial<ReadableLogRecord>): ReadableLogRecord {
  return {
    hrTime: record.hrTime,
    hrTimeObserved: record.hrTimeObserved,
    ...(record.spanContext === undefined ? {} : { spanContext: record.spanContext }),
    ...(record.severityText === undefined ? {} : { severityText: record.severityText }),
    ...(record.severityNumber === undefined ? {} : { severityNumber: record.severityNumber }),
    ...(record.eventName === undefined ? {} : { eventName: record.eventName }),
    body: record.body,
    resource: record.resource,
    instrumentationScope: record.instrumentationScope,
    attributes: record.attributes,
    droppedAttributesCount: record.droppedAttributesCount,
    ...changes,
  };
}

function isTime(time: unknown): boolean {
  if (!Array.isArray(time)) return false;
  const [seconds, nanos]: unknown[] = time;
  return isWithin(seconds, MAX_SECONDS) && isWithin(nanos, 999_999_999);
}

function isWithin(value: unknown, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max;
}

function isSeverity(severity: unknown): boolean {
  return severity === undefined || isWithin(severity, 24);
}

function isSpan({ traceId, spanId }: { traceId: string; spanId: string }): boolean {
  return exactId(traceId, 16) !== undefined && exactId(spanId, 8) !== undefined;
}

function mendText(
  record: ReadableLogRecord,
  part: 'severityText' | 'eventName',
  changes: Partial<Writable<ReadableLogRecord>>,
): void {
  const text: unknown = record[part];
  if (text === undefined || (typeof text === 'string' && text.isWellFormed())) return;
  changes[part] = String(text).toWellFormed();
}

/** Whether all of a value can be sent as it is: true for nearly every one, and found without making anything. */
function isFine(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed();
    case 'number':
      return isSendable(value);
    case 'bigint':
      return false;
    case 'object':
      if (value === null || value instanceof Uint8Array) return true;
      // What contains itself ends here, too.
      if (depth >= MAX_DEPTH) return false;
      if (Array.isArray(value)) return value.every((item) => isFine(item, depth + 1));
      for (const name of Object.keys(value)) {
        if (!name.isWellFormed() || !isFine((value as Record<string, unknown>)[name], depth + 1)) return false;
      }
      return true;
    default:
      return true;
  }
}

/** The same value when all of it can be sent, else a copy with the parts replaced that cannot. `path`: the values around it. */
function mendValue(value: unknown, path: readonly unknown[]): unknown {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? value : value.toWellFormed();
    case 'number':
      return isSendable(value) ? value : String(value);
    case 'bigint':
      return value.toString();
    case 'object':
      if (value === null || value instanceof Uint8Array) return value;
      if (path.includes(value)) return '[circular]';
      if (path.length >= MAX_DEPTH) return '[too deep]';
      return Array.isArray(value) ? mendArray(value, [...path, value]) : mendObject(value, [...path, value]);
    default:
      return value;
  }
}

/** Whole numbers are written as 64-bit integers. */
function isSendable(value: number): boolean {
  return Number.isInteger(value) ? Math.abs(value) < 2 ** 63 : Number.isFinite(value);
}

function mendArray(values: readonly unknown[], path: readonly unknown[]): readonly unknown[] {
  const mended = values.map((value) => mendValue(value, path));
  return mended.some((value, at) => !Object.is(value, values[at])) ? mended : values;
}

function mendObject(object: object, path: readonly unknown[]): object {
  const entries = Object.entries(object);
  const mended = entries.map(([name, value]) => [name.toWellFormed(), mendValue(value, path)] as const);
  const isWhole = mended.every(([name, value], at) => {
    const [oldName, oldValue] = entries[at] ?? [];
    return name === oldName && Object.is(value, oldValue);
  });
  return isWhole ? object : Object.fromEntries(mended);
}
