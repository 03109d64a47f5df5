import { diag } from '@opentelemetry/api';
import type { LoggerProvider, LoggerProviderOptions, LogRecordExporter } from '@opentelemetry/sdk-logs';
import { createDelivery } from './delivery/create-delivery.ts';
import type { BatchOptions, DeadLetter, Delivery, DeliveryCondition, DeliveryCounts } from './delivery/types.ts';
import { EventCodeProcessor, type EventCodeProcessorOptions } from './event-code-processor.ts';
import { createReporter, type GroupingExporterOptions } from './grouping-exporter.ts';
import { DeliveryProcessor, type EmittedCounts } from './in-process/delivery-processor.ts';
import type { EndingSignal } from './in-process/exit-hooks.ts';
import { createMemoryStore, createSpoolStore, type RecordStore } from './in-process/record-store.ts';
import { loadPackage } from './load-package.ts';
import { type OtlpOptions, positive } from './options.ts';
import { createResourceChooser } from './resource-chooser.ts';
import { CRYPTRAIL_SCOPE } from './scope.ts';
import type { SpoolOptions } from './spool/spool.ts';

/** Options of {@link setUpCryptrail}, by the part they are for. All may be left out. */
export interface SetUpOptions {
  /** Where to: options of OTLP, or an exporter of your own. */
  readonly export?: OtlpOptions | LogRecordExporter;
  /** How records are regrouped by product instance on their way out. */
  readonly grouping?: GroupingExporterOptions;
  /** How lines are read. */
  readonly processor?: EventCodeProcessorOptions;
  /** Sizes, times, and what becomes of a record that the backend refuses for good. Default: waits for the backend for as long as the process lives. */
  readonly batch?: BatchOptions;
  /** Most bytes that wait in memory for the backend; what comes then is dropped, counted and reported. Without effect when `durable`. Default 64 MiB. */
  readonly maxQueueBytes?: number;
  /** Keeps records on disk until the backend has them: each is with the operating system when `emit` returns, and on disk soon after. */
  readonly durable?: SpoolOptions;
  /** Signals on which records are delivered before the process ends by that signal. Default: none, because signals are the application's. */
  readonly flushOnExit?: readonly EndingSignal[];
  /** How long in milliseconds `shutdown`, a signal or the natural end of the process waits for the backend. Default 10 000. */
  readonly exitMillis?: number;
  /** Further options of the provider, e.g. `resource` and `logRecordLimits`. */
  readonly provider?: Omit<LoggerProviderOptions, 'processors'>;
}

/** A logs SDK that knows security events. */
export interface CryptrailSetUp {
  readonly provider: LoggerProvider;
  /** Logger of the provider, for `emitRecord` and `emitEvent`. */
  readonly logger: ReturnType<LoggerProvider['getLogger']>;
  /** Resolves when what was emitted is with the backend, or on disk when `durable`. Never rejects; what fails goes to the OpenTelemetry diagnostics. */
  flush(): Promise<void>;
  /** Resolves when there is room for more. `emit` cannot wait; whoever emits faster than the backend takes awaits this now and then, and loses nothing. */
  room(): Promise<void>;
  /** What was emitted and dropped, delivered and refused so far. */
  counts(): EmittedCounts & DeliveryCounts;
  /** Sends what is gathered and closes. Never rejects. */
  shutdown(): Promise<void>;
}

const MAX_QUEUE_BYTES = 64 * 1024 * 1024;
const EXIT_MILLIS = 10_000;

/**
 * A ready logs SDK in one call: provider, `EventCodeProcessor`, and a delivery over OTLP that waits for the backend instead of losing records. What is
 * emitted while the process ends by itself is delivered, too. Sets no globals: hand the logger or the provider to what should use it.
 *
 * @throws {ExporterError} when an option is wrong, a package is missing, or another process has the spool.
 * @example
 * ```ts
 * const { logger, shutdown } = await setUpCryptrail({ export: { endpoint: 'http://localhost:4318' } });
 * ```
 */
export async function setUpCryptrail(options: SetUpOptions = {}): Promise<CryptrailSetUp> {
  const { LoggerProvider: Provider } = await loadPackage(
    '@opentelemetry/sdk-logs',
    'setUpCryptrail',
    () => import('@opentelemetry/sdk-logs'),
  );
  const exitMillis = positive('exitMillis', options.exitMillis ?? EXIT_MILLIS);
  const delivery = await openDelivery(options);
  const store = await openStore(options, delivery);
  const processor = new DeliveryProcessor({
    store,
    resourceOf: createResourceChooser(options.grouping?.inherit ?? []),
    report: createReporter(options.grouping?.report),
    exitMillis,
    signals: options.flushOnExit ?? [],
  });
  const provider = new Provider({
    ...options.provider,
    processors: [new EventCodeProcessor(options.processor), processor],
  });
  return {
    provider,
    logger: provider.getLogger(CRYPTRAIL_SCOPE.name, CRYPTRAIL_SCOPE.version),
    flush: () => quietly('flush', provider.forceFlush()),
    room: () => store.room(),
    counts: () => ({ ...delivery.counts(), ...processor.counts() }),
    shutdown: () => quietly('shutdown', provider.shutdown()),
  };
}

async function openDelivery({ export: chosen = {}, batch }: SetUpOptions): Promise<Delivery> {
  const defaults: BatchOptions = {
    forever: true,
    background: true,
    onCondition: tellCondition,
    onDeadLetter: tellLetter,
  };
  return createDelivery({
    ...defaults,
    ...(isExporter(chosen) ? { exporter: chosen } : chosen),
    ...batch,
  });
}

async function openStore({ durable, maxQueueBytes }: SetUpOptions, delivery: Delivery): Promise<RecordStore> {
  if (!durable) return createMemoryStore(delivery, positive('maxQueueBytes', maxQueueBytes ?? MAX_QUEUE_BYTES));
  const { Spool } = await import('./spool/spool.ts');
  const spool = await Spool.open(durable, (message) => diag.warn(`cryptrail: ${message}`));
  return createSpoolStore(spool, delivery, (reason) => diag.error(`cryptrail: ${reason}`));
}

function tellCondition(condition: DeliveryCondition): void {
  if (condition.status === 'delivering') diag.warn('cryptrail: the backend takes log records again');
  else diag.warn(`cryptrail: log records wait for the backend: ${condition.reason}`);
}

function tellLetter({ refused, reason }: DeadLetter): void {
  diag.error(`cryptrail: the backend refuses ${refused} log records for good: ${reason}`);
}

function isExporter(value: OtlpOptions | LogRecordExporter): value is LogRecordExporter {
  return 'export' in value && typeof value.export === 'function';
}

async function quietly(step: string, done: Promise<void>): Promise<void> {
  try {
    await done;
  } catch (error) {
    diag.error(`cryptrail: ${step} of the logs SDK failed`, error);
  }
}
