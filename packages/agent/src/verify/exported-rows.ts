import type { ExportedRecord, RowPlace } from '@cryptrail/integrity';
import type { Member } from '../input/member.ts';

/** The format of rows of AuditRecordData. */
const ROW_FORMAT = 'cesecore_row';

/** Rows out of an export: those whose columns are whole, as an input that can be read, and the places of the others. */
export interface ExportedRows {
  readonly member: Member;
  readonly places: readonly RowPlace[];
  readonly count: number;
}

/** Finds the rows among exported records. */
export function exportedRows(records: readonly ExportedRecord[]): ExportedRows {
  const rows = records.filter(({ format, internal }) => format === ROW_FORMAT && !internal);
  const whole = rows.filter(({ text, redacted }) => text !== undefined && !redacted);
  const lost = rows.filter(({ text, redacted }) => text === undefined || redacted);
  return { member: memberOf(whole), places: lost.map(placeOf), count: rows.length };
}

/** Each row is one JSON object, and so has no line break of its own. */
function memberOf(rows: readonly ExportedRecord[]): Member {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const encoder = new TextEncoder();
    for (const { text = '' } of rows) yield encoder.encode(`${text.replaceAll('\n', ' ')}\n`);
  }
  return { path: 'export', name: 'export', bytes: bytes() };
}

function placeOf({ uid = '', node = '', sequence = -1n, timeUnixNano }: ExportedRecord): RowPlace {
  return { pk: uid, nodeId: node, sequenceNumber: sequence, timeStamp: timeUnixNano / 1_000_000n };
}
