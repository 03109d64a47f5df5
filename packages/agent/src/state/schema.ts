import type { DatabaseSync } from 'node:sqlite';
import { Failure } from '../command-line/misuse.ts';
import type { Position } from '../sources/source.ts';
import type { PositionTable } from './position-copy.ts';

/** Marks a database as ours: `Cryp`. */
const APPLICATION_ID = 0x43727970;

/** From each version of the format to the next; the first makes a new database. Never changed, only added to. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE positions (
     source TEXT NOT NULL, stream TEXT NOT NULL, position TEXT NOT NULL, saved_millis INTEGER NOT NULL,
     PRIMARY KEY (source, stream)
   ) STRICT, WITHOUT ROWID`,
];

/** The version of the format that this program writes. */
export const FORMAT_VERSION = MIGRATIONS.length;

/**
 * Brings a database to the format of this version. True when it was empty.
 *
 * @throws {@link Failure} when a newer version of the program has written it, or another program.
 */
export function prepareSchema(database: DatabaseSync, directory: string): boolean {
  const version = pragma(database, 'user_version');
  const owner = pragma(database, 'application_id');
  if (version > FORMAT_VERSION)
    throw new Failure(
      `the state in ${directory} was written by a newer version of cryptrail (format ${version}, this one knows ${FORMAT_VERSION}). Start that version, or use another directory with --state.`,
    );
  if (owner !== 0 && owner !== APPLICATION_ID)
    throw new Failure(`positions.db in ${directory} belongs to another program. Use another directory with --state.`);
  // Each save is one write to the log and one fsync, and a reader beside it does not stop it.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  if (version === FORMAT_VERSION) return false;
  database.exec('BEGIN IMMEDIATE');
  for (const migration of MIGRATIONS.slice(version)) database.exec(migration);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT_VERSION}; COMMIT`);
  return version === 0;
}

/** All positions; undefined when one of them is no JSON, which this program never writes. */
export function readTable(database: DatabaseSync): PositionTable | undefined {
  const table: PositionTable = new Map();
  for (const row of database.prepare('SELECT source, stream, position FROM positions').iterate()) {
    const position = readJson(String(row.position));
    if (position === undefined) return undefined;
    const streams = table.get(String(row.source)) ?? new Map<string, Position>();
    table.set(String(row.source), streams.set(String(row.stream), position));
  }
  return table;
}

function readJson(text: string): Position | undefined {
  try {
    return JSON.parse(text) as Position;
  } catch {
    return undefined;
  }
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
