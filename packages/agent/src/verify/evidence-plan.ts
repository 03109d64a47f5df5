import {
  createAuditNames,
  createDigestEvidence,
  createEvidence,
  type EvidenceOptions,
  joinEvidence,
} from '@cryptrail/integrity';
import type { Evidence } from '@cryptrail/mapper';
import type { SealKey } from '../seal/seal-keys.ts';
import { nodeHash } from './node-hash.ts';

export { joinEvidence } from '@cryptrail/integrity';

/** What is to be verified and added, with keys at hand. */
export interface EvidencePlan extends Pick<EvidenceOptions, 'acra' | 'cesecore'> {
  /** Key of a digest of each raw record. */
  readonly digestKey?: Uint8Array;
  /** Adds the evidence under the draft names of OpenTelemetry. */
  readonly auditNames?: boolean;
  /** Signs a seal of what the agent reads. */
  readonly sealKey?: SealKey;
}

/** Evidence by the plan. Each log needs its own: it remembers what came before. */
export function makeEvidence({ acra, cesecore, digestKey, auditNames = false }: EvidencePlan): Evidence {
  return joinEvidence([
    ...(acra || cesecore
      ? [createEvidence({ hash: nodeHash, ...(acra ? { acra } : {}), ...(cesecore ? { cesecore } : {}) })]
      : []),
    ...(digestKey ? [createDigestEvidence(digestKey, nodeHash)] : []),
    ...(auditNames ? [createAuditNames()] : []),
  ]);
}
