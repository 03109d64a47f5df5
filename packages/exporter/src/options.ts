import { ExporterError } from './errors.ts';

/** How records travel. */
export type OtlpProtocol = 'http/json' | 'http/protobuf' | 'grpc';

/** Variables of an environment, e.g. `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where to send records and how. Every option falls back to its `OTEL_EXPORTER_OTLP_*` variable, then to the default. */
export interface OtlpOptions {
  /** Default: `OTEL_EXPORTER_OTLP_LOGS_PROTOCOL`, `OTEL_EXPORTER_OTLP_PROTOCOL`, then `http/json`. */
  readonly protocol?: OtlpProtocol | undefined;
  /** Address of the backend, to which HTTP adds `/v1/logs`. Default: `OTEL_EXPORTER_OTLP_ENDPOINT`, then `http://localhost:4318` (4317 for gRPC). */
  readonly endpoint?: string | undefined;
  /** Whole address for logs, taken as it is; wins over `endpoint`. Default: `OTEL_EXPORTER_OTLP_LOGS_ENDPOINT`. */
  readonly url?: string | undefined;
  /** Sent with every request, over those of `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_EXPORTER_OTLP_LOGS_HEADERS`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default: `OTEL_EXPORTER_OTLP_LOGS_COMPRESSION`, `OTEL_EXPORTER_OTLP_COMPRESSION`, then `none`. */
  readonly compression?: 'none' | 'gzip' | 'zstd' | undefined;
  /** Longest time for one export in milliseconds, retries included. Default: `OTEL_EXPORTER_OTLP_LOGS_TIMEOUT`, `OTEL_EXPORTER_OTLP_TIMEOUT`, then 10 000. */
  readonly timeoutMillis?: number | undefined;
  /** PEM files for TLS: authorities to trust, and a certificate and key of one's own. Default: `OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE`, `…_CLIENT_CERTIFICATE`, `…_CLIENT_KEY`, and the same without `LOGS_`. */
  readonly tls?:
    | {
        readonly caFile?: string | undefined;
        readonly certFile?: string | undefined;
        readonly keyFile?: string | undefined;
      }
    | undefined;
  /** Requests at a time; one more fails at once. Default 30. */
  readonly concurrencyLimit?: number | undefined;
  /** Where the variables come from. Default `process.env`. */
  readonly env?: Environment | undefined;
  /** Any further option of the stock exporter, e.g. `httpAgentOptions`, `userAgent` or `credentials`. It is handed on as it is. No meaning for `createDelivery`. */
  readonly stock?: Readonly<Record<string, unknown>> | undefined;
}

/** Options with the environment and the defaults filled in. */
export interface ResolvedOtlpOptions {
  readonly protocol: OtlpProtocol;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: 'none' | 'gzip' | 'zstd';
  readonly timeoutMillis: number;
  /** Absent: the stock exporter's own default. */
  readonly concurrencyLimit?: number;
  readonly tlsFiles: TlsFileNames;
  /** Where else variables are looked up, e.g. those of proxies. */
  readonly environment: Environment;
  readonly stock: Readonly<Record<string, unknown>>;
}

