import type { ConfigurationFile } from '@cryptrail/catalogue/entries';
import { type Assignments, readAssignments } from './assignments.ts';
import { type CesecoreReport, checkCesecoreProperties, isCesecoreProperties } from './database-protection.ts';
import { type JavaProperties, readJavaProperties } from './java-properties.ts';
import {
  type ConfigurationReport,
  checkConfiguration,
  driftBetween,
  isConfigurationOf,
} from './product-configuration.ts';

/** A file as it was read. */
export interface ConfigurationText {
  /** As the user named it. */
  readonly file: string;
  readonly text: string;
}

/** A file that is no configuration of any known product. */
export interface UnknownReport {
  readonly problems: readonly string[];
}

/** A configuration of the agent itself. */
export interface AgentReport {
  /** Each with line and column. */
  readonly problems: readonly string[];
  /** Types of the sources, in their order; empty when it cannot be used. */
  readonly sources: readonly string[];
}

/** What was found in one of several files. */
export type FileReport = (ConfigurationReport | CesecoreReport | AgentReport | UnknownReport) & {
  readonly file: string;
  /** Other file → keys whose effective value differs there; absent where nothing differs. */
  readonly drift_with?: Readonly<Record<string, readonly string[]>>;
};

/** A file read as what it is. */
type Read =
  | { readonly kind: 'log'; readonly file: string; readonly rule: ConfigurationFile; readonly given: Assignments }
  | { readonly kind: 'properties'; readonly file: string; readonly given: JavaProperties }
  | { readonly kind: 'unknown'; readonly file: string };

/** Checks configuration files of products, each by itself and against the others of its kind: machines of one set should be configured alike. Pure. */
export function checkFiles(
  texts: readonly ConfigurationText[],
  rules: readonly ConfigurationFile[],
): readonly FileReport[] {
  const read = texts.map((text) => readFile(text, rules));
  return read.map((one) => {
    const drift = driftWith(one, read);
    return { file: one.file, ...reportOn(one), ...(drift ? { drift_with: drift } : {}) };
  });
}

function readFile({ file, text }: ConfigurationText, rules: readonly ConfigurationFile[]): Read {
  const assignments = readAssignments(text);
  const rule = rules.find((one) => isConfigurationOf(one, assignments));
  if (rule) return { kind: 'log', file, rule, given: assignments };
  const properties = readJavaProperties(text);
  return isCesecoreProperties(properties) ? { kind: 'properties', file, given: properties } : { kind: 'unknown', file };
}

function reportOn(read: Read): ConfigurationReport | CesecoreReport | UnknownReport {
  switch (read.kind) {
    case 'log':
      return checkConfiguration(read.rule, read.given);
    case 'properties':
      return checkCesecoreProperties(read.given);
    case 'unknown':
      return { problems: ['this is no configuration file of a known product'] };
  }
}

function driftWith(one: Read, all: readonly Read[]): Record<string, string[]> | undefined {
  if (one.kind !== 'log') return undefined;
  const pairs = all.flatMap((other) => {
    if (other.kind !== 'log' || other.file === one.file || other.rule !== one.rule) return [];
    return [[other.file, driftBetween(one.rule, one.given, other.given)] as const];
  });
  const differing = pairs.filter(([, keys]) => keys.length > 0);
  return differing.length === 0 ? undefined : Object.fromEntries(differing);
}
