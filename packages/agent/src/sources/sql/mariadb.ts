import type { Cell } from '@cryptrail/mapper';
import { createConnection } from 'mysql2/promise';
import { type DatabaseAddress, tlsOptions } from './address.ts';
import {
  ANSWER_TIMEOUT_MILLIS,
  CONNECT_TIMEOUT_MILLIS,
  type Database,
  type Dialect,
  STATEMENT_TIMEOUT_MILLIS,
} from './database.ts';

const dialect: Dialect = {
  quote: (name) => `\`${name.replaceAll('`', '``')}\``,
  text: () => '?',
  // Compared as it is, a text would make a double of the column.
  number: () => 'CAST(? AS SIGNED)',
  columns: `SELECT table_schema, table_name, column_name, CASE WHEN table_schema = DATABASE() THEN 1 ELSE 0 END
    FROM information_schema.columns WHERE LOWER(table_name) = ? ORDER BY table_schema, table_name, ordinal_position`,
  indexes: `SELECT index_name, CASE WHEN non_unique = 0 THEN 1 ELSE 0 END, column_name
    FROM information_schema.statistics WHERE table_schema = ? AND table_name = ? ORDER BY index_name, seq_in_index`,
};

/** Longest statement, as MariaDB and as MySQL call it. */
const TIMEOUTS = [
  `SET SESSION max_statement_time = ${STATEMENT_TIMEOUT_MILLIS / 1000}`,
  `SET SESSION max_execution_time = ${STATEMENT_TIMEOUT_MILLIS}`,
];

/** Connects to MariaDB or MySQL, for reading only. */
export async function connect(address: DatabaseAddress): Promise<Database> {
  const { host, port, socket, database, user, password } = address;
  const tls = await tlsOptions(address);
  const connection = await createConnection({
    ...(socket === undefined ? { host, port } : { socketPath: socket }),
    database,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { ssl: { ...tls, verifyIdentity: address.tls === 'verify-full' } }),
    connectTimeout: CONNECT_TIMEOUT_MILLIS,
    enableKeepAlive: true,
    rowsAsArray: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    charset: 'utf8mb4',
  } as Parameters<typeof createConnection>[0]);
  // A connection that breaks while nobody asks: the next question says so.
  connection.on('error', () => {});
  try {
    await connection.query('SET SESSION TRANSACTION READ ONLY');
    await connection.query(TIMEOUTS[0] as string).catch(() => connection.query(TIMEOUTS[1] as string));
  } catch (error) {
    connection.destroy();
    throw error;
  }
  return {
    dialect,
    async query(statement, values = []) {
      // Prepared, so that no text of a row is ever put into a statement.
      const question = { sql: statement, timeout: ANSWER_TIMEOUT_MILLIS, rowsAsArray: true };
      const [rows] = await connection.execute(question, [...values]);
      return { rows: (rows as unknown[][]).map((row) => row.map(cellOf)) };
    },
    // Its farewell would wait for an answer that a broken connection does not give.
    close: async () => connection.destroy(),
  };
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  return value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);
}
