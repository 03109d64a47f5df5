/**
 * Secrets planted in every place of every format: nothing that leaves may hold them — attributes, body, severity text, original, issues — and
 * what stood round them is still there.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createPipeline, type LogRecord, type PipelineOptions } from '@cryptrail/mapper';
import { describe, expect, it } from 'vitest';
import { flattenRecord } from './flatten-record.ts';
import { PRODUCTS, productIds, readProduct } from './product-tables.ts';

const SECRET = 'Pl4nt3dS3cr3tV4lu3';
const products = productIds().map(readProduct);

/** Ways in which a secret stands in a text. */
const SHAPES: Readonly<Record<string, string>> = {
  'user info of a URL': `https://operator:${SECRET}@db.example:5432/vault`,
  'a password without a user': `redis://:${SECRET}@cache.example/0`,
  'a query parameter': `/login?next=1&access_token=${SECRET}&page=2`,
  'a spelled-out query parameter': `/login?access%5Ftoken=${SECRET}`,
  'a pair': `password=${SECRET} host=db`,
  'a pair with a colon': `pin: ${SECRET}`,
  'a quoted pair': `client_secret="${SECRET} and more"`,
  'a quoted word': `passphrase '${SECRET}'`,
  'JSON in a text': `{"apiKey": "${SECRET}", "n": 1}`,
  'a header': `Authorization: Bearer ${SECRET}.${SECRET}`,
  'another header': `X-Api-Key: ${SECRET}`,
  'a bare bearer token': `sent Bearer ${SECRET} upstream`,
  'a private key': `-----BEGIN EC PRIVATE KEY-----\n${SECRET}\n${SECRET}=\n-----END EC PRIVATE KEY-----`,
};

const AQTIVE = {
  id: '5b6a1f0e-8a52-4b0e-9f0a-0d9b7c3f1a11',
  created_at: '2024-05-13T08:31:07.123456Z',
  hostname: 'aqg-web-01',
  level: 'info',
  log_type: 'audit',
  pid: 4711,
};
const ACRA = { level: 'error', product: 'acra-server', unixTime: '1726560000.950', version: '0.96.0' };
const EJBCA = '2026-10-24 23:02:43,091 INFO  [org.cesecore.audit.impl.log4j.Log4jDevice] (default task-5) ';
const SIGNSERVER =
  '2026-11-02 06:01:05,129 INFO  [org.signserver.server.log.SignServerLog4jDevice] (EJB default - 17) EVENT: KEYTEST; OUTCOME: SUCCESS; MODULE: KEY_MANAGEMENT; ';

const aqtive = (fields: object) => JSON.stringify({ ...AQTIVE, ...fields });
const go = (text: string) => JSON.stringify(text);
const cef = (text: string) => text.replace(/[\\|=]/g, (sign) => `\\${sign}`).replace(/\n/g, '\\n');

/** Places where a text of somebody else can stand. */
const PLACES: Readonly<Record<string, (text: string) => string>> = {
  ...Object.fromEntries(
    [...Object.keys(AQTIVE), ...aqtiveFields(), 'unlisted'].map((field) => [
      `AQtive Guard, ${field}`,
      (text: string) => aqtive({ [field]: `before ${text} after` }),
    ]),
  ),
  'AQtive Guard, bare path': (text) => aqtive({ log_type: 'web', path: text }),
  'AQtive Guard, bare target': (text) => aqtive({ log_type: 'tanium', target: text }),
  'AQtive Guard, nested value': (text) => aqtive({ extra: { deep: [{ note: text }] } }),
  'AQtive Guard, value of a setting': (text) => aqtive({ action: 'setting_change', setting: 'url', new_value: text }),
  'Acra JSON, msg': (text) => JSON.stringify({ ...ACRA, msg: `before ${text} after` }),
  'Acra JSON, error': (text) => JSON.stringify({ ...ACRA, msg: 'm', code: 512, error: `before ${text} after` }),
  'Acra JSON, any field': (text) => JSON.stringify({ ...ACRA, msg: 'm', some_field: text }),
  'Acra text, msg': (text) => `time="2024-09-17T08:00:00Z" level=error msg=${go(`before ${text} after`)} code=512`,
  'Acra text, error': (text) => `time="2024-09-17T08:00:00Z" level=error msg=m code=512 error=${go(text)}`,
  'Acra CEF, msg': (text) =>
    `CEF:0|cossacklabs|acra-server|0.96.0|512|before ${cef(text)} after|6|unixTime=1726560000.9 `,
  'Acra CEF, error': (text) => `CEF:0|cossacklabs|acra-server|0.96.0|512|m|6|error=${cef(text)} unixTime=1726560000.9 `,
  'EJBCA, detail': (text) =>
    `${EJBCA}2026-10-24 23:02:43+02:00;CERT_CREATION;SUCCESS;CERTIFICATE;CORE;CN=SuperAdmin;1;2A;user;msg=before ${text} after`,
  'EJBCA, administrator': (text) =>
    `${EJBCA}2026-10-24 23:02:43+02:00;CERT_CREATION;SUCCESS;CERTIFICATE;CORE;before ${text} after;1;2A;user;a=b`,
  'SignServer, detail': (text) =>
    `${SIGNSERVER}ADMINISTRATOR: CN=A; ISSUER: null; SERIAL_NUMBER: null; WORKER_ID: 3; msg: before ${text} after; REPLY_TIME:1793596152672`,
  'foreign text': (text) => `Starting with ${text} today`,
  'foreign text behind a layout': (text) => `2026-10-24 23:02:43,091 ERROR [com.example.App] (main) failed: ${text}`,
  syslog: (text) => `<14>May 13 06:00:07 host app[77]: before ${text} after`,
  'a container log': (text) =>
    JSON.stringify({ log: `before ${text} after\n`, stream: 'stdout', time: '2026-10-24T20:53:26.5Z' }),
  'a journal entry': (text) =>
    JSON.stringify({ __REALTIME_TIMESTAMP: '1715583750036492', MESSAGE: `before ${text} after` }),
};

