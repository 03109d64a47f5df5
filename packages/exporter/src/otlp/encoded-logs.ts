/**
 * Records of one resource and one scope in OTLP protobuf, ready to stand in any request. Requests are put together from
 * groups, and taken apart into them, without encoding a record twice: `records` is a run of length-delimited `LogRecord`s.
 */
export interface EncodedGroup {
  /** A `Resource` message, without tag and length. */
  readonly resource: Uint8Array;
  readonly resourceSchemaUrl?: string;
  /** An `InstrumentationScope` message, without tag and length. */
  readonly scope: Uint8Array;
  readonly scopeSchemaUrl?: string;
  /** For each record: tag `0x12` (field 2 of `ScopeLogs`), length, `LogRecord`. */
  readonly records: Uint8Array;
  /** How many records there are. */
  readonly count: number;
}

/** Records in the order in which they were read, in as many groups as the resource changes. */
export type EncodedLogs = readonly EncodedGroup[];
