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
