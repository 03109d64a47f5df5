import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeHash } from './node-hash.ts';

describe('nodeHash', () => {
  it('C45 gives what createHash and createHmac give, for keys of any length and any parts', () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 150 }), fc.array(bytes, { maxLength: 3 }), (key, parts) => {
        const hmac = createHmac('sha256', key);
        for (const part of parts) hmac.update(part);
        expect(Buffer.from(nodeHash.hmacSha256(key, ...parts))).toEqual(hmac.digest());
        expect(Buffer.from(nodeHash.sha256(key))).toEqual(createHash('sha256').update(key).digest());
      }),
    );
  });

  it('takes parts of some megabytes', () => {
    const [key, part] = [new Uint8Array(32), new Uint8Array(3_000_000).fill(7)];
    expect(Buffer.from(nodeHash.hmacSha256(key, part))).toEqual(createHmac('sha256', key).update(part).digest());
  });
});
