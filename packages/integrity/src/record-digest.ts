import type { Evidence } from '@cryptrail/mapper';
import { toHex } from './bytes.ts';
import type { HashPort } from './hash-port.ts';
import { recordBytes } from './record-text.ts';

/** Attribute with the keyed digest of what was read. */
export const DIGEST_ATTRIBUTE = 'cryptrail.evidence.digest';

/**
 * Puts HMAC-SHA256 of each record's own text on the record, under a key of the user's. With the key and the source anybody can show that the two are
 * equal, though the text itself was not exported; without the key nobody can guess a text by trying.
 */
export function createDigestEvidence(key: Uint8Array, hash: HashPort): Evidence {
  return {
    check: (frame, recognition) => ({
      attributes: new Map([[DIGEST_ATTRIBUTE, toHex(hash.hmacSha256(key, recordBytes(frame, recognition)))]]),
      findings: [],
    }),
    finish: () => [],
  };
}
