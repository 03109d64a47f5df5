import { equalBytes, readHex } from '../bytes.ts';
import type { HashPort } from '../hash-port.ts';
import { type AuditRow, protectedText } from './row.ts';

/** What the protection of a row says. `malformed`: also a row or protection version that is not supported. */
export type RowVerdict = 'ok' | 'bad' | 'unprotected' | 'unknown_key' | 'algorithm_mismatch' | 'malformed';

/** A key of the database protection, bound to one algorithm: a public key can never be used as an HMAC key. */
export type ProtectionKey =
  | { readonly type: 'hmac'; readonly key: Uint8Array }
  /** Checks an RSA or EC signature over the bytes with SHA-256. */
  | {
      readonly type: 'public';
      readonly verify: (data: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;
    };

/** Keys by their id, a decimal number without leading zeros. */
export type ProtectionKeys = ReadonlyMap<string, ProtectionKey>;

const FORM = /^(\d{1,3}):(\d{1,3}):(0|[1-9]\d{0,9}):([0-9A-Fa-f]+)$/;
const ROW_VERSION = '1';
const HMAC = '1';
const SIGNATURE = '2';
const encoder = new TextEncoder();

/** Verdict on one row. A promise only for signatures whose check is one. Never throws, never says the value that would be right. */
export function checkRow(row: AuditRow, keys: ProtectionKeys, hash: HashPort): RowVerdict | Promise<RowVerdict> {
  if (row.rowProtection === null) return 'unprotected';
  const [, rowVersion, version, keyId = '', hex = ''] = FORM.exec(row.rowProtection) ?? [];
  if (rowVersion !== ROW_VERSION || (version !== HMAC && version !== SIGNATURE)) return 'malformed';
  const value = readHex(hex);
  if (typeof value === 'string') return 'malformed';
  const key = keys.get(keyId);
  if (!key) return 'unknown_key';
  if ((key.type === 'hmac') !== (version === HMAC)) return 'algorithm_mismatch';
  const data = encoder.encode(protectedText(row));
  if (key.type === 'hmac') return equalBytes(hash.hmacSha256(key.key, data), value) ? 'ok' : 'bad';
  return signatureVerdict(() => key.verify(data, value));
}

/** A signature that the key cannot even read is a bad one. */
function signatureVerdict(check: () => boolean | Promise<boolean>): RowVerdict | Promise<RowVerdict> {
  try {
    const fits = check();
    if (typeof fits === 'boolean') return fits ? 'ok' : 'bad';
    return fits.then(
      (answer) => (answer ? 'ok' : 'bad'),
      () => 'bad',
    );
  } catch {
    return 'bad';
  }
}
