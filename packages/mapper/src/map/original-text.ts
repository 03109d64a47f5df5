import type { Recognition } from '../records.ts';

/**
 * What the source said, for evidence: the line as it was read. A row is a JSON object of its columns whatever it was exported as, because the
 * text of a row tells nothing without the order of the columns; one that came as such an object stays as it is. Not redacted.
 */
export function originalText({ record, format }: Pick<Recognition, 'record' | 'format'>): string {
  if (format.decoder !== 'row' || record.original.startsWith('{')) return record.original;
  const columns = [...record.fields].map(([name, { kind, text }]) => [name, kind === 'null' ? null : text]);
  return JSON.stringify(Object.fromEntries(columns));
}
