import type { Cell } from '@cryptrail/mapper';
import type { DatabaseAddress } from './address.ts';

/** What a statement gave, every value as text, so that no number is rounded. */
export interface Answer {
  readonly rows: readonly (readonly Cell[])[];
}

/** How the two kinds of database write the same thing. */
export interface Dialect {
  /** A name as it stands in the catalogue of the database. */
  quote(name: string): string;
  /** The parameter at this place, from 1. */
  text(place: number): string;
  /** The same for a 64-bit number that is given as digits. */
  number(place: number): string;
  /** Schema, table and column names, and whether it is the schema that is looked in first, of all tables with this name in lower case (parameter 1). */
  readonly columns: string;
  /** Index name, whether it is unique, and column name, in order, of the table (parameters 1 and 2: schema and name). */
  readonly indexes: string;
}

/** One open connection, for reading only. */
export interface Database {
  readonly dialect: Dialect;
  query(statement: string, values?: readonly string[]): Promise<Answer>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** Longest that a statement may run, on the server. */
export const STATEMENT_TIMEOUT_MILLIS = 60_000;
/** The client gives up a little later, for a connection whose other end is gone. */
export const ANSWER_TIMEOUT_MILLIS = 75_000;
export const CONNECT_TIMEOUT_MILLIS = 10_000;

/** Connects. The package of the database is loaded only now. */
export async function openDatabase(address: DatabaseAddress): Promise<Database> {
  const driver = address.kind === 'postgres' ? await import('./postgres.ts') : await import('./mariadb.ts');
  return driver.connect(address);
}
