import { products as catalogue, type Product } from '@cryptrail/catalogue';
import { Misuse } from '../command-line/misuse.ts';
import { parseAddress } from '../run/listen-address.ts';
import type { PreparationOptions } from '../run/preparation.ts';
import {
  type AgentSettings,
  type ExportSettings,
  SHUTDOWN_TIMEOUT_MILLIS,
  TELEMETRY_ADDRESS,
} from '../run/settings.ts';
import { createPseudonyms, createRedaction, joinChanges } from '../run/text-changes.ts';
import { readSealKey } from '../seal/seal-keys.ts';
import { selectionOf } from '../select/selection.ts';
import { vocabularyOf } from '../select/vocabulary.ts';
import type { EvidencePlan } from '../verify/evidence-plan.ts';
import { keyFromFile } from '../verify/key.ts';
import { readProtectionKeys } from '../verify/protection-keys.ts';
import { readOverlayFile } from './overlay-file.ts';
import { compilePattern } from './own-pattern.ts';
import { type PathResolver, resolveSources } from './resolve-paths.ts';
import type { AgentConfig } from './schema/agent.ts';

/** Something in a configuration that shows only when the files that it names are opened. */
export class ConfigFault extends Error {
  readonly path: readonly PropertyKey[];

  constructor(path: readonly PropertyKey[], message: string, options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}

/** What settings need that a configuration does not say. */
export interface SettingsContext {
  readonly resolve: PathResolver;
  readonly defaultState: string;
  readonly untilIdle: boolean;
}

/**
 * The settings that a checked configuration makes. Keys and overlays are read here.
 *
 * @throws {@link ConfigFault} at the first thing that cannot be used.
 */
export async function toSettings(config: AgentConfig, context: SettingsContext): Promise<AgentSettings> {
  const { resolve, defaultState, untilIdle } = context;
  const products = await withOverlays(config.overlays ?? [], resolve);
  const evidence = config.evidence && (await evidencePlan(config.evidence, resolve));
  const telemetry = telemetryAddress(config, untilIdle);
  return {
    sources: resolveSources(config.sources, resolve),
    export: exportSettings(config.export ?? {}, resolve),
    state: config.state === undefined ? defaultState : resolve(config.state),
    mapping: {
      products,
      severity: config.severity ?? 'source',
      original: config.original ?? false,
      attack: config.attack ?? false,
      blobs: config.blobs ?? false,
      limits: {},
    },
    ...(evidence ? { evidence } : {}),
    preparation: await preparationOptions(config, products, resolve),
    ...(telemetry ? { telemetry } : {}),
    shutdownTimeoutMillis: config.shutdown_timeout ?? SHUTDOWN_TIMEOUT_MILLIS,
  };
}

async function withOverlays(files: readonly string[], resolve: PathResolver): Promise<readonly Product[]> {
  let products: readonly Product[] = catalogue;
  for (const [index, file] of files.entries())
    products = await at(['overlays', index], () => readOverlayFile(resolve(file), products));
  return products;
}

async function evidencePlan(
  { acra, cesecore, digest, seal, audit_names: auditNames }: NonNullable<AgentConfig['evidence']>,
  resolve: PathResolver,
): Promise<EvidencePlan> {
  const keys = async (files: readonly string[]) => Promise.all(files.map((file) => keyFromFile(resolve(file))));
  return {
    ...(acra ? { acra: { keys: await at(['evidence', 'acra'], () => keys(acra.key_file)) } } : {}),
    ...(cesecore
      ? { cesecore: { keys: await at(['evidence', 'cesecore'], () => readProtectionKeys(resolve(cesecore.keys))) } }
      : {}),
    ...(digest ? { digestKey: await at(['evidence', 'digest'], () => keyFromFile(resolve(digest.key_file))) } : {}),
    ...(seal ? { sealKey: await at(['evidence', 'seal'], () => readSealKey(resolve(seal.key_file))) } : {}),
    ...(auditNames === undefined ? {} : { auditNames }),
  };
}

function exportSettings({ otlp, file }: NonNullable<AgentConfig['export']>, resolve: PathResolver): ExportSettings {
  if (!otlp) return file ? { file: { path: resolve(file.path) } } : { otlp: {} };
  const { tls, ...others } = otlp;
  const files = tls && {
    ...(tls.caFile ? { caFile: resolve(tls.caFile) } : {}),
    ...(tls.certFile ? { certFile: resolve(tls.certFile) } : {}),
    ...(tls.keyFile ? { keyFile: resolve(tls.keyFile) } : {}),
  };
  return {
    otlp: { ...others, ...(files ? { tls: files } : {}) },
    ...(file ? { file: { path: resolve(file.path) } } : {}),
  };
}

async function preparationOptions(
  { filters, foreign, redaction }: AgentConfig,
  products: readonly Product[],
  resolve: PathResolver,
): Promise<PreparationOptions> {
  const { log_type: logType, ...others } = filters ?? {};
  const wanted = Object.fromEntries(
    Object.entries({ ...others, logType }).filter(([, value]) => value !== undefined),
  ) as Parameters<typeof selectionOf>[0];
  const selection = await at(['filters'], async () => selectionOf(wanted, vocabularyOf(products)));
  const { patterns = [], pseudonymise } = redaction ?? {};
  const compiled = [];
  for (const [index, pattern] of patterns.entries())
    compiled.push(await at(['redaction', 'patterns', index], () => compilePattern(pattern)));
  const key =
    pseudonymise &&
    (await at(['redaction', 'pseudonymise', 'key_file'], () => keyFromFile(resolve(pseudonymise.key_file))));
  const change = joinChanges([
    ...(pseudonymise && key ? [createPseudonyms(pseudonymise.attributes, key)] : []),
    ...(compiled.length > 0 ? [createRedaction(compiled)] : []),
  ]);
  return { selection, dropForeign: foreign === 'drop', change };
}

function telemetryAddress({ telemetry }: AgentConfig, untilIdle: boolean): AgentSettings['telemetry'] {
  if (telemetry === undefined) return untilIdle ? undefined : TELEMETRY_ADDRESS;
  return telemetry.listen === 'off' ? undefined : parseAddress(telemetry.listen);
}

/** What goes wrong is told at its place; words about flags mean the key of the same name. */
async function at<Result>(path: readonly PropertyKey[], make: () => Promise<Result>): Promise<Result> {
  try {
    return await make();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigFault(path, error instanceof Misuse ? message.replaceAll('--', '') : message, { cause: error });
  }
}
