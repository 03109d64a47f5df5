import { join } from 'node:path';
import { ExporterError } from '../errors.ts';

/** Only SQLite offers a lock of the system that is gone with the process, on every platform of Node.js. */
const LOCK_FILE = 'spool.lock';
const BUSY = 5;

/**
 * Takes a folder for this process.
 *
 * @returns What gives it free again.
 * @throws {ExporterError} `spool_in_use` when another process has it.
 */
export async function lockFolder(folder: string): Promise<() => void> {
  const { DatabaseSync } = await loadSqlite();
  const database = new DatabaseSync(join(folder, LOCK_FILE));
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (cause) {
    database.close();
    const code = typeof cause === 'object' && cause !== null && 'errcode' in cause ? Number(cause.errcode) & 0xff : 0;
    if (code !== BUSY) throw cause;
    const message = `durable: another process uses the spool in ${folder}; give each process a folder of its own`;
    throw new ExporterError('spool_in_use', message, { cause });
  }
}

/** Node 22 calls SQLite experimental in a warning; only this one warning is held back from the application. */
async function loadSqlite(): Promise<typeof import('node:sqlite')> {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).includes('SQLite')) Reflect.apply(emitWarning, process, [warning, ...rest]);
  }) as typeof emitWarning;
  try {
    return await import('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
