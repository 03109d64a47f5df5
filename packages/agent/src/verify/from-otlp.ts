import {
  type ChainFormat,
  type ChainVerdict,
  type ExportedRecord,
  type ProtectionKeys,
  type TableVerdict,
  verifyExportedChain,
} from '@cryptrail/integrity';
import { Failure } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { verifyCesecore } from './cesecore.ts';
import { exportedRows } from './exported-rows.ts';
import { nodeHash } from './node-hash.ts';

/** The verdict on the chain of Acra's records in an export. */
export function verifyExportedAcra(
  records: readonly ExportedRecord[],
  keys: readonly Uint8Array[],
  format: ChainFormat | undefined,
): ChainVerdict {
  const own = records.filter(({ product, internal }) => product === 'acra' && !internal);
  if (own.length === 0) throw new Failure('the export holds no record of Acra');
  if (own.every(({ text }) => text === undefined)) throw withoutOriginal(own.length, 'Acra');
  return verifyExportedChain(records, { keys, hash: nodeHash, ...(format === undefined ? {} : { format }) });
}

/** The verdict on the rows of AuditRecordData in an export. */
export async function verifyExportedCesecore(
  records: readonly ExportedRecord[],
  options: { readonly keys: ProtectionKeys; readonly remembered: ReadonlyMap<string, bigint> },
  terminal: Terminal,
): Promise<{ verdict: TableVerdict; highest: ReadonlyMap<string, bigint>; problems: number }> {
  const rows = exportedRows(records);
  if (rows.count === 0) throw new Failure('the export holds no row of AuditRecordData');
  if (records.every(({ format, text }) => format !== 'cesecore_row' || text === undefined))
    throw withoutOriginal(rows.count, 'CESeCore');
  return verifyCesecore({ ...options, rows, logs: [] }, terminal);
}

/** Whether there is anything to verify of a product. */
export function holds(records: readonly ExportedRecord[], subject: 'acra' | 'cesecore'): boolean {
  return records.some(
    ({ product, format, internal }) =>
      !internal && (subject === 'acra' ? product === 'acra' : format === 'cesecore_row'),
  );
}

function withoutOriginal(count: number, product: string): Failure {
  return new Failure(
    `the ${count} records of ${product} were exported without log.record.original, so what was signed is not there; export with --original (original: true), or compare with the source: verify seal, or cryptrail.evidence.digest`,
  );
}
