import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDistinguishedName } from './dn.ts';

describe('isDistinguishedName', () => {
  it.each([
    'CN=SuperAdmin,O=Example AB,C=SE',
    'C=SE, O=My Organization, CN=Admin 1',
    'OU="PKI;EVENT", CN=x',
    'UID=a+CN=b',
    'emailAddress=a@b.example,CN=x',
    '1.2.840.113549.1.9.1=#1601,CN=x',
    'OID.2.5.4.97=x',
    'CN=',
  ])('takes %s', (text) => {
    expect(isDistinguishedName(text)).toBe(true);
  });

  it.each([
    '',
    '=x',
    'CLI user',
    'StartServicesServlet.init',
    '10.1.2.3 (TRANSPORT_PLAIN)',
    'CN=a [via] CN=b',
    'user=anna',
    'https://idp.example/?CN=x',
    '1.=x',
    'CN',
  ])('refuses %j', (text) => {
    expect(isDistinguishedName(text)).toBe(false);
  });

  it('answers for any text', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof isDistinguishedName(text) === 'boolean'));
  });
});
