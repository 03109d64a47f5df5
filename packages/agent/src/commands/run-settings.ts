import { resolve } from 'node:path';
import { products } from '@cryptrail/catalogue';
import type { FlagRules } from '../command-line/flags.ts';
import { Misuse } from '../command-line/misuse.ts';
import { readCount } from '../command-line/quantity.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { readAddress } from '../run/listen-address.ts';
import { type AgentSettings, SHUTDOWN_TIMEOUT_MILLIS, TELEMETRY_ADDRESS } from '../run/settings.ts';
import { readSealKey } from '../seal/seal-keys.ts';
import { parseInstant } from '../select/instant.ts';
import type { CommonOptions } from '../sources/options.ts';
import type { SourceSetting } from '../sources/table.ts';
import { defaultStateDirectory } from '../state/state-directory.ts';
import { type EvidenceFlags, evidencePlanOfFlags } from './evidence-flags.ts';
import { type FilterFlags, selectionOfFlags } from './filter-flags.ts';
import type { LimitFlags } from './limit-flags.ts';
import { type ReadingFlags, readingOptions } from './reading-flags.ts';
import { type RecordFlags, recordOptions } from './record-flags.ts';

/** Flags that stand for a configuration file. */
export const SOURCE_FLAGS = {
  file: {
    kind: 'paths',
    placeholder: 'GLOB',
    help: 'Read and follow these files, in quotes. May be repeated. - is standard input.',
  },
  exclude: { kind: 'paths', placeholder: 'GLOB', help: 'But not these.' },
  'start-at': {
    kind: 'value',
    choices: ['beginning', 'end'],
    help: 'Where a file begins at the first start. Default beginning.',
  },
  since: { kind: 'value', placeholder: 'TIME', help: 'Pass over records that are older.' },
  'max-rate': { kind: 'value', placeholder: 'N', help: 'Most records a second.' },
} as const satisfies FlagRules;

/** The values of {@link SOURCE_FLAGS}. */
export interface SourceFlags {
  readonly file: readonly string[];
  readonly exclude: readonly string[];
  readonly 'start-at'?: 'beginning' | 'end' | undefined;
  readonly since?: string | undefined;
  readonly 'max-rate'?: string | undefined;
}

/** Flags that say where records and state go. They win over a configuration file. */
export const PLACE_FLAGS = {
  endpoint: {
    kind: 'value',
    placeholder: 'URL',
    help: 'Deliver there, over OTLP. Default: OTEL_EXPORTER_OTLP_ENDPOINT, or http://localhost:4318.',
  },
  state: {
    kind: 'value',
    placeholder: 'DIR',
    help: 'Positions and dead letters. Default: $STATE_DIRECTORY, or ~/.local/state/cryptrail.',
  },
  telemetry: {
    kind: 'value',
    placeholder: 'HOST:PORT',
    help: 'Serve /metrics, /healthz and /readyz there; off: nowhere. Default 127.0.0.1:9464.',
  },
} as const satisfies FlagRules;

/** The values of {@link PLACE_FLAGS}. */
export interface PlaceFlags {
  readonly endpoint?: string | undefined;
  readonly state?: string | undefined;
  readonly telemetry?: string | undefined;
}

type AllFlags = { readonly 'seal-key'?: string | undefined } & SourceFlags &
  PlaceFlags &
  RecordFlags &
  ReadingFlags &
  FilterFlags &
  LimitFlags &
  EvidenceFlags;