/** Paths of PEM files, by the name of the option of Node.js that takes their content. */
export interface TlsFileNames {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

const PROTOCOLS: readonly OtlpProtocol[] = ['http/json', 'http/protobuf', 'grpc'];
const COMPRESSIONS = ['none', 'gzip', 'zstd'] as const;
const DEFAULT_TIMEOUT_MILLIS = 10_000;

/**
 * Options ← environment ← defaults, in the order of the OpenTelemetry specification.
 * @throws {ExporterError} `invalid_option` for a value that cannot be meant, which the message quotes.
 */
export function resolveOtlpOptions(
  options: OtlpOptions,
  defaultTimeoutMillis = DEFAULT_TIMEOUT_MILLIS,
): ResolvedOtlpOptions {
  const environment = options.env ?? globalThis.process?.env ?? {};
  const read = createEnvironmentReader(environment);
  const protocol = oneOf(PROTOCOLS, 'protocol', options.protocol ?? read('PROTOCOL') ?? 'http/json');
  const timeout = options.timeoutMillis ?? read('TIMEOUT') ?? defaultTimeoutMillis;
  const ca = options.tls?.caFile ?? read('CERTIFICATE');
  const cert = options.tls?.certFile ?? read('CLIENT_CERTIFICATE');
  const key = options.tls?.keyFile ?? read('CLIENT_KEY');
  return {
    protocol,
    url: resolveUrl(options, read, protocol),
    headers: { ...headersOf(read.general('HEADERS')), ...headersOf(read.logs('HEADERS')), ...options.headers },
    compression: oneOf(COMPRESSIONS, 'compression', options.compression ?? read('COMPRESSION') ?? 'none'),
    timeoutMillis: positive('timeoutMillis', timeout),
    ...(options.concurrencyLimit === undefined
      ? {}
      : { concurrencyLimit: positive('concurrencyLimit', options.concurrencyLimit) }),
    tlsFiles: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    },
    environment,
    stock: options.stock ?? {},
  };
}

/**
 * The whole address to which records go with these options, e.g. to name it; it may hold credentials.
 * @throws {ExporterError} `invalid_option` for a value that cannot be meant.
 */
export function resolveEndpoint(options: OtlpOptions): string {
  return resolveOtlpOptions(options).url;
}

/** Reads `OTEL_EXPORTER_OTLP_LOGS_<name>` and, without that, `OTEL_EXPORTER_OTLP_<name>`. Blank counts as unset. */
interface EnvironmentReader {
  (name: string): string | undefined;
  logs(name: string): string | undefined;
  general(name: string): string | undefined;
}

function createEnvironmentReader(env: Environment): EnvironmentReader {
  const value = (name: string) => env[name]?.trim() || undefined;
  const logs = (name: string) => value(`OTEL_EXPORTER_OTLP_LOGS_${name}`);
  const general = (name: string) => value(`OTEL_EXPORTER_OTLP_${name}`);
  return Object.assign((name: string) => logs(name) ?? general(name), { logs, general });
}

function resolveUrl({ url, endpoint }: OtlpOptions, read: EnvironmentReader, protocol: OtlpProtocol): string {
  const whole = url ?? (endpoint === undefined ? read.logs('ENDPOINT') : undefined);
  if (whole !== undefined) return validUrl(url === undefined ? 'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT' : 'url', whole);
  const defaultBase = protocol === 'grpc' ? 'http://localhost:4317' : 'http://localhost:4318';
  const base = validUrl('endpoint', endpoint ?? read.general('ENDPOINT') ?? defaultBase);
  return protocol === 'grpc' ? base : new URL('v1/logs', base.endsWith('/') ? base : `${base}/`).href;
}

function validUrl(name: string, text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  const shown = text.replace(/\/\/[^/@]*@/, '//…@');
  throw new ExporterError('invalid_option', `${name}: expected an http:// or https:// address, found "${shown}"`);
}

/** `a=1,b=two%20words`, percent-encoded, as the specification has it. A pair without `=` is passed over. */
function headersOf(text: string | undefined): Record<string, string> {
  const pairs = (text ?? '').split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at <= 0 ? [] : [[decode(pair.slice(0, at)), decode(pair.slice(at + 1))]];
  });
  return Object.fromEntries(pairs);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return text.trim();
  }
}

function oneOf<T extends string>(words: readonly T[], name: string, text: string): T {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new ExporterError('invalid_option', `${name}: expected one of ${words.join(', ')}, found "${text}"`);
}

/**
 * The value as a number above 0.
 * @throws {ExporterError} `invalid_option` when it is none.
 */
export function positive(name: string, value: unknown): number {
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw new ExporterError('invalid_option', `${name}: expected a number above 0, found "${value}"`);
}
