import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import { ExporterError } from './errors.ts';
import { loadPackage } from './load-package.ts';
import { type OtlpOptions, type OtlpProtocol, type ResolvedOtlpOptions, resolveOtlpOptions } from './options.ts';

interface ExporterModule {
  readonly OTLPLogExporter: new (options: never) => LogRecordExporter;
}

const LOADERS: Readonly<Record<OtlpProtocol, readonly [name: string, load: () => Promise<ExporterModule>]>> = {
  'http/json': ['@opentelemetry/exporter-logs-otlp-http', () => import('@opentelemetry/exporter-logs-otlp-http')],
  'http/protobuf': ['@opentelemetry/exporter-logs-otlp-proto', () => import('@opentelemetry/exporter-logs-otlp-proto')],
  grpc: ['@opentelemetry/exporter-logs-otlp-grpc', () => import('@opentelemetry/exporter-logs-otlp-grpc')],
};

/**
 * The stock OTLP exporter of the chosen protocol, loaded now, with options, `OTEL_EXPORTER_OTLP_*` variables and defaults as the
 * OpenTelemetry specification has them.
 *
 * @throws {ExporterError} `invalid_option`, or `missing_package` when the protocol's package is not installed.
 * @example
 * ```ts
 * const exporter = await createExporter({ endpoint: 'http://localhost:4318' });
 * ```
 */
export async function createExporter(options: OtlpOptions = {}): Promise<LogRecordExporter> {
  return openExporter(resolveOtlpOptions(options));
}

/** {@link createExporter} for options that are resolved already. */
export async function openExporter(resolved: ResolvedOtlpOptions): Promise<LogRecordExporter> {
  if (resolved.compression === 'zstd') {
    throw new ExporterError(
      'invalid_option',
      'compression: the stock exporters know none and gzip; "zstd" is for deliveries',
    );
  }
  const [name, load] = LOADERS[resolved.protocol];
  const { OTLPLogExporter } = await loadPackage(name, `protocol "${resolved.protocol}"`, load);
  const stockOptions = resolved.protocol === 'grpc' ? await grpcOptions(resolved) : await httpOptions(resolved);
  return new OTLPLogExporter(stockOptions as never);
}

/** Options of the two HTTP exporters. */
async function httpOptions(resolved: ResolvedOtlpOptions): Promise<Record<string, unknown>> {
  const { url, headers, compression, timeoutMillis, concurrencyLimit, stock } = resolved;
  const { openTlsFiles } = await import('./delivery/tls-files.ts');
  const { material: tls } = await (await openTlsFiles(resolved.tlsFiles)).current();
  const agent = Object.keys(tls).length === 0 ? {} : { httpAgentOptions: { keepAlive: true, ...tls } };
  const limit = concurrencyLimit === undefined ? {} : { concurrencyLimit };
  return { url, headers: { ...headers }, compression, timeoutMillis, ...limit, ...agent, ...stock };
}

/** gRPC takes headers as `Metadata`, and reads the TLS variables by itself unless `stock.credentials` is given. */
async function grpcOptions(resolved: ResolvedOtlpOptions): Promise<Record<string, unknown>> {
  const { url, headers, compression, timeoutMillis, concurrencyLimit, stock } = resolved;
  const metadata = Object.keys(headers).length === 0 ? {} : { metadata: await toMetadata(headers) };
  const limit = concurrencyLimit === undefined ? {} : { concurrencyLimit };
  return { url, ...metadata, compression, timeoutMillis, ...limit, ...stock };
}

async function toMetadata(headers: Readonly<Record<string, string>>): Promise<unknown> {
  const { Metadata } = await loadPackage(
    '@grpc/grpc-js',
    'headers with protocol "grpc"',
    () => import('@grpc/grpc-js'),
  );
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}
