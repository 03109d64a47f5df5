import { describe, expect, it } from 'vitest';
import { type AuditEvent, convert, convertOne, ejbcaLine, signserverLine, textsOf } from './convert.ts';

const SECRET = 'PLANTED-hunter22';

/** Events with a planted secret, as each device would write them. */
const PLANTED: readonly (readonly [what: string, event: AuditEvent])[] = [
  ['the PIN of a worker', { details: { 'added:PIN': SECRET } }],
  ['a changed keystore password', { details: { 'changed:KEYSTOREPASSWORD': SECRET } }],
  ['a removed credential', { details: { 'removed:credential': SECRET } }],
  ['a client secret of an OAuth setting', { details: { 'changed:clientSecret': SECRET } }],
  [
    'an OAuth key with its secret',
    { details: { oauthkey_1: `{keyIdentifier=kid, client_secret=${SECRET}, url=https://idp.example}` } },
  ],
  ['a private key', { details: { privateKey: SECRET } }],
  ['a private key in PEM', { details: { note: `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----` } }],
  ['an authentication code', { details: { authCode: SECRET } }],
  ['a PIN among the properties of a token', { details: { tokenproperties: `{certSignKey=signKey, pin=${SECRET}}` } }],
  ['a password in the message', { details: { msg: `Login with password=${SECRET} failed` } }],
  ['a URL with a password', { details: { REQUEST_FULLURL: `http://anna:${SECRET}@host.example/process` } }],
  ['a URL with a secret parameter', { details: { REQUEST_FULLURL: `http://host.example/process?password=${SECRET}` } }],
  ['a secret that another value quotes', { details: { 'added:PIN': SECRET, note: `was ${SECRET} before` } }],
  [
    'the value of a global property whose name is secret',
    {
      event: 'SET_GLOBAL_PROPERTY',
      details: { GLOBALCONFIG_PROPERTY: 'GLOB.WORKER1.KEYSTOREPASSWORD', GLOBALCONFIG_VALUE: SECRET },
    },
  ],
  [
    'the value of a global property, printed before its name',
    {
      event: 'SET_GLOBAL_PROPERTY',
      details: { GLOBALCONFIG_VALUE: SECRET, GLOBALCONFIG_PROPERTY: 'GLOB.WORKER1.PIN' },
    },
  ],
  [
    'the value of a global property without a name',
    { event: 'SET_GLOBAL_PROPERTY', details: { GLOBALCONFIG_VALUE: SECRET } },
  ],
];

describe('D62 secrets never leave', () => {
  it.each(PLANTED.map(([what, event]) => ({ what, event })))('not $what', ({ event }) => {
    for (const text of [ejbcaLine(event), signserverLine(event)]) {
      for (const original of [false, true]) {
        const record = convertOne(text, { original });
        expect(record.eventName).toBeDefined();
        expect(textsOf(record)).not.toContain(SECRET);
        expect(textsOf(record)).toContain('REDACTED');
      }
    }
  });

  it('not in lines that are cut, foreign, or of a neighbour log', () => {
    const worker = '2026-11-21 21:10:10,084 INFO  [org.signserver.server.log.IWorkerLogger] (t) ';
    const lines = [
      signserverLine({ details: { 'added:PIN': SECRET } }).replace(/; REPLY_TIME.*/, ''),
      ejbcaLine({ details: { 'changed:password': SECRET } }).replace('log4j.Log4jDevice', 'log4j.Other'),
      `${worker}AllVariablesLogger; PDF_PASSWORD: ${SECRET}; REPLY_TIME:1795291810084`,
      `${worker}any order;password=${SECRET}`,
    ];
    for (const line of lines)
      for (const record of convert(line, { original: true })) expect(textsOf(record)).not.toContain(SECRET);
  });

  it('D62 leaves harmless values alone', () => {
    const details = {
      GLOBALCONFIG_PROPERTY: 'GLOB.WORKER1.MAPPING',
      GLOBALCONFIG_VALUE: 'kept value',
      TOKENTYPE: 'P12',
      tokensequence: '00000',
    };
    const { attributes } = convertOne(signserverLine({ event: 'SET_GLOBAL_PROPERTY', details }));
    for (const [key, value] of Object.entries(details)) expect(attributes.get(`cesecore.details.${key}`)).toBe(value);
  });
});
