import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Failure } from '../command-line/misuse.ts';
import { systemCode } from '../input/system-error.ts';
import type { Position } from '../sources/source.ts';
import { type PositionTable, readCopy, writeCopy } from './position-copy.ts';
import { prepareSchema, readTable } from './schema.ts';
import { openDatabase, SQLITE, sqliteCode, stateReason } from './sqlite.ts';

const FILE = 'positions.db';

/** A position that is to be saved, or forgotten when it is undefined. */
export interface PositionChange {
  readonly source: string;
  readonly stream: string;
  readonly position: Position | undefined;
}

/** What happened to a database that could not be used. */
export interface Damage {
  /** Where it was put; undefined when it was not there at all. */
  readonly quarantined?: string;
  /** Why it could not be used. */
  readonly reason: string;
  /** Milliseconds since 1970 of the copy that was taken in its place; undefined when there was none. */
  readonly copyMillis?: number;
}

/** The saved positions of all sources, on disk and in memory. */
export interface PositionStore {
  /** By source and stream. Changes with what is saved. */
  readonly table: PositionTable;
  /** Set when the positions of the last run could not be read. */
  readonly damage?: Damage;
  /** Saves all of the changes or none, durably: when it returns they outlive a loss of power. Throws the error of SQLite. */
  save(changes: readonly PositionChange[]): void;
  /** Writes the copy that stands in when the database is damaged one day. */
  copy(): Promise<void>;
  close(): void;
}

/**
 * Opens the positions in a directory whose lock is held. A database that cannot be read is put aside and replaced by the copy.
 *
 * @throws {@link Failure} when it was written by a newer version, or cannot be written.
 */
export async function openPositions(directory: string): Promise<PositionStore> {
  const copy = await readCopy(directory);
  try {
    const missing = copy !== undefined && !(await exists(join(directory, FILE)));
    if (missing) return await restore(directory, copy, { reason: 'it is gone' });
    return await openHealthy(directory, copy !== undefined);
  } catch (error) {
    if (!isDamage(error)) throw error;
    const quarantined = await putAside(directory);
    return restore(directory, copy, {
      quarantined,
      reason: error instanceof Damaged ? error.message : stateReason(error),
    });
  }
}

/** The database is there, but not what was written. */
class Damaged extends Error {}

function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return error instanceof Damaged || code === SQLITE.CORRUPT || code === SQLITE.NOTADB;
}

/** @param wasUsed An earlier run has written here, so that an empty database is a damaged one. */
async function openHealthy(directory: string, wasUsed: boolean): Promise<PositionStore> {
  const database = await openDatabase(join(directory, FILE));
  try {
    const isNew = prepareSchema(database, directory);
    if (isNew && wasUsed) throw new Damaged('it is empty');
    const [check] = database.prepare('PRAGMA quick_check(1)').all();
    if (check?.quick_check !== 'ok') throw new Damaged('its pages do not fit together');
    const table = readTable(database);
    if (table === undefined) throw new Damaged('a position in it cannot be read');
    const store = new SqlitePositions(directory, database, table);
    if (isNew) await store.copy();
    return store;
  } catch (error) {
    database.close();
    throw error;
  }
}

async function restore(
  directory: string,
  copy: Awaited<ReturnType<typeof readCopy>>,
  damage: Damage,
): Promise<PositionStore> {
  const store = await openHealthy(directory, false);
  const changes = [...(copy?.table ?? [])].flatMap(([source, streams]) =>
    [...streams].map(([stream, position]) => ({ source, stream, position })),
  );
  store.save(changes);
  return Object.assign(store, { damage: copy ? { ...damage, copyMillis: copy.savedMillis } : damage });
}

async function putAside(directory: string): Promise<string> {
  const aside = join(directory, `${FILE}.damaged-${Date.now()}`);
  for (const suffix of ['', '-wal', '-shm']) {
    await rename(join(directory, `${FILE}${suffix}`), `${aside}${suffix}`).catch((error) => {
      if (systemCode(error) !== 'ENOENT') throw error;
    });
  }
  return aside;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

class SqlitePositions implements PositionStore {
  readonly table: PositionTable;
  declare readonly damage?: Damage;
  readonly #directory: string;
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  constructor(directory: string, database: DatabaseSync, table: PositionTable) {
    this.#directory = directory;
    this.#database = database;
    this.table = table;
    this.#put = database.prepare(
      `INSERT INTO positions (source, stream, position, saved_millis) VALUES (?, ?, ?, ?)
       ON CONFLICT (source, stream) DO UPDATE SET position = excluded.position, saved_millis = excluded.saved_millis`,
    );
    this.#remove = database.prepare('DELETE FROM positions WHERE source = ? AND stream = ?');
  }

  save(changes: readonly PositionChange[]): void {
    if (changes.length === 0) return;
    const now = Date.now();
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const { source, stream, position } of changes) {
        if (position === undefined) this.#remove.run(source, stream);
        else this.#put.run(source, stream, JSON.stringify(position), now);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#rollBack();
      throw error;
    }
    for (const change of changes) this.#remember(change);
  }

  copy(): Promise<void> {
    return writeCopy(this.#directory, this.table);
  }

  close(): void {
    this.#database.close();
  }

  #remember({ source, stream, position }: PositionChange): void {
    const streams = this.table.get(source) ?? new Map<string, Position>();
    if (position === undefined) streams.delete(stream);
    else streams.set(stream, position);
    if (streams.size === 0) this.table.delete(source);
    else this.table.set(source, streams);
  }

  /** SQLite has rolled back by itself after some errors, a full disk among them. */
  #rollBack(): void {
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
  }
}

/** The saved positions without any right to change them, e.g. beside a running agent; undefined when there are none yet. */
export async function readPositions(directory: string): Promise<PositionTable | undefined> {
  const path = join(directory, FILE);
  if (!(await exists(path))) return undefined;
  const database = await openDatabase(path);
  try {
    return readTable(database);
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw new Failure(`${path} is damaged. The next start of the agent puts it aside and takes the copy beside it.`, {
      cause: error,
    });
  } finally {
    database.close();
  }
}
