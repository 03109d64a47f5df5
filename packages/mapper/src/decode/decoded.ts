import type { Issue } from '../issue.ts';
import type { FieldValue } from '../records.ts';

/** What a decoder makes of one line: fields by their source name; details apart where the format has an open-ended part. */
export interface Decoded {
  readonly fields: ReadonlyMap<string, FieldValue>;
  readonly details: ReadonlyMap<string, FieldValue>;
  readonly issues: readonly Issue[];
}

/** The same while it is being read. */
export interface Decoding extends Decoded {
  readonly fields: Map<string, FieldValue>;
  readonly details: Map<string, FieldValue>;
  readonly issues: Issue[];
}

/** Most open-ended fields or details that are kept of one record: many times what any product writes, so that only text that an attacker placed is left out. */
export const MAX_FIELDS = 4096;

/** Said of a record with more fields than {@link MAX_FIELDS}. */
export const TOO_MANY_FIELDS: Issue = {
  code: 'too_many_details',
  message: `more than ${MAX_FIELDS} fields; the rest is left out`,
};

/** Adds the issue once. */
export function reportOnce(issues: Issue[], issue: Issue): void {
  if (!issues.some(({ code }) => code === issue.code)) issues.push(issue);
}
