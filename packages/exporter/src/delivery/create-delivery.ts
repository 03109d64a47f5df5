import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import { type OtlpOptions, positive, resolveOtlpOptions } from '../options.ts';
import { BatchedDelivery } from './batched-delivery.ts';
import { createExporterSender } from './exporter-sender.ts';
import type { Sender } from './sender.ts';
import type { BatchLimits, BatchOptions, Delivery } from './types.ts';

/** Options of {@link createDelivery}: where to, as for `createExporter`, and how much at a time. */
export interface DeliveryOptions extends Omit<OtlpOptions, 'timeoutMillis'>, BatchOptions {
  /** Sends through this exporter instead, with what the SDK's encoders can carry; the options of OTLP are then without effect. */
  readonly exporter?: LogRecordExporter | undefined;
}

const DEFAULTS = {
  timeoutMillis: 60_000,
  requestMillis: 10_000,
  maxBatchBytes: 4 * 1024 * 1024,
  maxBatchRecords: 4096,
  maxInFlight: 4,
  lingerMillis: 200,
};

/**
 * Opens a delivery of records to an OTLP backend: requests by size, grouped by resource, several under way, waiting and trying again as the backend
 * asks; the one record that it refuses is found and told apart from the others. Keeps the order of records of one resource within one
 * request. Records may arrive twice (an answer that got lost, the search for a refused record), always with equal content. Once open,
 * nothing throws: the result tells.
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
  return new BatchedDelivery(sender, limits, options);
}

function resolveLimits(options: DeliveryOptions): BatchLimits {
  const forever = options.forever ?? false;
  const assumedMillis = forever ? DEFAULTS.requestMillis : DEFAULTS.timeoutMillis;
  const limit = (name: 'maxBatchBytes' | 'maxBatchRecords' | 'maxInFlight' | 'lingerMillis') =>
    positive(name, options[name] ?? DEFAULTS[name]);
  const [maxBatchBytes, maxInFlight] = [limit('maxBatchBytes'), limit('maxInFlight')];
  return {
    timeoutMillis: resolveOtlpOptions(options, assumedMillis).timeoutMillis,
    forever,
    maxBatchBytes,
    maxBatchRecords: limit('maxBatchRecords'),
    maxInFlight,
    maxHeldBytes: positive('maxHeldBytes', options.maxHeldBytes ?? maxBatchBytes * (maxInFlight + 1)),
    lingerMillis: limit('lingerMillis'),
    background: options.background ?? false,
  };
}

/** The ways are loaded when one is taken: they need Node.js, and gRPC a package of its own. */
export async function openSender(
  options: OtlpOptions,
  { maxInFlight }: Pick<BatchLimits, 'maxInFlight'>,
): Promise<Sender> {
  const resolved = resolveOtlpOptions(options);
  if (resolved.protocol === 'grpc') {
    const { createGrpcSender } = await import('./grpc-sender.ts');
    return createGrpcSender(resolved);
  }
  const { createHttpSender } = await import('./http-sender.ts');
  return createHttpSender(resolved, maxInFlight);
}
