/** What the components are called in a release of the Collector, and how far the packs were tried on it. */
export interface CollectorNames {
  readonly fileLog: string;
  readonly otlpHttp: string;
  readonly journald: string;
  readonly sqlQuery: string;
  readonly transform: string;
  readonly groupByAttributes: string;
  readonly fileStorage: string;
  readonly signalToMetrics: string;
  /** Functions of OTTL that the release does not know: statements that call them are left out. */
  readonly lacks: readonly string[];
}

/** A range of releases with the same names, from `from` on. */
export interface CollectorRelease {
  /** First minor release, e.g. 149 for 0.149. */
  readonly from: number;
  readonly names: CollectorNames;
}

const OLD: CollectorNames = {
  fileLog: 'filelog',
  otlpHttp: 'otlphttp',
  journald: 'journald',
  sqlQuery: 'sqlquery',
  transform: 'transform',
  groupByAttributes: 'groupbyattrs',
  fileStorage: 'file_storage',
  signalToMetrics: 'signaltometrics',
  lacks: ['stringify_all'],
};

const NEW: CollectorNames = {
  ...OLD,
  fileLog: 'file_log',
  otlpHttp: 'otlp_http',
  signalToMetrics: 'signal_to_metrics',
};

/** Names by release, the newest last. Before 0.140 functions are missing that no pack can do without (`TrimPrefix`). */
export const RELEASES: readonly CollectorRelease[] = [
  { from: 140, names: OLD },
  { from: 149, names: NEW },
  { from: 155, names: { ...NEW, lacks: [] } },
];

/** The release on which every pack is started by the tests. */
export const TESTED_VERSION = '0.160';

/** The names of a release; undefined for a text that is no release the packs can be written for. */
export function namesOf(version: string): CollectorNames | undefined {
  const minor = /^v?0\.(\d{1,4})(?:\.\d{1,4})?$/.exec(version)?.[1];
  if (minor === undefined) return undefined;
  return RELEASES.findLast(({ from }) => from <= Number(minor))?.names;
}

/**
 * Without this gate (alpha, since 0.122) up to 100 lines wait in memory while their place in the file is stored already: a kill loses them. It cannot be
 * set in a configuration, only on the command line.
 */
export const STRICT_GATE = 'stanza.synchronousLogEmitter';
