import { createHmac, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import type { ComparedEvent } from '../src/cesecore/log-against-table.ts';
import type { AuditRow } from '../src/cesecore/row.ts';
import type { ProtectionKey } from '../src/cesecore/row-protection.ts';
import type { TableRow } from '../src/cesecore/table.ts';

/** HMAC key with id 400, for tests. */
export const HMAC_KEY = Uint8Array.from({ length: 32 }, (_, index) => 7 * index);
const START = 1_700_000_000_000n;

/** The protected text as the test's own writer puts it together: thirteen values, in the order of the published algorithm. */
export function textOf(row: AuditRow): string {
  const values = [row.pk, row.nodeId, row.sequenceNumber, row.timeStamp, row.eventType, row.eventStatus, row.authToken];
  const rest = [row.service, row.module, row.customId, row.searchDetail1, row.searchDetail2, row.additionalDetails];
  return [...values, ...rest].map((value) => (value === null ? '' : `${value}`)).join('<sep/>');
}

/** The row with an HMAC over it. */
export function protect<Row extends AuditRow>(row: Row, key: Uint8Array = HMAC_KEY, id = 400): Row {
  const value = createHmac('sha256', key).update(textOf(row), 'utf8').digest('hex');
  return { ...row, rowProtection: `1:1:${id}:${value}` };
}

/** The row with a signature over it. */
export function signRow<Row extends AuditRow>(row: Row, key: KeyObject, id: number): Row {
  return {
    ...row,
    rowProtection: `1:2:${id}:${sign('sha256', Buffer.from(textOf(row), 'utf8'), key).toString('hex')}`,
  };
}

/** A pair of keys made for this run: RSA 2048 or EC P-256. */
export function keyPair(type: 'rsa' | 'ec'): { readonly private: KeyObject; readonly public: ProtectionKey } {
  const { privateKey, publicKey } =
    type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    private: privateKey,
    public: { type: 'public', verify: (data, signature) => verify('sha256', data, publicKey, signature) },
  };
}

/** What the log would say of the row. */
export function lineOf(row: AuditRow): ComparedEvent {
  return {
    timeMillis: Number(row.timeStamp),
    event: row.eventType,
    status: row.eventStatus,
    admin: row.authToken,
    ids: [row.customId, row.searchDetail1, row.searchDetail2],
    details: new Map([['msg', /<string>([^<]*)<\/string>/.exec(row.additionalDetails ?? '')?.[1] ?? '']]),
  };
}

/** A row of node `n`, without protection: a second after the one with the number before. */
export function row(sequence: number, changes: Partial<AuditRow> = {}): AuditRow {
  return {
    pk: `pk-${changes.nodeId ?? 'n'}-${sequence}`,
    nodeId: 'n',
    sequenceNumber: BigInt(sequence),
    timeStamp: START + BigInt(sequence) * 1000n,
    eventType: sequence % 2 === 0 ? 'CERT_CREATION' : 'CERT_REVOKED',
    eventStatus: 'SUCCESS',
    authToken: 'CN=RA,O=Example',
    service: 'CORE',
    module: 'CERTIFICATE',
    customId: '1652389506',
    searchDetail1: `serial${sequence}`,
    searchDetail2: null,
    additionalDetails: `<java><string>event ${sequence}</string></java>\n`,
    rowProtection: null,
    ...changes,
  };
}

/** The row as a table verifier takes it. */
export function compared(one: AuditRow, line: ComparedEvent = lineOf(one)): TableRow {
  return { ...one, compared: line };
}

/** Protected rows of node `n` with the numbers 0 to `count` - 1. */
export function protectedRows(count: number): AuditRow[] {
  return Array.from({ length: count }, (_, index) => protect(row(index)));
}
