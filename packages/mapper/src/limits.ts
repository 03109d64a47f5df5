/** Bounds that keep one hostile line from costing more than its size. All can be set; what is cut is marked `truncated`. */
export interface Limits {
  /** Longest physical line kept, in bytes. Default 16 MiB; the rest of a longer line is passed over. */
  readonly maxLineBytes: number;
  /** Longest record of several lines, in bytes. Default 16 MiB. */
  readonly maxRecordBytes: number;
  /** Longest attribute value, in UTF-16 units. Default 8192. */
  readonly maxValueLength: number;
  /** Most details kept of one record. Default 64. */
  readonly maxDetails: number;
}

/** The stated defaults. */
export const DEFAULT_LIMITS: Limits = {
  maxLineBytes: 16 * 1024 * 1024,
  maxRecordBytes: 16 * 1024 * 1024,
  maxValueLength: 8192,
  maxDetails: 64,
};
