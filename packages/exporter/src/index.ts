export { createExporter } from './create-exporter.ts';
export { createDelivery, type DeliveryOptions } from './delivery/create-delivery.ts';
export { type BackendProbe, probeBackend } from './delivery/probe-backend.ts';
export type {
  BatchOptions,
  DeadLetter,
  Delivery,
  DeliveryCondition,
  DeliveryCounts,
  DeliveryResult,
  PushOptions,
  Settlement,
} from './delivery/types.ts';
export { type EventDetails, emitEvent } from './emit-event.ts';
export { type EmittedRecord, emitRecord, type LoggerLike } from './emit-record.ts';
export { ExporterError, type ExporterErrorCode } from './errors.ts';
export { EventCodeProcessor, type EventCodeProcessorOptions } from './event-code-processor.ts';
export { createGroupingExporter, type GroupingExporterOptions, type RecordProblem } from './grouping-exporter.ts';
export type { EmittedCounts } from './in-process/delivery-processor.ts';
export type { EndingSignal } from './in-process/exit-hooks.ts';
export { type Environment, type OtlpOptions, type OtlpProtocol, resolveEndpoint } from './options.ts';
export {
  cutGroup,
  type DecodedLogsRequest,
  type DecodeLimits,
  decodeLogsRequest,
  type EncodedGroup,
  type EncodedInput,
  type EncodedLogs,
  type ExportLogsServiceRequest,
  encodeInput,
  encodeLogs,
  encodeRequest,
  groupByResource,
  joinGroups,
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
  type TakenApart,
  takeApart,
  toOtlpJson,
  toOtlpJsonLine,
  toOtlpProtobuf,
} from './otlp/index.ts';
export { createRecordFinder, type FoundRecord, type SdkRecordContent } from './read-sdk-record.ts';
export { CRYPTRAIL_SCOPE, type Scope } from './scope.ts';
export type { SdkAttributes, SdkAttributeValue } from './sdk-attributes.ts';
export { type CryptrailSetUp, type SetUpOptions, setUpCryptrail } from './set-up.ts';
export type { SpoolOptions } from './spool/spool.ts';
export { toReadableLogRecord } from './to-readable-log-record.ts';
