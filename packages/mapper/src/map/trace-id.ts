import type { FieldValue } from '../records.ts';

/**
 * The id as lower-case hexadecimal digits, from such digits or from the JSON array of byte numbers that libraries write whose ids have no JSON form:
 * `[78,165,4,121,138,21,56,133]`. Undefined for another length, other text and the all-zero id, which means "none".
 */
export function readTraceId(value: FieldValue, bytes: 16 | 8): string | undefined {
  const id = value.kind === 'array' ? fromByteNumbers(value.text, bytes) : fromHex(value.text.trim(), bytes);
  return id === undefined || id === '0'.repeat(bytes * 2) ? undefined : id;
}

function fromHex(text: string, bytes: number): string | undefined {
  return text.length === bytes * 2 && /^[0-9a-fA-F]+$/.test(text) ? text.toLowerCase() : undefined;
}

function fromByteNumbers(text: string, bytes: number): string | undefined {
  // Longest form: two brackets, three digits and a comma a byte. Anything longer is no id and not worth splitting.
  if (text.length > 2 + bytes * 4) return undefined;
  const parts = text.slice(1, -1).split(',');
  if (parts.length !== bytes) return undefined;
  let id = '';
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    id += Number(part).toString(16).padStart(2, '0');
  }
  return id;
}
