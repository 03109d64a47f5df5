/** Tags of `opentelemetry-proto` 1.10 as they stand in front of values: field number times eight, and how the value lies. */

/** Field 2 of `ScopeLogs`: a record in a run of them. */
export const LOG_RECORD = 0x12;

/** Fields of `LogRecord`. */
export const TIME = 0x09;
export const SEVERITY_NUMBER = 0x10;
export const SEVERITY_TEXT = 0x1a;
export const BODY = 0x2a;
export const ATTRIBUTE = 0x32;
export const TRACE_ID = 0x4a;
export const SPAN_ID = 0x52;
export const OBSERVED_TIME = 0x59;
export const EVENT_NAME = 0x62;

/** Fields of `KeyValue`. */
export const KEY = 0x0a;
export const VALUE = 0x12;

/** Kinds of `AnyValue`. */
export const STRING_VALUE = 0x0a;
export const BOOL_VALUE = 0x10;
export const INT_VALUE = 0x18;
export const DOUBLE_VALUE = 0x21;
export const ARRAY_VALUE = 0x2a;
/** Field 1 of `ArrayValue`. */
export const ITEM = 0x0a;
