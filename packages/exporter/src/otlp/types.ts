/**
 * OTLP log messages in the protobuf JSON mapping: 64-bit integers are decimal strings, ids hex, bytes Base64.
 * Encoders write this shape and decoders of both encodings read into it.
 */

/** Body of one `POST /v1/logs`, and one line of an OTLP JSON file. */
export interface ExportLogsServiceRequest {
  readonly resourceLogs: readonly ResourceLogs[];
}

/** Records of one observed resource. */
export interface ResourceLogs {
  readonly resource: OtlpResource;
  readonly scopeLogs: readonly ScopeLogs[];
  readonly schemaUrl?: string;
}

/** The observed thing: here a product instance. */
export interface OtlpResource {
  readonly attributes: readonly OtlpKeyValue[];
  readonly droppedAttributesCount?: number;
}

/** Records that one library made. */
export interface ScopeLogs {
  readonly scope: OtlpScope;
  readonly logRecords: readonly OtlpLogRecord[];
  readonly schemaUrl?: string;
}

/** The library that made the records. */
export interface OtlpScope {
  readonly name: string;
  readonly version?: string;
  readonly attributes?: readonly OtlpKeyValue[];
  readonly droppedAttributesCount?: number;
}

/** One log record on the wire. */
export interface OtlpLogRecord {
  /** Nanoseconds since 1970 as decimal digits; `0` when unknown. */
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  /** 0 when the source has none. */
  readonly severityNumber: number;
  readonly severityText?: string;
  readonly eventName?: string;
  readonly body?: OtlpAnyValue;
  readonly attributes: readonly OtlpKeyValue[];
  readonly droppedAttributesCount?: number;
  readonly flags?: number;
  /** 32 hex digits. */
  readonly traceId?: string;
  /** 16 hex digits. */
  readonly spanId?: string;
}

/** A named value. */
export interface OtlpKeyValue {
  readonly key: string;
  readonly value: OtlpAnyValue;
}

/** A value: one of the members, or none for an empty value. */
export interface OtlpAnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  /** Decimal digits of a signed 64-bit integer. */
  readonly intValue?: string;
  readonly doubleValue?: OtlpDouble;
  readonly arrayValue?: { readonly values: readonly OtlpAnyValue[] };
  readonly kvlistValue?: { readonly values: readonly OtlpKeyValue[] };
  /** Base64. */
  readonly bytesValue?: string;
}

/** A floating-point number; JSON has no word for three of them. */
export type OtlpDouble = number | 'NaN' | 'Infinity' | '-Infinity';
