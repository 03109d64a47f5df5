import type { FieldValue } from '../records.ts';

/** Fields of an object that somebody else parsed from JSON. Values that JSON does not know (functions, symbols, cycles) are left out. */
export function fieldsOf(value: Readonly<Record<string, unknown>>): Map<string, FieldValue> {
  const fields = new Map<string, FieldValue>();
  for (const [name, item] of Object.entries(value)) {
    const field = fieldValue(item);
    if (field) fields.set(name, field);
  }
  return fields;
}

function fieldValue(item: unknown): FieldValue | undefined {
  switch (typeof item) {
    case 'string':
      return { kind: 'string', text: item };
    case 'boolean':
      return { kind: 'boolean', text: String(item) };
    case 'bigint':
      return { kind: 'int', text: String(item) };
    case 'number':
      return Number.isFinite(item)
        ? { kind: Number.isInteger(item) ? 'int' : 'double', text: String(item) }
        : undefined;
    case 'object':
      return item === null ? { kind: 'null', text: '' } : nested(item);
    default:
      return undefined;
  }
}

function nested(item: object): FieldValue | undefined {
  try {
    const text = JSON.stringify(item);
    return text === undefined ? undefined : { kind: Array.isArray(item) ? 'array' : 'object', text };
  } catch {
    return undefined;
  }
}
