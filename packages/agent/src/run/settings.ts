import type { Product } from '@cryptrail/catalogue';
import type { Limits } from '@cryptrail/mapper';
import type { SourceSetting } from '../sources/table.ts';
import type { EvidencePlan } from '../verify/evidence-plan.ts';
import type { PreparationOptions } from './preparation.ts';

/** Everything that an agent is told, by a configuration file or by flags. */
export interface AgentSettings {
  readonly sources: readonly SourceSetting[];
  readonly export: ExportSettings;
  /** Folder of positions and dead letters. */
  readonly state: string;
  readonly mapping: MappingSettings;
  /** Keys to verify the products' own evidence with, when that is wanted. */
  readonly evidence?: EvidencePlan;
  readonly preparation: PreparationOptions;
  /** Where telemetry listens; absent: nowhere. */
  readonly telemetry?: ListenAddress;
  /** How long what is under way may take at the end. */
  readonly shutdownTimeoutMillis: number;
}

/** What is the same for all records of the agent. */
export interface MappingSettings {
  /** With overlays laid over them. */
  readonly products: readonly Product[];
  readonly severity: 'source' | 'catalogue';
  readonly original: boolean;
  readonly attack: boolean;
  readonly blobs: boolean;
  readonly limits: Partial<Limits>;
}

/** Where records go. Positions move when all destinations have accepted. */
export interface ExportSettings {
  readonly otlp?: OtlpSettings;
  readonly file?: FileSettings;
}

/** An OTLP backend. What is absent comes from `OTEL_EXPORTER_OTLP_*`, then from the defaults of the exporter. */
export interface OtlpSettings {
  readonly endpoint?: string;
  readonly protocol?: 'http/protobuf' | 'http/json' | 'grpc';
  readonly compression?: 'none' | 'gzip' | 'zstd';
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMillis?: number;
  readonly maxBatchBytes?: number;
  readonly maxInFlight?: number;
  readonly tls?: { readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string };
}

/** Files of OTLP JSON Lines. */
export interface FileSettings {
  /** With `%Y`, `%m`, `%d`, `%H` in it; compressed when it ends in `.gz`. */
  readonly path: string;
}

/** Where a listener listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** How long what is under way may take at the end, unless something else is said. */
export const SHUTDOWN_TIMEOUT_MILLIS = 10_000;

/** Where telemetry listens, unless something else is said. */
export const TELEMETRY_ADDRESS: ListenAddress = { host: '127.0.0.1', port: 9464 };