/** The settings that flags alone make. */
export async function settingsOfFlags(flags: AllFlags, untilIdle: boolean, terminal: Terminal): Promise<AgentSettings> {
  const reading = readingOptions(flags);
  const keyFile = flags['seal-key'];
  const sealKey = keyFile === undefined ? undefined : await readSealKey(keyFile);
  const plan = await evidencePlanOfFlags(flags, terminal);
  const evidence = sealKey ? { ...plan, sealKey } : plan;
  const settings: AgentSettings = {
    sources: sourcesOf(flags, reading),
    export: {},
    state: defaultStateDirectory(terminal.environment),
    mapping: { products: reading.products, ...recordOptions(flags) },
    ...(evidence ? { evidence } : {}),
    preparation: { selection: selectionOfFlags(flags, reading), dropForeign: flags.foreign === 'drop' },
    ...(untilIdle ? {} : { telemetry: TELEMETRY_ADDRESS }),
    shutdownTimeoutMillis: SHUTDOWN_TIMEOUT_MILLIS,
  };
  return withPlaces(settings, flags);
}

/** The settings with what these flags say in place of what was said before. */
export function withPlaces(settings: AgentSettings, { endpoint, state, telemetry }: PlaceFlags): AgentSettings {
  const { telemetry: before, ...others } = settings;
  const address =
    telemetry === undefined ? before : telemetry === 'off' ? undefined : readAddress('--telemetry', telemetry);
  return {
    ...others,
    ...(endpoint === undefined ? {} : { export: { ...settings.export, otlp: { ...settings.export.otlp, endpoint } } }),
    ...(state === undefined ? {} : { state }),
    ...(address === undefined ? {} : { telemetry: address }),
  };
}

function sourcesOf(flags: SourceFlags & ReadingFlags, reading: ReturnType<typeof readingOptions>): SourceSetting[] {
  const { products: _, input, ...common } = reading;
  const options: CommonOptions & { input?: string } = {
    ...common,
    ...(input === undefined ? {} : { input }),
    ...(flags.since === undefined ? {} : { sinceUnixNano: parseInstant(flags.since, 'first', '--since') }),
    ...(flags['max-rate'] === undefined ? {} : { maxRecordsPerSecond: readCount('--max-rate', flags['max-rate']) }),
  };
  const files = flags.file.filter((path) => path !== '-');
  const sources: SourceSetting[] = [];
  if (files.length > 0)
    sources.push({
      type: 'file',
      options: {
        ...options,
        include: files,
        ...(flags.exclude.length > 0 ? { exclude: flags.exclude } : {}),
        ...(flags['start-at'] === undefined ? {} : { startAt: flags['start-at'] }),
      },
    });
  if (files.length < flags.file.length) sources.push({ type: 'stdin', options });
  if (sources.length > 0) return sources;
  throw new Misuse(
    'What is to be read?',
    "Name files with --file '/var/log/acra/*.log', or a configuration with --config FILE.",
  );
}

/** The state directory that flags, a configuration or the environment name. */
export async function stateDirectoryOf(
  { state, config }: { readonly state?: string | undefined; readonly config?: string | undefined },
  environment: Terminal['environment'],
): Promise<string> {
  if (state !== undefined) return resolve(state);
  if (config === undefined) return resolve(defaultStateDirectory(environment));
  const { loadSettings } = await import('../config-file/load-settings.ts');
  return (await loadSettings(config, { environment, untilIdle: true })).state;
}

/** The settings that a few flags or a configuration make, for commands that look at the agent and do not run it. */
export async function settingsToLookAt(
  flags: PlaceFlags & { readonly config?: string | undefined; readonly file: readonly string[] },
  environment: Terminal['environment'],
): Promise<AgentSettings> {
  if (flags.config !== undefined) {
    if (flags.file.length > 0) throw new Misuse('--config and --file exclude each other.');
    const { loadSettings } = await import('../config-file/load-settings.ts');
    return withPlaces(await loadSettings(flags.config, { environment, untilIdle: false }), flags);
  }
  const bare: AgentSettings = {
    sources: flags.file.length > 0 ? [{ type: 'file', options: { include: flags.file } }] : [],
    export: {},
    state: resolve(defaultStateDirectory(environment)),
    mapping: { products, severity: 'source', original: false, attack: false, blobs: false, limits: {} },
    preparation: { dropForeign: false },
    shutdownTimeoutMillis: SHUTDOWN_TIMEOUT_MILLIS,
  };
  return withPlaces(bare, flags);
}
