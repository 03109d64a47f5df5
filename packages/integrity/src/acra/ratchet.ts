import { equalBytes } from '../bytes.ts';
import type { HashPort } from '../hash-port.ts';
import type { SignedEntry } from './read-entry.ts';

/** Where a chain stands: the key of the next line, and the HMAC of the line before. */
export interface Ratchet {
  readonly key: Uint8Array;
  readonly previous: Uint8Array;
}

/** Before the first line of a chain. */
export function startRatchet(key: Uint8Array, hash: HashPort): Ratchet {
  return { key: hash.sha256(key), previous: new Uint8Array(0) };
}

/** The ratchet behind a line whose value fits; undefined when it does not. Values are compared in constant time. */
export function turn({ key, previous }: Ratchet, entry: SignedEntry, hash: HashPort): Ratchet | undefined {
  for (const data of entry.data) {
    const hmac = hash.hmacSha256(key, data, previous);
    if (equalBytes(hash.sha256(hmac), entry.integrity)) return { key: hash.sha256(key), previous: hmac };
  }
  return undefined;
}

/** The first of the keys that fits the first line of a chain, and the ratchet behind it. */
export function beginChain(
  keys: readonly Uint8Array[],
  entry: SignedEntry,
  hash: HashPort,
): { readonly ratchet: Ratchet; readonly key: number } | undefined {
  for (const [index, key] of keys.entries()) {
    const ratchet = turn(startRatchet(key, hash), entry, hash);
    if (ratchet) return { ratchet, key: index };
  }
  return undefined;
}
