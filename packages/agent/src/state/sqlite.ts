import type { DatabaseSync } from 'node:sqlite';
import { reasonOf } from '../input/system-error.ts';

/** Result codes of SQLite that the state tells apart (https://sqlite.org/rescode.html). The lowest byte is the kind of error. */
export const SQLITE = { BUSY: 5, READONLY: 8, IOERR: 10, CORRUPT: 11, FULL: 13, CANTOPEN: 14, NOTADB: 26 } as const;

/** SQLite of the runtime. Node 22 calls it experimental in a warning on every start; only this one warning is held back. */
export async function loadSqlite(): Promise<typeof import('node:sqlite')> {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (String(warning).includes('SQLite')) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  }) as typeof emitWarning;
  try {
    return await import('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}

const SENTENCES = new Map<number, string>([
  [SQLITE.BUSY, 'another process uses it'],
  [SQLITE.READONLY, 'it is read-only'],
  [SQLITE.IOERR, 'the device reported an error'],
  [SQLITE.CORRUPT, 'it is damaged'],
  [SQLITE.FULL, 'no space left on the device'],
  [SQLITE.CANTOPEN, 'its files cannot be opened or made'],
  [SQLITE.NOTADB, 'it is no database'],
]);

/** Why something with a database or its folder failed, for people. */
export function stateReason(error: unknown): string {
  return SENTENCES.get(sqliteCode(error) ?? 0) ?? reasonOf(error);
}

/** Opens a database file, made when it is not there. */
export async function openDatabase(path: string, options: { readOnly?: boolean } = {}): Promise<DatabaseSync> {
  const { DatabaseSync } = await loadSqlite();
  return new DatabaseSync(path, options);
}

/** The kind of an error of SQLite; undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}
