import { diag } from '@opentelemetry/api';
import type {
  BatchLogRecordProcessorOptions,
  LoggerProvider,
  LoggerProviderOptions,
  LogRecordExporter,
} from '@opentelemetry/sdk-logs';
import { createExporter } from './create-exporter.ts';
import { EventCodeProcessor, type EventCodeProcessorOptions } from './event-code-processor.ts';
import { createGroupingExporter, type GroupingExporterOptions } from './grouping-exporter.ts';
import { loadPackage } from './load-package.ts';
import type { OtlpOptions } from './options.ts';
import { CRYPTRAIL_SCOPE } from './scope.ts';

/** Options of {@link setUpCryptrail}, by the part they are for. All may be left out. */
export interface SetUpOptions {
  /** Where to: options of OTLP, or an exporter of your own. */
  readonly export?: OtlpOptions | LogRecordExporter;
  /** How records are regrouped by product instance on their way out. */
  readonly grouping?: GroupingExporterOptions;
  /** How lines are read. */
  readonly processor?: EventCodeProcessorOptions;
  /** Sizes and delays of the SDK's batch processor. */
  readonly batch?: Omit<BatchLogRecordProcessorOptions, 'exporter'>;
  /** Further options of the provider, e.g. `resource` and `logRecordLimits`. */
  readonly provider?: Omit<LoggerProviderOptions, 'processors'>;
}

/** A logs SDK that knows security events. */
export interface CryptrailSetUp {
  readonly provider: LoggerProvider;
  /** Logger of the provider, for `emitRecord` and `emitEvent`. */
  readonly logger: ReturnType<LoggerProvider['getLogger']>;
  /** Sends what is gathered. Never rejects; what fails goes to the OpenTelemetry diagnostics. */
  flush(): Promise<void>;
  /** Sends what is gathered and closes. Never rejects. */
  shutdown(): Promise<void>;
}

/**
 * A ready logs SDK in one call: provider, `EventCodeProcessor`, batches, OTLP exporter. Sets no globals: hand the logger or the
 * provider to what should use it.
 *
 * @throws {ExporterError} when an option is wrong or a package is missing.
 * @example
 * ```ts
 * const { logger, shutdown } = await setUpCryptrail({ export: { endpoint: 'http://localhost:4318' } });
 * ```
 */
export async function setUpCryptrail(options: SetUpOptions = {}): Promise<CryptrailSetUp> {
  const { LoggerProvider: Provider, BatchLogRecordProcessor } = await loadPackage(
    '@opentelemetry/sdk-logs',
    'setUpCryptrail',
    () => import('@opentelemetry/sdk-logs'),
  );
  const chosen = options.export ?? {};
  const exporter = createGroupingExporter(isExporter(chosen) ? chosen : await createExporter(chosen), options.grouping);
  const provider = new Provider({
    ...options.provider,
    processors: [
      new EventCodeProcessor(options.processor),
      new BatchLogRecordProcessor({ ...options.batch, exporter }),
    ],
  });
  return {
    provider,
    logger: provider.getLogger(CRYPTRAIL_SCOPE.name, CRYPTRAIL_SCOPE.version),
    flush: () => quietly('flush', provider.forceFlush()),
    shutdown: () => quietly('shutdown', provider.shutdown()),
  };
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
