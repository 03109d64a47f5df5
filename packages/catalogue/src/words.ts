import type { RedactionRules } from './types.ts';

/** Stands in place of what was removed. */
export const MARKER = 'REDACTED';

/** Words that make a name secret in every product. */
export const SECRET_WORDS: readonly string[] = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'secret',
  'credential',
  'api_key',
  'private_key',
  'access_token',
  'auth_token',
  'bearer_token',
  'oauth_token',
  'refresh_token',
  'session_token',
  'authorization',
  'pwd',
  'pin',
];

/** Secret words of up to this many letters and digits count only as whole parts of a name: `pin` is in `mapping`, too. */
export const SHORT_SECRET_WORD = 4;

/** What counts as a secret in text of no known product. */
export const GENERAL_REDACTION: RedactionRules = {
  secretNames: [
    'password',
    'passwd',
    'passphrase',
    'secret',
    'token',
    'credential',
    'private_key',
    'privatekey',
    'api_key',
    'apikey',
    'api-key',
    'authorization',
  ],
  queryParameters: [
    'api_key',
    'apikey',
    'token',
    'access_token',
    'oauth_token',
    'password',
    'code',
    'session',
    'secret',
  ],
};

/** Level words that loggers have in common, in lower case, with their SeverityNumber. */
export const LEVEL_WORDS: readonly (readonly [word: string, severityNumber: number])[] = [
  ['trace', 1],
  ['debug', 5],
  ['info', 9],
  ['notice', 10],
  ['warn', 13],
  ['warning', 13],
  ['error', 17],
  ['severe', 17],
  ['critical', 21],
  ['fatal', 21],
];
