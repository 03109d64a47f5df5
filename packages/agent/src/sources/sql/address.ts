import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { didYouMean } from '../../command-line/nearest.ts';

/** Where a database is and who asks. */
export interface DatabaseAddress {
  readonly kind: 'postgres' | 'mariadb';
  readonly host: string;
  readonly port: number;
  /** Path of a Unix socket, or for PostgreSQL of the folder of one; instead of host and port. */
  readonly socket?: string;
  readonly database: string;
  readonly user?: string;
  readonly password?: string;
  readonly tls: TlsMode;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  /** The address without credentials, which may be shown. */
  readonly shown: string;
}

/** `require` encrypts and asks nobody who the server is. */
type TlsMode = 'disable' | 'require' | 'verify-ca' | 'verify-full';

const KINDS: ReadonlyMap<string, DatabaseAddress['kind']> = new Map([
  ['postgres:', 'postgres'],
  ['postgresql:', 'postgres'],
  ['mariadb:', 'mariadb'],
  ['mysql:', 'mariadb'],
]);

/** Both worlds' words for the same. */
const TLS_MODES: ReadonlyMap<string, TlsMode> = new Map([
  ['disable', 'disable'],
  ['disabled', 'disable'],
  ['require', 'require'],
  ['required', 'require'],
  ['verify-ca', 'verify-ca'],
  ['verify_ca', 'verify-ca'],
  ['verify-full', 'verify-full'],
  ['verify_identity', 'verify-full'],
]);

const PARAMETERS: ReadonlyMap<string, 'tls' | 'caFile' | 'certFile' | 'keyFile' | 'socket'> = new Map([
  ['sslmode', 'tls'],
  ['ssl-mode', 'tls'],
  ['sslrootcert', 'caFile'],
  ['ssl-ca', 'caFile'],
  ['sslcert', 'certFile'],
  ['ssl-cert', 'certFile'],
  ['sslkey', 'keyFile'],
  ['ssl-key', 'keyFile'],
  ['host', 'socket'],
  ['socket', 'socket'],
]);

/** Reads the URL of a database. Throws an Error whose message says what is wrong and repeats nothing of the URL but names of parameters. */
export function parseAddress(text: string): DatabaseAddress {
  const url = URL.parse(text);
  const kind = KINDS.get(url?.protocol ?? '');
  if (!url || !kind) throw new Error('url: expected postgres://…, mariadb://… or mysql://…');
  const parameters = readParameters(url.searchParams);
  const { socket } = parameters;
  const host = decoded(url.hostname).replace(/^\[|\]$/g, '') || 'localhost';
  const port = Number(url.port || (kind === 'postgres' ? 5432 : 3306));
  const database = decoded(url.pathname.slice(1));
  if (database === '') throw new Error('url: names no database; write it behind the host, as in postgres://host/ejbca');
  const place = socket ?? `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    ...parameters,
    kind,
    host,
    port,
    database,
    ...(url.username === '' ? {} : { user: decoded(url.username) }),
    ...(url.password === '' ? {} : { password: decoded(url.password) }),
    tls: tlsMode(parameters.tls) ?? (socket !== undefined || isLoopback(host) ? 'disable' : 'verify-full'),
    shown: `${kind}://${place}/${database}`,
  };
}

type Parameters = { [Name in 'tls' | 'caFile' | 'certFile' | 'keyFile' | 'socket']?: string };

function readParameters(given: URLSearchParams): Parameters {
  const read: Parameters = {};
  for (const [name, value] of given) {
    const known = PARAMETERS.get(name.toLowerCase());
    if (known === undefined) {
      const hint = didYouMean(name, PARAMETERS.keys());
      throw new Error(`url: the parameter ${JSON.stringify(name)} is not known.${hint ? ` ${hint}` : ''}`);
    }
    read[known] = value;
  }
  return read;
}

function tlsMode(word: string | undefined): TlsMode | undefined {
  if (word === undefined) return undefined;
  const mode = TLS_MODES.get(word.toLowerCase());
  if (mode === undefined) throw new Error('url: sslmode is one of disable, require, verify-ca, verify-full');
  return mode;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('url: a percent sign is not followed by two hex digits; write a percent sign itself as %25');
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** TLS as Node.js wants it, or undefined for none. Files are read anew with every connection, so that rotated ones are taken up. */
export async function tlsOptions(address: DatabaseAddress): Promise<ConnectionOptions | undefined> {
  const { tls, caFile, certFile, keyFile, host } = address;
  if (tls === 'disable') return undefined;
  return {
    rejectUnauthorized: tls !== 'require',
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(tls === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
    ...(caFile === undefined ? {} : { ca: await readFile(caFile) }),
    ...(certFile === undefined ? {} : { cert: await readFile(certFile) }),
    ...(keyFile === undefined ? {} : { key: await readFile(keyFile) }),
  };
}
