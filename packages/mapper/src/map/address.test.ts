import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAddress, readForwarded, readHostPort } from './address.ts';

describe('readAddress', () => {
  it.each([
    ['192.0.2.5', '192.0.2.5'],
    [' 192.0.2.5:51234 ', '192.0.2.5'],
    ['2001:db8::1', '2001:db8::1'],
    ['::ffff:192.0.2.128', '::ffff:192.0.2.128'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[2001:db8::2]:44312', '2001:db8::2'],
    ['[::1]', '::1'],
    ['2001:0DB8:0000:0000:0000:0000:0000:0001', '2001:0DB8:0000:0000:0000:0000:0000:0001'],
    ['999.1.1.1', undefined],
    ['192.0.2', undefined],
    ['[192.0.2.5]', undefined],
    ['unknown', undefined],
    ['unix:/run/web.sock', undefined],
    ['1::2::3', undefined],
    ['', undefined],
  ])('reads %j as %j', (text, address) => {
    expect(readAddress(text)).toBe(address);
  });

  it('agrees with node:net on every address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        expect(readAddress(address)).toBe(address);
      }),
    );
  });

  it('calls nothing an address that node:net does not', () => {
    const odd = fc.string({ unit: fc.constantFrom(...'0123456789abf.:[]%') });
    fc.assert(
      fc.property(odd, (text) => {
        const address = readAddress(text);
        if (address !== undefined) expect(isIPv4(address) || isIPv6(address)).toBe(true);
      }),
    );
  });
});

describe('readForwarded', () => {
  it.each([
    ['203.0.113.5, 10.0.0.2', '203.0.113.5'],
    ['2001:db8:cafe::17', '2001:db8:cafe::17'],
    ['for=192.0.2.60;proto=http;by=203.0.113.43', '192.0.2.60'],
    ['proto=https; For="[2001:db8:cafe::17]:4711", for=10.0.0.2', '2001:db8:cafe::17'],
    ['unknown', undefined],
    ['_hidden', undefined],
    ['999.1.1.1', undefined],
    ['', undefined],
  ])('reads %j as %j', (text, address) => {
    expect(readForwarded(text)).toBe(address);
  });
});

describe('readHostPort', () => {
  it.each([
    ['https://tanium.example.com', { host: 'tanium.example.com' }],
    ['https://svc:p@ss@tanium.example.com:8443/a@b:c?d', { host: 'tanium.example.com', port: 8443 }],
    ['db.example.com:5432', { host: 'db.example.com', port: 5432 }],
    ['[2001:db8::2]:443', { host: '2001:db8::2', port: 443 }],
    ['tcp://[::1]:9393/', { host: '::1', port: 9393 }],
    ['2001:db8::2', { host: '2001:db8::2' }],
    ['localhost', { host: 'localhost' }],
    ['host:', { host: 'host' }],
    ['host:99999', undefined],
    ['host:http', undefined],
    ['unix:///run/acra.sock', undefined],
    ['unix:/run/acra.sock', undefined],
    ['/run/acra.sock', undefined],
    ['@', undefined],
    ['not a host', undefined],
    ['', undefined],
  ])('reads %j as %j', (text, parts) => {
    expect(readHostPort(text)).toEqual(parts);
  });

  it('never lets a password into the host', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.~!$'), minLength: 1 });
    fc.assert(
      fc.property(word, word, (user, password) => {
        expect(readHostPort(`https://${user}:${password}@host.example:1/x`)).toEqual({ host: 'host.example', port: 1 });
      }),
    );
  });
});
