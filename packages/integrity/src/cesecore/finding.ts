/** What is wrong beyond a row's own verdict. */
export type FindingClass =
  | 'separator_in_value'
  | 'protection_removed'
  | 'sequence_reset'
  | 'twin_node'
  | 'lost_tail'
  | 'row_differs_from_log'
  | 'log_line_out_of_order'
  | 'log_line_incomplete'
  | 'conflicting_copy'
  | 'unprotected_rows'
  | 'unreadable_row'
  /** Numbers are missing, and no log of that time was given. */
  | 'gap_open'
  /** Numbers are missing while the log tells of an error of the database or the HSM. */
  | 'gap_explained'
  /** Numbers are missing, and the log of that time tells of no such error. */
  | 'gap_unexplained'
  /** Numbers are missing that a device which writes one row at a time cannot have lost. */
  | 'gap_suspicious';

/** One finding; row, number and key where it is about a row. */
export interface Finding {
  readonly class: FindingClass;
  readonly node: string;
  readonly message: string;
  readonly sequence?: bigint;
  readonly pk?: string;
}
