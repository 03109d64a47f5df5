import type { Cell } from '@cryptrail/mapper';
import pg from 'pg';
import { type DatabaseAddress, tlsOptions } from './address.ts';
import {
  ANSWER_TIMEOUT_MILLIS,
  CONNECT_TIMEOUT_MILLIS,
  type Database,
  type Dialect,
  STATEMENT_TIMEOUT_MILLIS,
} from './database.ts';

const dialect: Dialect = {
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  text: (place) => `$${place}::text`,
  number: (place) => `$${place}::bigint`,
  columns: `SELECT table_schema, table_name, column_name, CASE WHEN table_schema = current_schema() THEN 1 ELSE 0 END
    FROM information_schema.columns WHERE lower(table_name) = $1 ORDER BY table_schema, table_name, ordinal_position`,
  indexes: `SELECT c.relname, CASE WHEN i.indisunique AND i.indpred IS NULL THEN 1 ELSE 0 END, a.attname
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
    WHERE i.indisvalid AND n.nspname = $1 AND t.relname = $2 ORDER BY c.relname, k.place`,
};

/** Values as the server writes them. */
const AS_TEXT = { getTypeParser: () => (value: string) => value };

/** Connects to PostgreSQL, for reading only. */
export async function connect(address: DatabaseAddress): Promise<Database> {
  const { host, port, socket, database, user, password } = address;
  const client = new pg.Client({
    host: socket ?? host,
    port,
    database,
    ...(user === undefined ? {} : { user }),
    // Never from the environment or a file of the user that the agent runs as.
    password: () => password ?? '',
    ssl: (await tlsOptions(address)) ?? false,
    types: AS_TEXT,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MILLIS,
    query_timeout: ANSWER_TIMEOUT_MILLIS,
    keepAlive: true,
    application_name: 'cryptrail',
  });
  // A connection that breaks while nobody asks: the next question says so.
  client.on('error', () => {});
  const close = () => client.end().catch(() => {});
  try {
    await client.connect();
    // Not as start-up options, which connection poolers refuse.
    await client.query('SET default_transaction_read_only = on');
    await client.query(`SET statement_timeout = ${STATEMENT_TIMEOUT_MILLIS}`);
  } catch (error) {
    void close();
    throw error;
  }
  return {
    dialect,
    async query(statement, values = []) {
      const { rows } = await client.query<Cell[]>({ text: statement, values: [...values], rowMode: 'array' });
      return { rows };
    },
    close,
  };
}
