import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import { openExporter } from '../create-exporter.ts';
import { type OtlpOptions, positive, resolveOtlpOptions } from '../options.ts';
import { BatchedDelivery, type BatchLimits, type BatchOptions, DEFAULTS, type Delivery } from './batched-delivery.ts';
import { createExactSender } from './exact-sender.ts';
import { createExporterSender, type Sender } from './sender.ts';

/** Options of {@link createDelivery}: where to, as for `createExporter`, and how much at a time. */
export interface DeliveryOptions extends OtlpOptions, BatchOptions {
  /** Sends through this exporter instead, with what the SDK's encoders can carry; the options of OTLP are then without effect. */
  readonly exporter?: LogRecordExporter | undefined;
  /** Longest time in milliseconds for one batch, with retries and the waits that the backend asks for. Default: the variables of OTLP, then 60 000. */
  readonly timeoutMillis?: number | undefined;
}

/**
 * Opens a delivery of records to an OTLP backend: batches by size, grouped by resource, several requests under way, waiting
 * and retrying as the backend asks. Keeps the order of records within one request. Once open, nothing throws: the result tells.
 *
 * @throws {ExporterError} when an option is wrong or a package is missing.
 * @example
 * ```ts
 * const delivery = await createDelivery({ endpoint: 'http://localhost:4318' });
 * for (const record of records) await delivery.push(record);
 * const { delivered, refused } = await delivery.end();
 * ```
 */
export async function createDelivery(options: DeliveryOptions = {}): Promise<Delivery> {
  const limits = resolveLimits(options);
  const sender = options.exporter ? createExporterSender(options.exporter) : await openSender(options, limits);
  return new BatchedDelivery(sender, limits);
}

function resolveLimits(options: DeliveryOptions): BatchLimits {
  const limit = (name: keyof BatchLimits) => positive(name, options[name] ?? DEFAULTS[name]);
  return {
    timeoutMillis: resolveOtlpOptions(options, DEFAULTS.timeoutMillis).timeoutMillis,
    maxBatchBytes: limit('maxBatchBytes'),
    maxBatchRecords: limit('maxBatchRecords'),
    maxInFlight: limit('maxInFlight'),
  };
}

async function openSender(options: DeliveryOptions, { maxInFlight }: BatchLimits): Promise<Sender> {
  const resolved = resolveOtlpOptions(options, DEFAULTS.timeoutMillis);
  const limited = { ...resolved, concurrencyLimit: Math.max(resolved.concurrencyLimit ?? 0, maxInFlight) };
  return resolved.protocol === 'grpc' ? createExporterSender(await openExporter(limited)) : createExactSender(limited);
}
