import type { HashPort } from '../hash-port.ts';

/** Where a hash chain begins. */
export const NOTHING_FOLDED: Uint8Array = new Uint8Array(32);

/** The hash chain with one more link. */
export function fold(chain: Uint8Array, link: Uint8Array, hash: HashPort): Uint8Array {
  const both = new Uint8Array(chain.length + link.length);
  both.set(chain);
  both.set(link, chain.length);
  return hash.sha256(both);
}
