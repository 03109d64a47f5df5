/** Every way in which a piece of input can fall short. Stable: users filter on them. */
export type IssueCode =
  | 'line_too_long'
  | 'record_too_long'
  | 'invalid_utf8'
  | 'malformed_line'
  | 'missing_field'
  | 'wrong_type'
  | 'unreadable_time'
  | 'unreadable_details'
  | 'duplicate_field'
  | 'value_cut'
  | 'too_many_details'
  | 'truncated_upstream'
  | 'unknown_field_order';

/** Something about one record that a person should know. Never holds text of the record: secrets cannot be located in broken text. */
export interface Issue {
  readonly code: IssueCode;
  readonly message: string;
}
