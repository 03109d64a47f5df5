import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCesecoreProperties, isCesecoreProperties } from './database-protection.ts';
import { readJavaProperties } from './java-properties.ts';

const check = (...lines: string[]) => checkCesecoreProperties(readJavaProperties(lines.join('\n')));

/** The examples of the vendor's page, as settings. */
const PKCS11 = [
  'databaseprotection.enablesign.AuditRecordData = true',
  'databaseprotection.enableverify.AuditRecordData = true',
  'databaseprotection.keyid = 400',
  'databaseprotection.keyid.0 = 400',
  'databaseprotection.keylabel.0 = dbProtKey',
  'databaseprotection.classname.0 = org.cesecore.keys.token.PKCS11CryptoToken',
  'databaseprotection.properties.0 = sharedLibrary=/opt/x-1/lib.so, slotLabelType=SLOT_NUMBER, slotLabelValue=1',
  'databaseprotection.data.0 =',
  'databaseprotection.tokenpin.0 = planted-pin-1',
  'databaseprotection.version.0 = 2',
];

describe('readJavaProperties', () => {
  it('D05 reads comments, all separators, escapes and lines that go on', () => {
    const { values, commented } = readJavaProperties(
      '# key.one=1\n! note\na=b\nc : d\ne f\n  g\\:h = i\\u0041\\\n   j\\\\\nk\n',
    );
    expect([...values]).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
      ['g:h', 'iAj\\'],
      ['k', ''],
    ]);
    expect([...commented]).toEqual(['key.one']);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void readJavaProperties(text)));
  });
});

describe('checkCesecoreProperties', () => {
  it('D08 D09 D10 D24-D30 D32 reads the example for PKCS#11', () => {
    expect(check(...PKCS11)).toMatchObject({
      signing: true,
      verifying: true,
      active_key: '400',
      keys: [
        {
          index: '0',
          id: '400',
          label: 'dbProtKey',
          class: 'org.cesecore.keys.token.PKCS11CryptoToken',
          version: '2',
          algorithm: 'SHA256WithRSA',
          pin: 'set',
          properties: { sharedLibrary: '/opt/x-1/lib.so', slotLabelType: 'SLOT_NUMBER', slotLabelValue: '1' },
        },
      ],
      problems: [],
    });
  });

  it('D31 D37 D38 shows no PIN, not even one inside the token settings', () => {
    const report = check(
      ...PKCS11,
      'databaseprotection.properties.0 = SHAREDLIBRARYNAME=Utimaco, SLOTLABELVALUE=1, pin=planted-pin-2',
    );
    expect(JSON.stringify(report)).not.toContain('planted-pin');
    expect(report.keys[0]?.properties).toEqual({ SHAREDLIBRARYNAME: 'Utimaco', SLOTLABELVALUE: '1', pin: 'REDACTED' });
  });

  it('D22 finds signing without a crypto token', () => {
    expect(check('databaseprotection.enablesign=true').problems).toEqual([
      expect.stringContaining('no crypto token is configured'),
    ]);
  });

  it('D06 D07 takes what is commented out as not set', () => {
    const sample = readJavaProperties(PKCS11.map((line) => `#${line}`).join('\n'));
    expect(isCesecoreProperties(sample)).toBe(true);
    expect(checkCesecoreProperties(sample)).toMatchObject({ signing: null, keys: [], problems: [] });
  });

  it('D26 resolves several keys, so that a roll-over can be told', () => {
    const report = check(
      ...PKCS11,
      'databaseprotection.keyid = 401',
      'databaseprotection.keyid.1 = 401',
      'databaseprotection.classname.1 = X',
    );
    expect(report).toMatchObject({ active_key: '401', keys: [{ id: '400' }, { id: '401' }] });
    expect(report.problems).toEqual(['databaseprotection.keyid is set more than once; the last one counts']);
  });

  it('D25 finds an active key that is not configured', () => {
    expect(
      check(...PKCS11.filter((line) => !line.includes('keyid =')), 'databaseprotection.keyid = 500').problems[0],
    ).toContain('500');
  });

  it('D39 finds an index that has a signature algorithm and nothing else', () => {
    expect(check(...PKCS11, 'databaseprotection.sigalg.2 = SHA256WithRSA').problems).toEqual([
      expect.stringContaining('index 2 has settings but no'),
    ]);
  });

  it('D40 keeps the API token of a cloud key store to itself', () => {
    const report = check(...PKCS11, 'databaseprotection.properties.0 = clientSecret=planted-pin-3, clientId=abc');
    expect(report.keys[0]?.properties).toEqual({ clientSecret: 'REDACTED', clientId: 'abc' });
  });

  it('D21 reads the node id and the devices of cesecore.properties', () => {
    const report = check(
      'cluster.nodeid = node-7',
      'securityeventsaudit.implementation.0=org.cesecore.audit.impl.log4j.Log4jDevice',
      'securityeventsaudit.exporter.1=null',
    );
    expect(report).toMatchObject({
      node_id: 'node-7',
      signing: null,
      devices: ['org.cesecore.audit.impl.log4j.Log4jDevice'],
      exporters: [],
    });
    expect(report.notes).toContainEqual(expect.stringContaining('no device writes the table AuditRecordData'));
  });

  it('D34 D35 D36 reads a P11NG token with its key id and label like any other', () => {
    const report = check(
      'databaseprotection.enablesign = true',
      'databaseprotection.keyid = 400',
      'databaseprotection.keyid.0 = 400',
      'databaseprotection.keylabel.0 = testkey0',
      'databaseprotection.classname.0 = org.signserver.p11ng.common.cryptotoken.P11NGDatabaseProtectionCryptoToken',
    );
    const type = 'org.signserver.p11ng.common.cryptotoken.P11NGDatabaseProtectionCryptoToken';
    expect(report.keys).toMatchObject([{ index: '0', id: '400', label: 'testkey0', class: type }]);
    expect(report).toMatchObject({ active_key: '400', problems: [] });
  });

  it('D14 says that verifying does not find missing rows', () => {
    expect(check(...PKCS11).notes.join()).toContain('does not find missing ones');
  });
});
