export { cutGroup } from './cut-records.ts';
export { type DecodedLogsRequest, type DecodeLimits, decodeLogsRequest } from './decode-logs-request.ts';
export { type EncodedInput, encodeInput } from './encode-input.ts';
export { encodeLogs } from './encode-logs.ts';
export { encodeRequest } from './encode-request.ts';
export type { EncodedGroup, EncodedLogs } from './encoded-logs.ts';
export type { OtlpError, OtlpErrorCode } from './fault.ts';
export { joinGroups } from './join-groups.ts';
export { JsonRequest, type RequestLimits, requestJson } from './json-request.ts';
export type { EscapeJson } from './json-text.ts';
export { groupByResource } from './resource-runs.ts';
export { type TakenApart, takeApart } from './take-apart.ts';
export { toOtlpJson, toOtlpJsonLine } from './to-otlp-json.ts';
export { toOtlpProtobuf } from './to-otlp-protobuf.ts';
export type {
  ExportLogsServiceRequest,
  OtlpAnyValue,
  OtlpDouble,
  OtlpKeyValue,
  OtlpLogRecord,
  OtlpResource,
  OtlpScope,
  ResourceLogs,
  ScopeLogs,
} from './types.ts';
