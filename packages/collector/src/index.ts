export { collectorFiles, type FilesOptions, hasPack } from './files.ts';
export { packLimits } from './limits.ts';
export {
  collectorFragment,
  collectorPack,
  journalFragment,
  type PackOptions,
  sharedFragmentFiles,
  sqlPack,
} from './pack.ts';
export { PROFILES, type Profile } from './profiles.ts';
export { logVariable, unitVariable } from './receivers.ts';
export { SQL_VERSION, sqlLimits, sqlVariables, type TableFormat, tableFormat } from './sql.ts';
export {
  type CollectorNames,
  type CollectorRelease,
  namesOf,
  RELEASES,
  STRICT_GATE,
  TESTED_VERSION,
} from './versions.ts';
