import type { RedactionRules } from '@cryptrail/catalogue';

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
