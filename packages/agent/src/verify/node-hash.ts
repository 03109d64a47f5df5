import { hash } from 'node:crypto';
import type { HashPort } from '@cryptrail/integrity';

const BLOCK = 64;
const INNER = 0x36;
const OUTER = 0x5c;
const LARGEST_KEPT = 1024 * 1024;

/**
 * The hashes of Node.js. HMAC is put together from one-shot hashes (RFC 2104): a chain has a new key on every line, and `createHmac` costs
 * several times the hashing itself for each.
 */
export const nodeHash: HashPort = createNodeHash();

function createNodeHash(): HashPort {
  let inner = new Uint8Array(4096);
  const outer = new Uint8Array(BLOCK + 32);

  const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');

  function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
    const block = key.length > BLOCK ? sha256(key) : key;
    const length = parts.reduce((sum, part) => sum + part.length, BLOCK);
    if (inner.length < length) inner = new Uint8Array(length);
    pad(inner, block, INNER);
    pad(outer, block, OUTER);
    let at = BLOCK;
    for (const part of parts) {
      inner.set(part, at);
      at += part.length;
    }
    outer.set(sha256(inner.subarray(0, length)), BLOCK);
    const hmac = sha256(outer);
    // No key stays behind in memory that is kept.
    inner.fill(0, 0, BLOCK);
    outer.fill(0);
    if (inner.length > LARGEST_KEPT) inner = new Uint8Array(4096);
    return hmac;
  }

  return { sha256, hmacSha256 };
}

function pad(target: Uint8Array, key: Uint8Array, mask: number): void {
  for (let at = 0; at < BLOCK; at += 1) target[at] = (key[at] ?? 0) ^ mask;
}
