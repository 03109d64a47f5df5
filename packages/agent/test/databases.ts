import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';

/** A database server of the test's own, on loopback, in a folder that goes with it. */
export interface DatabaseServer {
  readonly kind: 'postgres' | 'mariadb';
  /** URL for a user who may read the table and nothing else. */
  readonly url: string;
  /** A connection that may do everything. */
  connect(): Promise<Writer>;
  /** Starts it again after {@link stop} or {@link kill}. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Ends it without a chance to tell its clients. */
  kill(): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

/** A connection that writes. */
export interface Writer {
  run(statement: string, values?: readonly unknown[]): Promise<void>;
  close(): Promise<void>;
}

/** Password of the user who reads; tests look for it in everything that is said. */
export const READER_PASSWORD = 'pass%word/9';
const READER = 'audit_reader';
const ADMIN_PASSWORD = 'admin';

/** Finds a server program in PATH or where Debian keeps it. */
function findProgram(name: string): string | undefined {
  const versions = '/usr/lib/postgresql';
  const own = existsSync(versions) ? readdirSync(versions).map((version) => join(versions, version, 'bin')) : [];
  const folders = [...own, ...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Why a server cannot be started here, or undefined. */
export function missingServer(kind: DatabaseServer['kind']): string | undefined {
  const programs = kind === 'postgres' ? ['initdb', 'postgres'] : ['mariadb-install-db', 'mariadbd'];
  const missing = programs.filter((name) => findProgram(name) === undefined);
  return missing.length === 0 ? undefined : `${missing.join(' and ')} not installed`;
}

/** Servers refuse to run as root: then they run as one of these. */
function account(kind: DatabaseServer['kind']): { name: string; uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string, name: string) => Number(execFileSync('id', [flag, name], { stdio: 'pipe' }));
  for (const name of [kind === 'postgres' ? 'postgres' : 'mysql', 'nobody']) {
    try {
      return { name, uid: id('-u', name), gid: id('-g', name) };
    } catch {}
  }
  throw new Error('no user to run the server as');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a server with an empty table AuditRecordData and a user who may read it. */
export async function startDatabase(kind: DatabaseServer['kind']): Promise<DatabaseServer> {
  const folder = mkdtempSync(join(tmpdir(), `cryptrail-${kind}-`));
  const as = account(kind);
  if (as) chownSync(folder, as.uid, as.gid);
  const port = await freePort();
  const data = join(folder, 'data');
  const rights = as ? { uid: as.uid, gid: as.gid } : {};
  const options = { cwd: folder, env: { ...process.env, HOME: folder, LC_ALL: 'C' }, ...rights };
  const program = (name: string) => findProgram(name) ?? name;
  const server = kind === 'postgres' ? postgres(folder, data, port) : mariadb(folder, data, port);
  const [install, ...installArguments] = server.install;
  execFileSync(program(install), installArguments, { ...options, stdio: 'pipe' });

  let child: ChildProcess | undefined;
  async function start(): Promise<void> {
    const [name, ...args] = server.run;
    const started = spawn(program(name), args, { ...options, stdio: 'ignore' });
    child = started;
    for (let tries = 0; ; tries += 1) {
      try {
        await (await server.connect()).close();
        return;
      } catch (error) {
        if (tries > 300 || started.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const exited = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await exited;
  }
  await start();
  const admin = await server.connect();
  for (const statement of server.prepare) await admin.run(statement);
  await admin.close();
  const password = encodeURIComponent(READER_PASSWORD);
  return {
    kind,
    url: `${kind}://${READER}:${password}@127.0.0.1:${port}/pki`,
    connect: server.connect,
    start,
    // Fast shutdown for PostgreSQL: it breaks the connections of its clients.
    stop: () => end(kind === 'postgres' ? 'SIGINT' : 'SIGTERM'),
    kill: () => end(kind === 'postgres' ? 'SIGQUIT' : 'SIGKILL'),
    async remove() {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

interface Server {
  readonly install: [string, ...string[]];
  readonly run: [string, ...string[]];
  readonly prepare: readonly string[];
  connect(): Promise<Writer>;
}

function postgres(folder: string, data: string, port: number): Server {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, ADMIN_PASSWORD, { mode: 0o644 });
  const listen = ['-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'];
  let database = 'postgres';
  return {
    install: [
      'initdb',
      '-D',
      data,
      '-U',
      'admin',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--no-sync',
    ],
    run: ['postgres', '-D', data, ...listen, '-c', 'fsync=off', '-c', 'shared_buffers=32MB'],
    get prepare() {
      return [
        'CREATE DATABASE pki',
        `CREATE ROLE ${READER} LOGIN PASSWORD '${READER_PASSWORD}'`,
        'USE pki',
        POSTGRES_TABLE,
        'CREATE UNIQUE INDEX auditrecorddata_idx2 ON AuditRecordData (nodeId, sequenceNumber)',
        `GRANT CONNECT ON DATABASE pki TO ${READER}`,
        `GRANT SELECT ON AuditRecordData TO ${READER}`,
      ];
    },
    async connect() {
      const open = async () => {
        const opened = new pg.Client({ host: '127.0.0.1', port, database, user: 'admin', password: ADMIN_PASSWORD });
        opened.on('error', () => {});
        await opened.connect();
        return opened;
      };
      let client = await open();
      return {
        async run(statement, values = []) {
          if (statement === 'USE pki') {
            await client.end();
            database = 'pki';
            client = await open();
            return;
          }
          let place = 0;
          const text = values.length === 0 ? statement : statement.replace(/\?/g, () => `$${++place}`);
          await client.query(text, [...values]);
        },
        close: () => client.end().catch(() => {}),
      };
    },
  };
}

function mariadb(folder: string, data: string, port: number): Server {
  const socket = join(folder, 's');
  let database: string | undefined;
  return {
    install: [
      'mariadb-install-db',
      '--no-defaults',
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ],
    run: [
      'mariadbd',
      '--no-defaults',
      `--datadir=${data}`,
      `--port=${port}`,
      `--socket=${socket}`,
      `--pid-file=${join(folder, 'pid')}`,
      '--bind-address=127.0.0.1',
      '--innodb-flush-log-at-trx-commit=2',
      '--innodb-buffer-pool-size=32M',
      '--skip-name-resolve',
      '--transaction-isolation=READ-COMMITTED',
      '--innodb-lock-wait-timeout=10',
    ],
    prepare: [
      'CREATE DATABASE pki CHARACTER SET utf8mb4',
      'USE pki',
      MARIADB_TABLE,
      'CREATE UNIQUE INDEX auditrecorddata_idx2 ON AuditRecordData (nodeId, sequenceNumber)',
      `CREATE USER '${READER}'@'127.0.0.1' IDENTIFIED BY '${READER_PASSWORD}'`,
      `GRANT SELECT ON pki.AuditRecordData TO '${READER}'@'127.0.0.1'`,
    ],
    async connect() {
      const connection = await createConnection({
        socketPath: socket,
        user: 'root',
        ...(database === undefined ? {} : { database }),
      });
      connection.on('error', () => {});
      return {
        async run(statement, values = []) {
          await connection.query(statement, [...values]);
          if (statement === 'USE pki') database = 'pki';
        },
        close: async () => connection.destroy(),
      };
    },
  };
}

/** The vendor's own statements, written anew from the column list. */
const POSTGRES_TABLE = `CREATE TABLE AuditRecordData (pk TEXT NOT NULL PRIMARY KEY, additionalDetails TEXT, authToken TEXT NOT NULL,
  customId TEXT, eventStatus TEXT NOT NULL, eventType TEXT NOT NULL, module TEXT NOT NULL, nodeId TEXT NOT NULL, rowProtection TEXT,
  rowVersion INT4 NOT NULL, searchDetail1 TEXT, searchDetail2 TEXT, sequenceNumber INT8 NOT NULL, service TEXT NOT NULL, timeStamp INT8 NOT NULL)`;
const MARIADB_TABLE = `CREATE TABLE AuditRecordData (pk VARCHAR(250) BINARY NOT NULL PRIMARY KEY, additionalDetails LONGTEXT,
  authToken VARCHAR(250) BINARY NOT NULL, customId VARCHAR(250) BINARY, eventStatus VARCHAR(250) BINARY NOT NULL,
  eventType VARCHAR(250) BINARY NOT NULL, module VARCHAR(250) BINARY NOT NULL, nodeId VARCHAR(250) BINARY NOT NULL, rowProtection LONGTEXT,
  rowVersion INT(11) NOT NULL, searchDetail1 VARCHAR(250) BINARY, searchDetail2 VARCHAR(250) BINARY, sequenceNumber BIGINT(20) NOT NULL,
  service VARCHAR(250) BINARY NOT NULL, timeStamp BIGINT(20) NOT NULL)`;

/** What a test says of a row; the rest is made up. */
export interface RowValues {
  readonly node?: string;
  readonly sequence: number | bigint;
  readonly time?: number | bigint;
  readonly pk?: string;
  readonly details?: string | null;
}

/** The key of a row that a test did not name. */
export function keyOf({ node = 'node1', sequence, pk }: RowValues): string {
  return pk ?? `${Buffer.from(node).toString('hex')}-${sequence}`;
}

/** Writes rows in one statement. */
export async function insertRows(writer: Writer, rows: readonly RowValues[]): Promise<void> {
  const columns =
    'pk, additionalDetails, authToken, customId, eventStatus, eventType, module, nodeId, rowProtection, rowVersion, searchDetail1, searchDetail2, sequenceNumber, service, timeStamp';
  for (let at = 0; at < rows.length; at += 500) {
    const part = rows.slice(at, at + 500);
    const places = part.map(() => '(?, ?, ?, NULL, ?, ?, ?, ?, NULL, 0, NULL, NULL, ?, ?, ?)').join(', ');
    const values = part.flatMap((row) => [
      keyOf(row),
      row.details ?? null,
      'CN=SuperAdmin,O=Example',
      'SUCCESS',
      'CERT_CREATION',
      'CERTIFICATE',
      row.node ?? 'node1',
      String(row.sequence),
      'CORE',
      String(row.time ?? 1_760_000_000_000 + Number(row.sequence)),
    ]);
    await writer.run(`INSERT INTO AuditRecordData (${columns}) VALUES ${places}`, values);
  }
}

/** Numbers as rows. */
export function rowsOf(numbers: Iterable<number>, more: Omit<RowValues, 'sequence'> = {}): RowValues[] {
  return Array.from(numbers, (sequence) => ({ ...more, sequence }));
}

/** Whole numbers, both ends included. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
