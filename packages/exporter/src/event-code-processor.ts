import { products } from '@cryptrail/catalogue';
import type { LogRecord, PipelineOptions } from '@cryptrail/mapper';
import { type Context, diag } from '@opentelemetry/api';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { toHrTime } from './hr-time.ts';
import { resourceInContext, setProductResource } from './product-resource.ts';
import { createSdkRecordReader, type FoundRecord, type SdkRecordContent } from './read-sdk-record.ts';
import { toSdkValue } from './sdk-attributes.ts';
import { toSpanContext } from './to-readable-log-record.ts';

type SdkRecord = Parameters<LogRecordProcessor['onEmit']>[0];

/** Options of {@link EventCodeProcessor}: how lines are read, as for `createPipeline`, and what happens around it. */
export interface EventCodeProcessorOptions extends Partial<PipelineOptions> {
  /** Records for which this gives true pass unread. Default: none. Records that already have an event name are never read. */
  readonly skip?: (record: SdkRecordContent) => boolean;
  /** Gets every record after it was read. Needed only where an SDK takes a single processor; else list this one before the others. */
  readonly next?: LogRecordProcessor;
}

/**
 * Recognises security events among the records of an OpenTelemetry SDK, 3.x or 2.x, and completes them in place: event name, body,
 * time and attributes as the line itself says, severity where the record has none.
 *
 * Looks for a product's line in the body (text, also broken text, or its parsed JSON) and in the attributes (a parsed JSON line, its message in the
 * body). Source fields that stood in attributes are replaced by the mapped ones, so that no secret among them leaves. Every other
 * record stays as it is, as does the resource, always. Never throws.
 *
 * @example
 * ```ts
 * const provider = new LoggerProvider({ processors: [new EventCodeProcessor(), new BatchLogRecordProcessor({ exporter })] });
 * ```
 */
export class EventCodeProcessor implements LogRecordProcessor {
  readonly #find: (content: SdkRecordContent) => FoundRecord | undefined;
  readonly #skip: (record: SdkRecordContent) => boolean;
  readonly #next: LogRecordProcessor | undefined;
  #isBusy = false;
  #isShutDown = false;
  #hasReported = false;

  constructor({ skip, next, ...pipelineOptions }: EventCodeProcessorOptions = {}) {
    // The SDK knows the time of reading.
    this.#find = createSdkRecordReader({ products, now: () => 0n, ...pipelineOptions });
    this.#skip = skip ?? (() => false);
    this.#next = next;
  }

  onEmit(record: SdkRecord, context?: Context): void {
    this.#guard(() => this.#complete(record, context));
    if (this.#next) this.#guard(() => this.#next?.onEmit(record, context));
  }

  /** Needs no record for itself, so it never keeps a logger enabled that nobody else listens to. */
  enabled(options: Parameters<NonNullable<LogRecordProcessor['enabled']>>[0]): boolean {
    if (!this.#next) return false;
    return this.#next.enabled?.(options) ?? true;
  }

  async forceFlush(): Promise<void> {
    await this.#next?.forceFlush();
  }

  async shutdown(): Promise<void> {
    this.#isShutDown = true;
    await this.#next?.shutdown();
  }

  #complete(record: SdkRecord, context: Context | undefined): void {
    if (this.#isShutDown) return;
    const resource = resourceInContext(context);
    if (resource) setProductResource(record, resource);
    if (record.eventName || this.#isBusy || this.#skip(record)) return;
    this.#isBusy = true;
    try {
      const found = this.#find(record);
      if (found) complete(record, found);
    } finally {
      this.#isBusy = false;
    }
  }

  /** Runs a step that must not reach the application. Reports once: what fails for one record fails for thousands. */
  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (this.#hasReported) return;
      this.#hasReported = true;
      diag.error('cryptrail: EventCodeProcessor left a record as it was; further ones are not reported', error);
    }
  }
}

function complete(target: SdkRecord, { record, consumed }: FoundRecord): void {
  const body = record.body.toWellFormed();
  target.setBody(body);
  // A record that was emitted before can only be read; the SDK has said so to its diagnostics by now.
  if (target.body !== body) return;
  if (record.eventName) target.setEventName(record.eventName);
  if (!target.severityNumber && record.severityNumber !== 0) target.setSeverityNumber(record.severityNumber);
  if (!target.severityText && record.severityText) target.setSeverityText(record.severityText);
  if (record.timeUnixNano !== 0n) target.hrTime = toHrTime(record.timeUnixNano);
  const spanContext = toSpanContext(record);
  if (spanContext) target.spanContext = spanContext;
  replaceAttributes(target, record, consumed);
  setProductResource(target, record.resource);
}

function replaceAttributes(target: SdkRecord, record: LogRecord, consumed: readonly string[]): void {
  for (const name of consumed) delete target.attributes[name];
  record.attributes.forEach((value, name) => {
    target.setAttribute(name, toSdkValue(value));
  });
}
