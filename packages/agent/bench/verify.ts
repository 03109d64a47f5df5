/** Verification against a bare loop of the hashes that it cannot do without, in the same run. */
import { createHash, createHmac } from 'node:crypto';
import { checkRow, createChainVerifier, type ProtectionKey } from '@cryptrail/integrity';
import { AUDIT_KEY, protectedRows, ROW_KEY, signedLog } from '../../../test/support/signed-sources.ts';
import { nodeHash } from '../src/verify/node-hash.ts';

const COUNT = 10_000;
const ROUNDS = 7;
const FORMATS = ['plaintext', 'cef', 'json'] as const;
/** Share of the bare hashes' speed that verification must reach. */
const TARGETS: Readonly<Record<string, number>> = { plaintext: 0.7, cef: 0.7, json: 0.5, row: 0.7 };

/** Best of some rounds, in operations a second: noise only ever slows down. All candidates take turns. */
function race(candidates: ReadonlyMap<string, () => void>): ReadonlyMap<string, number> {
  const best = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of candidates) {
      const start = process.hrtime.bigint();
      run();
      const rate = COUNT / (Number(process.hrtime.bigint() - start) / 1e9);
      best.set(name, Math.max(best.get(name) ?? 0, rate));
    }
  }
  return best;
}

function verifyAll(lines: readonly Uint8Array[]): void {
  const verifier = createChainVerifier({ keys: [AUDIT_KEY], hash: nodeHash });
  verifier.file('log');
  for (const line of lines) verifier.line(line);
  const { ok, verified } = verifier.end();
  if (!ok || verified !== lines.length) throw new Error('the log to be measured is not whole');
}

/** One HMAC and two SHA-256 a line, with the usual calls of node:crypto. */
function hashAll(lines: readonly Uint8Array[]): void {
  let key: Uint8Array = AUDIT_KEY;
  let previous: Uint8Array = AUDIT_KEY;
  for (const line of lines) {
    previous = createHmac('sha256', key).update(line).update(previous).digest();
    createHash('sha256').update(previous).digest();
    key = createHash('sha256').update(key).digest();
  }
}

/** The same with the hashes that the verifier uses. */
function hashAllFast(lines: readonly Uint8Array[]): void {
  let key: Uint8Array = AUDIT_KEY;
  let previous: Uint8Array = AUDIT_KEY;
  for (const line of lines) {
    previous = nodeHash.hmacSha256(key, line, previous);
    nodeHash.sha256(previous);
    key = nodeHash.sha256(key);
  }
}

/** One line for each form of evidence, and whether it is fast enough. */
export function benchVerify(): { text: string; holds: boolean }[] {
  const rows = protectedRows(COUNT).map((row) => ({
    ...row,
    sequenceNumber: BigInt(row.sequenceNumber),
    timeStamp: BigInt(row.timeStamp),
  }));
  const rowBytes = rows.map((row) => Buffer.from(Object.values(row).join('<sep/>')));
  const rowKeys = new Map<string, ProtectionKey>([['400', { type: 'hmac', key: ROW_KEY }]]);

  const candidates = new Map<string, () => void>();
  for (const format of FORMATS) {
    const lines = signedLog(format, COUNT).map((line) => Buffer.from(line));
    candidates.set(`${format} bare`, () => hashAll(lines));
    candidates.set(`${format} fast`, () => hashAllFast(lines));
    candidates.set(`${format} verified`, () => verifyAll(lines));
  }
  candidates.set('row bare', () => {
    for (const data of rowBytes) createHmac('sha256', ROW_KEY).update(data).digest();
  });
  candidates.set('row fast', () => {
    for (const data of rowBytes) nodeHash.hmacSha256(ROW_KEY, data);
  });
  candidates.set('row verified', () => {
    for (const row of rows) if (checkRow(row, rowKeys, nodeHash) !== 'ok') throw new Error('a row is not good');
  });

  const rates = race(candidates);
  return Object.entries(TARGETS).map(([name, target]) => {
    const rate = (kind: string) => rates.get(`${name} ${kind}`) ?? 0;
    const ratio = rate('verified') / rate('bare');
    const own = rate('verified') / rate('fast');
    return {
      text: `verify ${name.padEnd(9)} ${ratio.toFixed(2)} of the speed of node:crypto alone (wanted ${target}); ${own.toFixed(2)} of its own hashes alone`,
      holds: ratio >= target,
    };
  });
}
