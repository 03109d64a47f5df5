import { AttributeList } from '../attribute-list.ts';
import type { Issue } from '../issue.ts';
import type { AttributeValue, FieldValue } from '../records.ts';
import { MARKER } from '../redact/marker.ts';

/** Collects what the rules make of one record. `issues` become part of it. */
export interface AttributeSink {
  readonly attributes: AttributeList;
  readonly resource: Map<string, AttributeValue>;
  traceId: string | undefined;
  spanId: string | undefined;
  issues: Issue[];
  /** Source texts that may not leave, and what stands for each: they may not show up anywhere else either. */
  readonly secrets: Map<string, string>;
  /** Source fields whose value may not leave, and that value. */
  readonly secretFields: Map<string, string>;
}

export function createSink(): AttributeSink {
  return {
    attributes: new AttributeList(),
    resource: new Map(),
    traceId: undefined,
    spanId: undefined,
    issues: [],
    secrets: new Map(),
    secretFields: new Map(),
  };
}

/** Makes a sink ready for the next record. Issues belong to the record before, the rest is used again. */
export function resetSink(sink: AttributeSink): AttributeSink {
  sink.attributes.clear();
  sink.issues = [];
  sink.traceId = undefined;
  sink.spanId = undefined;
  if (sink.resource.size > 0) sink.resource.clear();
  if (sink.secrets.size > 0) sink.secrets.clear();
  if (sink.secretFields.size > 0) sink.secretFields.clear();
  return sink;
}

/** Remembers that the value of a field is a secret. */
export function hideField(field: string, value: FieldValue, sink: AttributeSink): void {
  sink.secretFields.set(field, value.text);
  hideValue(value, sink);
}

/** Remembers that a value is a secret. Truth values are too common to be looked for elsewhere. */
export function hideValue({ kind, text }: FieldValue, { secrets }: AttributeSink): void {
  if (kind !== 'boolean') secrets.set(text, MARKER);
}
