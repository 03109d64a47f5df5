import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../command-line/misuse.ts';
import { openDatabase, SQLITE, sqliteCode } from './sqlite.ts';

/** The database whose lock is the lock of the directory. The system gives it up with the process, however that ends. */
export const LOCK_FILE = 'agent.lock';
/** Who has it. For people: nothing is decided by what stands there. */
const OWNER_FILE = 'agent.pid';

/** The right to change a state directory. */
export interface DirectoryLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of a state directory.
 *
 * @throws {@link Failure} when another process has it, with its number.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const database = await openDatabase(join(directory, LOCK_FILE));
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (sqliteCode(error) !== SQLITE.BUSY) throw error;
    throw new Failure(
      `another agent${await ownerOf(directory)} uses the state in ${directory}. End it first, or give this one a directory of its own with --state.`,
      { cause: error },
    );
  }
  const owner = join(directory, OWNER_FILE);
  await writeFile(owner, `${process.pid}\n`, { mode: 0o600 });
  return {
    release: async () => {
      await rm(owner, { force: true });
      database.close();
    },
  };
}

/** Whether somebody has the lock of a state directory, and who: `running` without a number when that is not known. */
export async function lockHolder(directory: string): Promise<{ running: boolean; pid?: number }> {
  try {
    const lock = await lockDirectory(directory);
    await lock.release();
    return { running: false };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const pid = await readOwner(directory);
    return { running: true, ...(pid === undefined ? {} : { pid }) };
  }
}

async function ownerOf(directory: string): Promise<string> {
  const pid = await readOwner(directory);
  return pid === undefined ? '' : ` (process ${pid})`;
}

async function readOwner(directory: string): Promise<number | undefined> {
  const text = await readFile(join(directory, OWNER_FILE), 'utf8').catch(() => '');
  return /^\d{1,10}\n$/.test(text) ? Number(text) : undefined;
}
