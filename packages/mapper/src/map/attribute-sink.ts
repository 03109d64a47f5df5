import type { Issue } from '../issue.ts';
import type { AttributeValue, FieldValue } from '../records.ts';
import { MARKER } from '../redact/marker.ts';

/** Collects what the rules make of one record. */
export interface AttributeSink {
  readonly attributes: Map<string, AttributeValue>;
  readonly resource: Map<string, AttributeValue>;
  traceId?: string;
  spanId?: string;
  readonly issues: Issue[];
  /** Source texts that may not leave, and what stands for each: they may not show up anywhere else either. */
  readonly secrets: Map<string, string>;
  /** Source fields whose value may not leave, and that value. */
  readonly secretFields: Map<string, string>;
}

export function createSink(): AttributeSink {
  return { attributes: new Map(), resource: new Map(), issues: [], secrets: new Map(), secretFields: new Map() };
}

/** Remembers that the value of a field is a secret. Truth values and short texts are too common to be looked for elsewhere. */
export function hideField(field: string, { kind, text }: FieldValue, { secrets, secretFields }: AttributeSink): void {
  secretFields.set(field, text);
  if (kind !== 'boolean') secrets.set(text, MARKER);
}
