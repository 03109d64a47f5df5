import type { LogRecord } from '@cryptrail/mapper';
import { type Context, diag, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { toHrTime } from './hr-time.ts';
import { withProductResource } from './product-resource.ts';
import { type SdkAttributes, toSdkAttributes } from './sdk-attributes.ts';
import { toSpanContext } from './to-readable-log-record.ts';

/** What we hand to a logger: the members that the logs API of SDK 2.x and of 3.x share. */
export interface EmittedRecord {
  eventName?: string;
  timestamp?: [number, number];
  observedTimestamp?: [number, number];
  severityNumber?: number;
  severityText?: string;
  body?: string;
  attributes?: SdkAttributes;
  context?: Context;
}

/** A logger of the OpenTelemetry logs API: `Logger` of `@opentelemetry/api` 1.10 as well as of `@opentelemetry/api-logs` 0.2xx. */
export interface LoggerLike {
  emit(record: EmittedRecord): void;
}

/**
 * Emits a record through a logger of the application. The record keeps its own time and trace: a span that happens to be active
 * is not attached. Its product resource cannot go through a logger, which has one of its own; with an `EventCodeProcessor` in
 * the provider and `createGroupingExporter` round the exporter it arrives all the same.
 *
 * Never throws; what the logger throws goes to the OpenTelemetry diagnostics.
 *
 * @example
 * ```ts
 * emitRecord(provider.getLogger('my-forwarder'), record);
 * ```
 */
export function emitRecord(logger: LoggerLike, record: LogRecord): void {
  try {
    logger.emit({
      timestamp: toHrTime(record.timeUnixNano),
      observedTimestamp: toHrTime(record.observedTimeUnixNano),
      ...(record.severityNumber === 0 ? {} : { severityNumber: record.severityNumber }),
      ...(record.severityText ? { severityText: record.severityText } : {}),
      ...(record.eventName ? { eventName: record.eventName } : {}),
      body: record.body.toWellFormed(),
      attributes: toSdkAttributes(record.attributes),
      context: contextOf(record),
    });
  } catch (error) {
    diag.error('cryptrail: the logger refused a record', error);
  }
}

function contextOf(record: LogRecord): Context {
  const context = withProductResource(ROOT_CONTEXT, record.resource);
  const spanContext = toSpanContext(record);
  return spanContext ? trace.setSpanContext(context, spanContext) : context;
}
