import { createHash, createHmac } from 'node:crypto';
import type { HashPort } from '../src/hash-port.ts';

/** The hashes of Node.js, for tests. */
export const nodeHash: HashPort = {
  sha256: (data) => new Uint8Array(createHash('sha256').update(data).digest()),
  hmacSha256(key, ...parts) {
    const hmac = createHmac('sha256', key);
    for (const part of parts) hmac.update(part);
    return new Uint8Array(hmac.digest());
  },
};
