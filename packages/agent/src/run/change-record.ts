import type { OtlpAnyValue, OtlpKeyValue, OtlpLogRecord, OtlpResource } from '@cryptrail/exporter';
import type { AttributeValue, LogRecord, Resource } from '@cryptrail/mapper';
import type { RecordChange, TextChange } from './text-changes.ts';

/** Applies a change to records of the pipeline. Equal resources stay one object. */
export function changeRecords(change: RecordChange): (record: LogRecord) => LogRecord {
  const resources = new WeakMap<Resource, Resource>();
  const changedResource = (resource: Resource) => {
    const known = resources.get(resource);
    if (known) return known;
    const apply = change((name) => textsIn(resource.attributes.get(name)));
    const changed = { attributes: changeAttributes(resource.attributes, apply) };
    resources.set(resource, changed);
    return changed;
  };
  return (record) => {
    const { attributes, resource } = record;
    const apply = change((name) => [...textsIn(attributes.get(name)), ...textsIn(resource.attributes.get(name))]);
    return {
      ...record,
      body: apply(record.body, undefined),
      attributes: changeAttributes(attributes, apply),
      resource: changedResource(resource),
    };
  };
}

function textsIn(value: AttributeValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value : [];
}

function changeAttributes(
  attributes: ReadonlyMap<string, AttributeValue>,
  apply: TextChange,
): Map<string, AttributeValue> {
  const changed = new Map<string, AttributeValue>();
  for (const [name, value] of attributes) {
    if (typeof value === 'string') changed.set(name, apply(value, name));
    else if (Array.isArray(value))
      changed.set(
        name,
        value.map((text: string) => apply(text, name)),
      );
    else changed.set(name, value);
  }
  return changed;
}

/** Applies a change to a record as OTLP has it, whoever made it: texts at any depth. */
export function changeOtlpRecord(record: OtlpLogRecord, resource: OtlpResource, change: RecordChange): OtlpLogRecord {
  const all = [...record.attributes, ...resource.attributes];
  const apply = change((name) => all.flatMap(({ key, value }) => (key === name ? otlpTexts(value) : [])));
  return {
    ...record,
    ...(record.body === undefined ? {} : { body: changeValue(record.body, apply, undefined) }),
    attributes: changeKeyValues(record.attributes, apply),
  };
}

/** Applies a change to a resource as OTLP has it. */
export function changeOtlpResource(resource: OtlpResource, change: RecordChange): OtlpResource {
  const apply = change((name) =>
    resource.attributes.flatMap(({ key, value }) => (key === name ? otlpTexts(value) : [])),
  );
  return { ...resource, attributes: changeKeyValues(resource.attributes, apply) };
}

function otlpTexts({ stringValue, arrayValue }: OtlpAnyValue): readonly string[] {
  if (stringValue !== undefined) return [stringValue];
  return (arrayValue?.values ?? []).flatMap((value) => value.stringValue ?? []);
}

function changeKeyValues(pairs: readonly OtlpKeyValue[], apply: TextChange): OtlpKeyValue[] {
  return pairs.map(({ key, value }) => ({ key, value: changeValue(value, apply, key) }));
}

function changeValue(value: OtlpAnyValue, apply: TextChange, name: string | undefined): OtlpAnyValue {
  const { stringValue, arrayValue, kvlistValue } = value;
  if (stringValue !== undefined) return { stringValue: apply(stringValue, name) };
  if (arrayValue) return { arrayValue: { values: arrayValue.values.map((item) => changeValue(item, apply, name)) } };
  if (kvlistValue) return { kvlistValue: { values: changeKeyValues(kvlistValue.values, apply) } };
  return value;
}
