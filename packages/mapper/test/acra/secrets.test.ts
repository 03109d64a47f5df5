import { describe, expect, it } from 'vitest';
import { convert, textsOf } from './convert.ts';
import { type Entry, inAllFormats, textLine } from './lines.ts';

const KEY = 'UExBTlRFRC1CQUNLVVAtTUFTVEVSLUtFWS0wMDA=';

/** Entries with a planted secret, each with what must never leave. */
const PLANTED: readonly (readonly [what: string, secrets: readonly string[], entry: Entry])[] = [
  [
    'the backup master key',
    [KEY],
    { level: 'info', message: `Backup master key: ${KEY}\n Backup saved to file: /b.bak` },
  ],
  ['a cut backup line', [KEY], { level: 'info', message: `Backup master key: ${KEY}` }],
  [
    'a raw query of the simple protocol',
    ['PLANTED-mail', 'PLANTED-two', '777123'],
    {
      level: 'info',
      message: 'Command complete',
      fields: { command: '{<nil> <nil> <nil> update t set a = \'PLANTED-mail\', b = "PLANTED-two" where c = 777123}' },
    },
  ],
  [
    'a raw query with quotes that databases read differently',
    ['PLANTED-one', 'PLANTED-two'],
    {
      level: 'info',
      message: 'Command complete',
      fields: { command: "{<nil> <nil> <nil> select 'a\\', 'PLANTED-one', 'b\\'PLANTED-two'}" },
    },
  ],
  [
    'an unmasked refused query',
    ['PLANTED-name', '4929123'],
    {
      level: 'error',
      code: 560,
      message: "Denied query: 'select * from t where name = 'PLANTED-name' or card = 4929123'",
    },
  ],
  [
    'a query that could not be parsed',
    ['PLANTED-x'],
    { level: 'debug', code: 563, message: "Parsing error on query: selec 'PLANTED-x'" },
  ],
  [
    'queries of the rotation tool',
    ['PLANTED-q'],
    {
      level: 'info',
      message: 'Rotate data in database',
      fields: { select_query: "select a from t where b = 'PLANTED-q'", update_query: '' },
    },
  ],
  [
    'a connection string with a password',
    ['hunter22'],
    {
      level: 'error',
      code: 540,
      message: "Can't connect to db",
      fields: { connection_string: 'tcp://acra:hunter22@10.0.0.5:5432/db' },
    },
  ],
  [
    'a password in an error text',
    ['hunter22'],
    {
      level: 'error',
      code: 510,
      message: "Can't initialize Redis client",
      fields: { error: 'dial redis://:hunter22@10.0.0.30:6379: refused (password=hunter22)' },
    },
  ],
  [
    'a secret by its name',
    ['hunter22'],
    { level: 'info', message: 'x', fields: { vault_token: 'hunter22', db_password: 'hunter22' } },
  ],
  [
    'encrypted customer data',
    ['2222222222222222aa'],
    { level: 'error', message: "Can't rotate data", fields: { acrastruct: '2222222222222222aa' } },
  ],
  [
    'a token in a request',
    ['hunter22'],
    { level: 'debug', message: 'x', fields: { method: 'GET', path: '/getNewZone?token=hunter22', status_code: 200 } },
  ],
];

describe('C08 C09 C12 C26 secrets never leave', () => {
  it.each(PLANTED.map(([what, secrets, entry]) => ({ what, secrets, entry })))('not $what', ({ secrets, entry }) => {
    for (const original of [false, true]) {
      for (const record of convert(
        inAllFormats(entry).map(([, line]) => line),
        { original },
      )) {
        expect(record.product).toBe('acra');
        for (const secret of secrets) expect(textsOf(record)).not.toContain(secret);
      }
    }
  });

  it('keeps the rest of the original line', () => {
    const [, , entry] = PLANTED[0] as (typeof PLANTED)[0];
    const originals = convert(
      inAllFormats(entry).map(([, line]) => line),
      { original: true },
    );
    for (const { attributes } of originals) {
      expect(attributes.get('log.record.original')).toMatch(
        /Backup master key: REDACTED.*Backup saved to file: \/b\.bak/,
      );
    }
  });

  it('not from a capture file', () => {
    const [record] = convert(JSON.stringify({ raw_query: "selec 'PLANTED' form t" }), { original: true });
    expect(record?.attributes.get('db.query.text')).toBe('selec ? form t');
    expect(textsOf(record as never)).not.toContain('PLANTED');
    const sql = "select * from t where password = 'PLANTED-1' and name = 'PLANTED-2' limit 5";
    for (const other of convert(JSON.stringify({ raw_query: sql }), { original: true })) {
      expect(other.body).toBe('select * from t where password = ? and name = ? limit ?');
      expect(textsOf(other)).not.toContain('PLANTED');
    }
  });

  it('not from the coloured form, whose second line is text of nobody', () => {
    const esc = '\u001b';
    const lines = [`${esc}[36mINFO${esc}[0m[0001] Backup master key: ${KEY}`, ` Backup saved to file: /b.bak`];
    for (const record of convert(lines, { original: true })) expect(textsOf(record)).not.toContain(KEY);
  });

  it('not from a line that lost its beginning', () => {
    const line = textLine({ level: 'info', message: `Backup master key: ${KEY}\n Backup saved to file: /b.bak` });
    for (let cut = 0; cut <= line.indexOf('Backup'); cut += 1) {
      for (const record of convert(line.slice(cut), { original: true })) expect(textsOf(record)).not.toContain(KEY);
    }
  });

  it.each(PLANTED.slice(0, 1).flatMap(([, , entry]) => inAllFormats(entry)))(
    'not from a %s line that lost its end',
    (_, line) => {
      for (let cut = line.indexOf(KEY); cut <= line.length; cut += 1) {
        for (const record of convert(line.slice(0, cut), { original: true })) {
          expect(textsOf(record)).not.toContain(KEY.slice(0, 8));
        }
      }
    },
  );
});
