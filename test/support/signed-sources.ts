import { createHash, createHmac } from 'node:crypto';
import { AUDIT_COLUMNS } from '../../packages/mapper/test/audit-columns.ts';

/** Key of the signed logs. */
export const AUDIT_KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => 3 * index + 1));
/** HMAC key with id 400 of the protected rows. */
export const ROW_KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => 250 - index));

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();

/** Lines of a log as Acra signs them: its own writer, so that the verifier has somebody to disagree with. */
export function signedLog(
  format: 'plaintext' | 'cef' | 'json',
  count: number,
  key: Uint8Array = AUDIT_KEY,
  afterSeconds = 0,
): string[] {
  let ratchet = sha256(key);
  let previous: Uint8Array = Buffer.alloc(0);
  return Array.from({ length: count }, (_, index) => {
    const { data, write } = lineOf(format, index, index === count - 1, afterSeconds);
    const hmac = createHmac('sha256', ratchet).update(data).update(previous).digest();
    ratchet = sha256(ratchet);
    previous = hmac;
    return write(sha256(hmac).toString('hex'), index === 0);
  });
}

/** Lines of text as one chain. */
export function signLines(lines: readonly string[], key: Uint8Array = AUDIT_KEY): string[] {
  let ratchet = sha256(key);
  let previous: Uint8Array = Buffer.alloc(0);
  return lines.map((line, index) => {
    const hmac = createHmac('sha256', ratchet).update(line).update(previous).digest();
    ratchet = sha256(ratchet);
    previous = hmac;
    return `${line} integrity=${sha256(hmac).toString('hex')}${index === 0 ? ' chain=new' : ''}`;
  });
}

function lineOf(format: 'plaintext' | 'cef' | 'json', index: number, last: boolean, afterSeconds: number) {
  const message = last ? 'End of current audit log chain' : `Line ${index}`;
  const time = new Date(1_726_560_000_000 + (afterSeconds + index) * 1000);
  if (format === 'json') return jsonLine(message, `${time.getTime() / 1000}.000`, last);
  const stamp = time.toISOString().replace('.000Z', 'Z');
  const line =
    format === 'cef'
      ? `CEF:0|cossacklabs|acra-server|0.96.0|100|${message}|1|${last ? 'chain=end ' : ''}unixTime=${time.getTime() / 1000}.000`
      : `time="${stamp}" level=info msg="${message}"${last ? ' chain=end' : ''}`;
  return {
    data: Buffer.from(line),
    write: (hex: string, first: boolean) => `${line} integrity=${hex}${first ? ' chain=new' : ''}`,
  };
}

function jsonLine(msg: string, unixTime: string, last: boolean) {
  const fields = { ...(last ? { chain: 'end' } : {}), level: 'info', msg, product: 'acra-server', unixTime };
  const data = Object.entries(fields).map(
    ([name, value]) => `delimiter${name}delimiter${JSON.stringify(value)}delimiter`,
  );
  return {
    data: Buffer.from(data.join('')),
    write: (integrity: string, first: boolean) => {
      const whole = Object.entries({ ...fields, integrity, ...(first ? { chain: 'new' } : {}) });
      // Go writes the names of a map in order.
      return JSON.stringify(Object.fromEntries(whole.sort(([a], [b]) => (a < b ? -1 : 1))));
    },
  };
}

/** Texts of a row by column. */
export type RowTexts = Readonly<Record<(typeof AUDIT_COLUMNS)[number], string>>;

/** Protected rows of one node, numbered from `from`. */
export function protectedRows(count: number, node = 'node-1', from = 0): RowTexts[] {
  return Array.from({ length: count }, (_, index) => {
    const row = {
      pk: `${node}${String(from + index).padStart(8, '0')}`,
      additionalDetails: `<?xml version="1.0" encoding="UTF-8"?>\n<java version="17" class="java.beans.XMLDecoder">\n <object class="java.util.LinkedHashMap">\n  <void method="put">\n   <string>msg</string>\n   <string>Event "${index}", åäö</string>\n  </void>\n </object>\n</java>\n`,
      authToken: 'CN=RA,O=Example',
      customId: '1652389506',
      eventStatus: 'SUCCESS',
      eventType: 'CERT_CREATION',
      module: 'CERTIFICATE',
      nodeId: node,
      rowProtection: '',
      rowVersion: '0',
      searchDetail1: `51AA${index}`,
      searchDetail2: 'user',
      sequenceNumber: String(from + index),
      service: 'CORE',
      timeStamp: String(1_700_000_000_000 + (from + index) * 1000),
    };
    return protect(row);
  });
}

/** The row with the HMAC that fits it. */
export function protect(row: RowTexts): RowTexts {
  const text = [row.pk, row.nodeId, row.sequenceNumber, row.timeStamp, row.eventType, row.eventStatus, row.authToken]
    .concat(row.service, row.module, row.customId, row.searchDetail1, row.searchDetail2, row.additionalDetails)
    .join('<sep/>');
  return { ...row, rowProtection: `1:1:400:${createHmac('sha256', ROW_KEY).update(text).digest('hex')}` };
}

/** Rows as a CSV export. */
export function toCsv(rows: readonly RowTexts[]): string {
  const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [AUDIT_COLUMNS.join(','), ...rows.map((row) => AUDIT_COLUMNS.map((name) => cell(row[name])).join(','))]
    .join('\n')
    .concat('\n');
}

/** The line that EJBCA's log has for the row. */
export function logLine(row: RowTexts): string {
  const time = new Date(Number(row.timeStamp)).toISOString();
  const stamp = `${time.slice(0, 10)} ${time.slice(11, 23).replace('.', ',')}`;
  const inner = `${time.slice(0, 10)} ${time.slice(11, 19)}+00:00`;
  const message = /<string>(Event[^<]*)<\/string>/.exec(row.additionalDetails)?.[1] ?? '';
  return `${stamp} INFO  [org.cesecore.audit.impl.log4j.Log4jDevice] (default task-1) ${inner};${row.eventType};${row.eventStatus};${row.module};${row.service};${row.authToken};${row.customId};${row.searchDetail1};${row.searchDetail2};msg=${message}`;
}
