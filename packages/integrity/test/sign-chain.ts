import { nodeHash } from './node-hash.ts';

/** Signs text lines the way Acra does: the test's own writer, so that the verifier has somebody to disagree with. */
export function signLines(lines: readonly string[], key: Uint8Array, newAt: readonly number[] = [0]): string[] {
  let ratchet = new Uint8Array(0);
  let previous = new Uint8Array(0);
  return lines.map((line, index) => {
    const first = newAt.includes(index);
    if (first) {
      ratchet = new Uint8Array(nodeHash.sha256(key));
      previous = new Uint8Array(0);
    }
    const hmac = nodeHash.hmacSha256(ratchet, new TextEncoder().encode(line), previous);
    const value = Buffer.from(nodeHash.sha256(hmac)).toString('hex');
    previous = new Uint8Array(hmac);
    ratchet = new Uint8Array(nodeHash.sha256(ratchet));
    return `${line} integrity=${value}${first ? ' chain=new' : ''}`;
  });
}

export const END = 'time="2024-09-17T08:00:09Z" level=info msg="End of current audit log chain" chain=end';
