import { createHash, createHmac } from 'node:crypto';
import type { HashPort } from '@cryptrail/integrity';

/** The hashes of Node.js. */
export const nodeHash: HashPort = {
  sha256: (data) => createHash('sha256').update(data).digest(),
  hmacSha256(key, ...parts) {
    const hmac = createHmac('sha256', key);
    for (const part of parts) hmac.update(part);
    return hmac.digest();
  },
};
