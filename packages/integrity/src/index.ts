export { type ChainOptions, type ChainVerifier, createChainVerifier, type LineStatus } from './acra/chain.ts';
export {
  type ChainFollower,
  createChainFollower,
  type Followed,
  type FollowedFinding,
  type FollowedStatus,
} from './acra/follow.ts';
export { type ChainFormat, detectFormat } from './acra/read-entry.ts';
export { type ChainSnapshot, readSnapshot } from './acra/snapshot.ts';
export type { Chain, ChainErrorClass, ChainNoteClass, ChainVerdict, ChainWarningClass, Place } from './acra/verdict.ts';
export { createAuditNames } from './audit-names.ts';
export type { Finding, FindingClass } from './cesecore/finding.ts';
export type { DeviceError, WritingDevice } from './cesecore/gap-causes.ts';
export type { ComparedEvent } from './cesecore/log-against-table.ts';
export type { OfficialElement } from './cesecore/official.ts';
export { readAuditRow } from './cesecore/read-row.ts';
export type { AuditRow } from './cesecore/row.ts';
export { checkRow, type ProtectionKey, type ProtectionKeys, type RowVerdict } from './cesecore/row-protection.ts';
export { checkSequences, type NodeSequences, type SequencedRow } from './cesecore/sequences.ts';
export {
  createTableVerifier,
  type NodeLog,
  type RowPlace,
  type TableRow,
  type TableVerdict,
  type TableVerifier,
} from './cesecore/table.ts';
export { createEvidence, type EvidenceOptions } from './evidence.ts';
export { verifyExportedChain } from './exported/chain.ts';
export type { ExportedRecord } from './exported/exported-record.ts';
export { readExport } from './exported/read-export.ts';
export type { HashPort } from './hash-port.ts';
export { joinEvidence } from './join-evidence.ts';
export { createDigestEvidence, DIGEST_ATTRIBUTE } from './record-digest.ts';
export {
  type BrokenSegment,
  createStreamMatcher,
  type Leaf,
  type StreamMatcher,
  type StreamVerdict,
} from './seal/compare.ts';
export { createLeafEvidence, exportedLeaves } from './seal/leaves.ts';
export { type ReadSeal, readSeal, type SealError } from './seal/read-seal.ts';
export type { SealState, StreamState } from './seal/seal-state.ts';
export { createSealer, type Sealer, type SealerOptions } from './seal/sealer.ts';
