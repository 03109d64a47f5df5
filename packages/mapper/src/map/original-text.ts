import type { LocateMembers } from '../decode/json.ts';
import type { FieldValue, Recognition } from '../records.ts';
import { MARKER } from '../redact/marker.ts';
import { type Removed, redactOriginal, redactValues } from '../redact/original.ts';
import { redactText } from '../redact/text.ts';

/**
 * What the source said, for evidence: the line as it was read. A row is a JSON object of its columns whatever it was exported as, because the
 * text of a row tells nothing without the order of the columns. Not redacted.
 */
export function originalText({ record, format }: Pick<Recognition, 'record' | 'format'>): string {
  if (format.decoder !== 'row') return record.original;
  return rowText(
    record.fields,
    ({ text }) => text,
    (name) => name,
  );
}

/** The same without secrets. Of a row only values are looked at: a column may have the name of a secret and hold none. */
export function redactedOriginal(
  { record, format, product }: Recognition,
  removed: Removed,
  locateMembers: LocateMembers | undefined,
): string {
  const { redaction } = product;
  if (format.decoder !== 'row')
    return redactText(
      redactOriginal(record.original, removed, format.decoder === 'json' ? locateMembers : undefined),
      redaction,
    );
  const columns = [...record.fields.values()];
  const shown = redactValues(
    columns.map(({ text }) => text),
    removed,
  );
  if (!shown) return MARKER;
  const texts = new Map(columns.map((value, index) => [value, redactText(shown[index] ?? '', redaction)]));
  return rowText(
    record.fields,
    (value) => texts.get(value) ?? '',
    (name) => redactText(name, redaction),
  );
}

/** Kinds whose source text is JSON. */
const BARE: ReadonlySet<string> = new Set(['int', 'double', 'boolean']);

function rowText(
  fields: ReadonlyMap<string, FieldValue>,
  textOf: (value: FieldValue) => string,
  nameOf: (name: string) => string,
): string {
  const columns = [...fields].map(([name, value]) => {
    const text = textOf(value);
    const json =
      value.kind === 'null' ? 'null' : BARE.has(value.kind) && text === value.text ? text : JSON.stringify(text);
    return `${JSON.stringify(nameOf(name))}:${json}`;
  });
  return `{${columns.join(',')}}`;
}
