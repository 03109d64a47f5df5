import { type AttributeValue, Double, type LogRecord } from '../records.ts';

/** Whether two records are the same in every part, with the same attributes in the same order. Resources are the same when they are one object. */
export function isSameRecord(one: LogRecord, other: LogRecord): boolean {
  return (
    PARTS.every((part) => one[part] === other[part]) &&
    one.issues.length === other.issues.length &&
    one.issues.every(
      ({ code, message }, at) => code === other.issues[at]?.code && message === other.issues[at]?.message,
    ) &&
    isSameList([...one.attributes.keys()], [...other.attributes.keys()]) &&
    [...one.attributes].every(([name, value]) => isSameValue(value, other.attributes.get(name)))
  );
}

const PARTS = [
  'timeUnixNano',
  'observedTimeUnixNano',
  'severityNumber',
  'severityText',
  'eventName',
  'body',
  'traceId',
  'spanId',
  'resource',
  'parseStatus',
  'product',
] as const satisfies readonly (keyof LogRecord)[];

function isSameValue(one: AttributeValue, other: AttributeValue | undefined): boolean {
  if (one instanceof Double) return other instanceof Double && Object.is(one.value, other.value);
  if (Array.isArray(one)) return Array.isArray(other) && isSameList(one, other);
  return Object.is(one, other);
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, at) => text === other[at]);
}
