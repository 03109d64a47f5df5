import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuMillis } from '../../../../test/support/cpu-millis.ts';
import { isSecretName, redactText } from './text.ts';

const RULES = { secretNames: ['token', 'session'], secretFields: ['api_key'], queryParameters: ['code'] };

describe('redactText', () => {
  it.each([
    ['password=s3cret', 'password=REDACTED'],
    ['dbname=x password=s3cret host=y', 'dbname=x password=REDACTED host=y'],
    ["login with pin: '12 34' failed", "login with pin: 'REDACTED' failed"],
    ['token "s3cret" refused', 'token "REDACTED" refused'],
    ['{"old":1,"token": "a\\"b", "x": 2}', '{"old":1,"token": "REDACTED", "x": 2}'],
    ['{\\"token\\": \\"a\\\\\\"b\\", \\"x\\": 2}', '{\\"token\\": \\"REDACTED\\", \\"x\\": 2}'],
    ['{"token":12345}', '{"token":REDACTED}'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer REDACTED'],
    ['authorization=Basic dXNlcjpwYXNz, next', 'authorization=Basic REDACTED, next'],
    ['got bearer eyJhbGciOiJIUzI1NiJ9.x.y today', 'got bearer REDACTED today'],
    ['X-Api-Key: s3cret', 'X-Api-Key: REDACTED'],
    ['DB_PASSWORD="s3cret', 'DB_PASSWORD="REDACTED'],
    ['clientSecret => s3cret;', 'clientSecret => REDACTED;'],
    ['GET /cb?code=s3cret&state=1 done', 'GET /cb?code=REDACTED&state=1 done'],
    ['open postgres://acra:s3cret@db/x', 'open postgres://REDACTED:REDACTED@db/x'],
    ['user-pin=1234', 'user-pin=REDACTED'],
    ['{"authToken": pin: s3cret "CN=x"}', '{"authToken": REDACTED "CN=x"}'],
  ])('takes the secret out of %j', (text, clean) => {
    expect(redactText(text, RULES)).toBe(clean);
  });

  it.each([
    'Bearer authentication failed',
    'password is wrong',
    'token refreshed for user 3',
    'mapping: 3 spins, pinned=yes',
    'status code=404',
    'options "--key_file" and "--key_secret" are required',
    'the flag `use_password` does nothing, `x`',
    'no secrets here, https://example.org/a?page=2',
    'level=info msg="Key store: no entries" author=x',
    '',
  ])('leaves %j as it is', (text) => {
    expect(redactText(text, RULES)).toBe(text);
  });

  it('takes the body out of a private key in PEM and leaves certificates', () => {
    const pem = (label: string) => `-----BEGIN ${label}-----\nMIIsecret\nabc=\n-----END ${label}-----\n`;
    expect(redactText(`a ${pem('EC PRIVATE KEY')} b ${pem('CERTIFICATE')}`, RULES)).toBe(
      `a -----BEGIN EC PRIVATE KEY-----REDACTED-----END EC PRIVATE KEY-----\n b ${pem('CERTIFICATE')}`,
    );
    expect(redactText('-----BEGIN PRIVATE KEY-----\\nMIIsecret', RULES)).toBe('-----BEGIN PRIVATE KEY-----REDACTED');
  });

  it('changes nothing when applied again', () => {
    const piece = fc.constantFrom(
      'password',
      'token',
      'pin',
      ' ',
      '=',
      ':',
      '"',
      "'",
      '\\',
      'abc',
      '://',
      '@',
      '&',
      '?',
      ',',
      'Bearer ',
      'Basic ',
      '-----BEGIN PRIVATE KEY-----',
      '-----END PRIVATE KEY-----',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const once = redactText(pieces.join(''), RULES);
        expect(redactText(once, RULES)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });

  it('finds a planted value behind every secret name, however it is written', () => {
    const name = fc.constantFrom('password', 'PASSWORD', 'api_key', 'apiKey', 'x-api-key', 'old_token', 'PIN');
    const shape = fc.constantFrom('=%', ': %', '="%"', '":"%"', "': '%'", ' "%"', '\\":\\"%\\"', ' = %', ':%');
    const around = fc.string({ unit: fc.constantFrom('a', ' ', ',', '{', '.', '\n', 'é'), maxLength: 5 });
    fc.assert(
      fc.property(name, shape, around, around, (key, form, before, after) => {
        const text = `${before} ${key}${form.replace('%', 'PLANTED')} ${after}`;
        expect(redactText(text, RULES)).toBe(text.replace('PLANTED', 'REDACTED'));
      }),
    );
  });

  it.each([
    'password=',
    'token "',
    "pin: '",
    'password \\"',
    '-----BEGIN PRIVATE KEY-----',
    'bearer ',
    '\\',
    'token \\',
    '"',
    'a.',
    'token=\\"',
    'ab=',
    'ab: ',
    'ab="',
    'pin=?&',
    'ab=>',
    'http://',
    'http://a:b@',
    '?pin=',
    'pin: ab: ',
  ])('needs no more than linear time for %j', (unit) => {
    const millis = cpuMillis(() => {
      redactText(`password ${unit.repeat(100_000)}`, RULES);
    });
    expect(millis).toBeLessThan(3_000);
  });
});

describe('values that are masked already', () => {
  it('stay, so that a masked query keeps its shape', () => {
    const rules = { ...RULES, placeholders: [':replaced'] };
    const query = 'where password = :replaced12 and pin = ? and token = $3';
    expect(redactText(query, rules)).toBe(query);
    expect(redactText('password = :other12 and pin = :replaced1x', rules)).toBe(
      'password = REDACTED and pin = REDACTED',
    );
  });
});

describe('isSecretName', () => {
  it('does not count the class of an exception', () => {
    const text = 'a.authorization.AuthorizationDeniedException: Administrator not allowed, password=hunter2';
    expect(redactText(text, RULES)).toBe(text.replace('hunter2', 'REDACTED'));
    expect(isSecretName('lastAuthorization', RULES)).toBe(true);
  });

  it('does not count a name that the product calls harmless', () => {
    const rules = { ...RULES, harmlessNames: ['key_bundle_secret'] };
    expect(isSecretName('key-bundle-secret', rules)).toBe(false);
    expect(isSecretName('my_key_bundle_secret', rules)).toBe(true);
    expect(redactText('--key_bundle_secret "keys.sec" --token "x"', rules)).toBe(
      '--key_bundle_secret "keys.sec" --token "REDACTED"',
    );
  });

  it.each([
    'password',
    'DbPassword',
    'api-key',
    'X_API_KEY',
    'sessionToken',
    'userPin',
    'PIN',
    'private.key',
    'tokens',
  ])('counts %s', (name) => {
    expect(isSecretName(name, RULES)).toBe(true);
  });

  it.each(['mapping', 'pinned', 'project_key', 'keyboard', '', '__proto__', 'jira_url'])(
    'does not count %s',
    (name) => {
      expect(isSecretName(name, RULES)).toBe(false);
    },
  );
});
