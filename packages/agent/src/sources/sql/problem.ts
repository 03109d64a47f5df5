import { systemCode } from '../../input/system-error.ts';
import type { DatabaseAddress } from './address.ts';

/** What a person must mend before the database can be read. */
export class Unusable extends Error {}

/** The agent takes nothing more. */
export class Ended extends Error {}

const REFUSED = 'the database refuses the user or the password';
const NO_RIGHT = 'the user has no right to read the table; docs/sources-sql.md names the rights it needs';
const NO_DATABASE = 'there is no such database';

/** Codes of errors that waiting does not mend. */
const LASTING: ReadonlyMap<string, string> = new Map([
  ['28P01', REFUSED],
  ['28000', REFUSED],
  ['ER_ACCESS_DENIED_ERROR', REFUSED],
  ['ER_ACCESS_DENIED_NO_PASSWORD_ERROR', REFUSED],
  ['42501', NO_RIGHT],
  ['ER_TABLEACCESS_DENIED_ERROR', NO_RIGHT],
  ['ER_COLUMNACCESS_DENIED_ERROR', NO_RIGHT],
  ['ER_DBACCESS_DENIED_ERROR', NO_RIGHT],
  ['3D000', NO_DATABASE],
  ['ER_BAD_DB_ERROR', NO_DATABASE],
]);

const PASSING: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'there is no such host'],
  ['EAI_AGAIN', 'the name of the host cannot be looked up now'],
  ['ECONNRESET', 'the connection was broken'],
  ['EPIPE', 'the connection was broken'],
  ['ETIMEDOUT', 'it does not answer'],
  ['PROTOCOL_CONNECTION_LOST', 'the connection was broken'],
  ['57P01', 'the database was stopped'],
  ['57P02', 'the database crashed'],
  ['57P03', 'the database is starting'],
  ['ER_SERVER_SHUTDOWN', 'the database was stopped'],
  ['57014', 'a statement took longer than it may; is an index missing?'],
  ['ER_STATEMENT_TIMEOUT', 'a statement took longer than it may; is an index missing?'],
]);

/** What went wrong with a database, for people. */
export interface Problem {
  readonly message: string;
  /** A person must mend it. */
  readonly lasting: boolean;
}

/** Tells what went wrong without anything of the credentials: what drivers and servers say is shown only when it is not known better, with user and password taken out. */
export function problemOf(error: unknown, { user, password }: DatabaseAddress): Problem {
  if (error instanceof Unusable) return { message: error.message, lasting: true };
  const code = systemCode(error) ?? '';
  const lasting = LASTING.get(code);
  if (lasting !== undefined) return { message: lasting, lasting: true };
  const passing = PASSING.get(code);
  if (passing !== undefined) return { message: passing, lasting: false };
  let message = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.slice(0, 300) ?? '';
  for (const secret of [password, user]) {
    if (secret)
      for (const spelled of [secret, encodeURIComponent(secret)]) message = message.replaceAll(spelled, '***');
  }
  return { message: code === '' || message.includes(code) ? message : `${message} (${code})`, lasting: false };
}