/** Fields whose value never leaves, whatever it is: no setting is named in these records. */
const HIDDEN = /(old_value|new_value|api_key)$/;

function aqtiveFields(): string[] {
  return readProduct('aqtive').fields.flatMap((rule) => rule.fields);
}

function convert(text: string, options: Partial<PipelineOptions>): LogRecord[] {
  const reader = createPipeline({ products, now: () => 1n, original: true, blobs: true, ...options }).open();
  return [...reader.push(new TextEncoder().encode(text)), ...reader.end()];
}

/** Every text that leaves. */
function leaving(records: readonly LogRecord[]): string {
  return JSON.stringify(records.map((record) => [flattenRecord(record), record.issues]));
}

describe.each(Object.entries(PLACES))('%s', (name, place) => {
  it.each(Object.entries(SHAPES))('F04 does not let out %s', (_, text) => {
    const records = convert(place(text), {});
    expect(records.length).toBeGreaterThan(0);
    expect(leaving(records)).not.toContain(SECRET);
  });

  it.skipIf(HIDDEN.test(name))('F04 lets everything else out', () => {
    const text = 'status code 404, token bucket empty, author=x, see https://docs.example/a?page=2';
    const [record] = convert(place(text), {});
    expect(JSON.stringify(record && flattenRecord(record))).not.toContain('REDACTED');
  });
});

describe('secrets that only their place tells', () => {
  const all = (line: string) => leaving(convert(line, {}));

  it.each([
    ['the invalid API key', { action: 'api_request', api_key: SECRET }, 'aqtive.api_key.hash'],
    ['an API key that is no text', { action: 'api_request', api_key: [SECRET] }, 'REDACTED'],
    ['an API key in a web record', { log_type: 'web', api_key: SECRET }, 'aqtive.api_key.hash'],
    ['the old value of a token', { setting: 'jira_Access_Token', old_value: SECRET }, 'REDACTED'],
    ['the new value of a password', { setting: 'servicenow_password', new_value: SECRET }, 'REDACTED'],
    ['the value of a setting without a name', { action: 'setting_change', new_value: { a: SECRET } }, 'REDACTED'],
    ['the value of a setting whose name is no text', { setting: 7, new_value: SECRET }, 'REDACTED'],
    ['a field named like a secret', { my_client_secret: SECRET }, 'REDACTED'],
    [
      'a secret that the message repeats',
      { api_key: SECRET, message: `key ${SECRET} refused` },
      'key REDACTED refused',
    ],
  ])('AQtive Guard: %s', (_, fields, shown) => {
    expect(all(aqtive(fields))).not.toContain(SECRET);
    expect(all(aqtive(fields))).toContain(shown);
  });

  it.each([
    ['JSON', JSON.stringify({ ...ACRA, msg: 'm', db_password: SECRET })],
    ['text', `time="2024-09-17T08:00:00Z" level=error msg=m db_password=${SECRET}`],
    ['CEF', `CEF:0|cossacklabs|acra-server|0.96.0|512|m|6|db_password=${SECRET} unixTime=1726560000.9 `],
  ])('Acra in %s: a field named like a secret', (_, line) => {
    expect(all(line)).not.toContain(SECRET);
    expect(all(line)).toContain('REDACTED');
  });

  it('a key spelled with escapes', () => {
    const line = aqtive({ action: 'api_request', api_key: SECRET }).replace('api_key', 'api\\u005fkey');
    expect(all(line)).not.toContain(SECRET);
  });

  it('a private key over several lines of foreign text', () => {
    const lines = ['loading', '-----BEGIN PRIVATE KEY-----', SECRET, SECRET, '-----END PRIVATE KEY-----', 'loaded'];
    const records = convert(lines.join('\n'), {});
    expect(records.map(({ body }) => body)).toEqual([
      'loading',
      '-----BEGIN PRIVATE KEY-----REDACTED-----END PRIVATE KEY-----',
      'loaded',
    ]);
  });

  it('a line that is broken: its text is not repeated', () => {
    const line = aqtive({ action: 'setting_change', new_value: SECRET }).slice(0, -1);
    expect(leaving(convert(line, { product: 'aqtive' }))).not.toContain(SECRET);
    expect(all(line)).not.toContain(SECRET);
  });
});

describe('the fixtures of all products', () => {
  const folders = productIds().map((id) => new URL(`${id}/fixtures/`, PRODUCTS));
  const names = folders
    .filter((url) => existsSync(url))
    .flatMap((url) => readdirSync(url).map((name) => new URL(name, url)));

  it('F04 hold planted secrets in their lines and none in the records', () => {
    const planted = names.filter(
      (url) => url.pathname.endsWith('.log') && readFileSync(url).includes('SAMPLE-SECRET-'),
    );
    expect(planted.length).toBeGreaterThan(0);
    const leaking = names.filter(
      (url) => url.pathname.endsWith('.json') && readFileSync(url).includes('SAMPLE-SECRET-'),
    );
    expect(leaking).toEqual([]);
  });
});
