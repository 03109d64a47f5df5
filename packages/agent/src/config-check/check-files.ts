import type { ConfigurationFile } from '@cryptrail/catalogue/entries';
import { type Assignments, readAssignments } from './assignments.ts';
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

/** What was found in one of several files. */
export interface FileReport extends ConfigurationReport {
  readonly file: string;
  /** Other file → keys whose effective value differs there; absent where nothing differs. */
  readonly drift_with?: Readonly<Record<string, readonly string[]>>;
}

/** A file that is no configuration of any known product. */
export interface UnknownFile {
  readonly file: string;
  readonly problems: readonly string[];
}

/** Checks configuration files of products, each by itself and against the others of its kind: machines of one set should be configured alike. Pure. */
export function checkFiles(
  texts: readonly ConfigurationText[],
  rules: readonly ConfigurationFile[],
): readonly (FileReport | UnknownFile)[] {
  const read = texts.map(({ file, text }) => {
    const given = readAssignments(text);
    return { file, given, rule: rules.find((rule) => isConfigurationOf(rule, given)) };
  });
  return read.map(({ file, given, rule }) => {
    if (!rule) return { file, problems: [UNKNOWN] };
    const others = read.filter((other) => other.file !== file && other.rule === rule);
    const drift = driftWith(rule, given, others);
    return { file, ...checkConfiguration(rule, given), ...(drift ? { drift_with: drift } : {}) };
  });
}

const UNKNOWN = 'this is no configuration file of a known product';

function driftWith(
  rule: ConfigurationFile,
  given: Assignments,
  others: readonly { readonly file: string; readonly given: Assignments }[],
): Record<string, string[]> | undefined {
  const pairs = others.map((other) => [other.file, driftBetween(rule, given, other.given)] as const);
  const differing = pairs.filter(([, keys]) => keys.length > 0);
  return differing.length === 0 ? undefined : Object.fromEntries(differing);
}
