export {
  type DecodedLogsRequest,
  type DecodeLimits,
  decodeLogsRequest,
  type ExportLogsServiceRequest,
  groupByResource,
  type OtlpAnyValue,
  type OtlpDouble,
  type OtlpError,
  type OtlpErrorCode,
  type OtlpKeyValue,
  type OtlpLogRecord,
  type OtlpResource,
  type OtlpScope,
  type ResourceLogs,
  type ScopeLogs,
  toOtlpJson,
  toOtlpJsonLine,
  toOtlpProtobuf,
} from './otlp/index.ts';
export { CRYPTRAIL_SCOPE, type Scope } from './scope.ts';
export { toReadableLogRecord } from './to-readable-log-record.ts';
