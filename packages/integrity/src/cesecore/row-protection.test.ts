import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeHash } from '../../test/node-hash.ts';
import { HMAC_KEY, keyPair, protect, row, signRow } from '../../test/sign-rows.ts';
import type { AuditRow } from './row.ts';
import { checkRow, type ProtectionKey, type RowVerdict } from './row-protection.ts';

const RSA = keyPair('rsa');
const EC = keyPair('ec');
const KEYS = new Map<string, ProtectionKey>([
  ['400', { type: 'hmac', key: HMAC_KEY }],
  ['401', RSA.public],
  ['402', EC.public],
]);

const check = (one: AuditRow, keys = KEYS) => checkRow(one, keys, nodeHash);

// Values, key and result are from the published vector of the public CESeCore 1.x code.
const PUBLISHED: AuditRow = {
  pk: '24861ebf7f00010106e5a024d82c694d',
  nodeId: 'node1',
  sequenceNumber: 0n,
  timeStamp: 1426205614754n,
  eventType: 'CA_CREATION',
  eventStatus: 'SUCCESS',
  authToken: 'CN=SuperAdmin,O=Example AB,C=SE',
  service: 'CORE',
  module: 'CA',
  customId: '-2107852779',
  searchDetail1: null,
  searchDetail2: null,
  additionalDetails: [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<java version="17.0.15" class="java.beans.XMLDecoder">',
    ' <object class="org.cesecore.util.Base64PutHashMap">',
    '  <void method="put">',
    '   <string>msg</string>',
    '   <string>Init, EJBCA startup. åäö</string>',
    '  </void>',
    '  <void method="put">',
    '   <string>n</string>',
    '   <int>7</int>',
    '  </void>',
    ' </object>',
    '</java>',
    '',
  ].join('\n'),
  rowProtection: '1:1:234:3fff7ca8d886ad7462ed47f812d0772c944f343b5731a45c993368665eb22f13',
};
const PUBLISHED_KEY = Buffer.from('2bf0bfad622ef93291d5dd98b84799819c4f671e3ca3084925718313d74b0fe9', 'hex');

describe('checkRow', () => {
  it('D10 verifies the published row of AuditRecordData with its published key', () => {
    const keys = new Map<string, ProtectionKey>([['234', { type: 'hmac', key: PUBLISHED_KEY }]]);
    expect(check(PUBLISHED, keys)).toBe('ok');
    expect(check({ ...PUBLISHED, customId: '-2107852778' }, keys)).toBe('bad');
  });

  it('D10 D68 verifies HMAC, RSA and EC protections with the key that the row names', () => {
    expect(check(protect(row(1)))).toBe('ok');
    expect(check(signRow(row(1), RSA.private, 401))).toBe('ok');
    expect(check(signRow(row(1), EC.private, 402))).toBe('ok');
  });

  const changes: readonly [string, Partial<AuditRow>][] = [
    ['status', { eventStatus: 'FAILURE' }],
    ['details', { additionalDetails: '<java><string>event X</string></java>\n' }],
    ['administrator', { authToken: 'CN=Somebody' }],
    ['search detail', { searchDetail1: 'serial9' }],
    ['second search detail', { searchDetail2: 'added' }],
    ['time', { timeStamp: 1_700_000_000_001n }],
    ['number', { sequenceNumber: 2n }],
    ['key', { pk: 'pk-n-2' }],
    ['node', { nodeId: 'other' }],
    ['event', { eventType: 'CERT_REQUEST' }],
    ['service', { service: 'EJBCA' }],
    ['module', { module: 'CA' }],
    ['custom id', { customId: '1652389507' }],
    ['line feed at the end of the details', { additionalDetails: '<java><string>event 1</string></java>' }],
  ];

  it.each(changes)('D13 D68 finds a changed %s under every algorithm', (_, change) => {
    const rows = [protect(row(1)), signRow(row(1), RSA.private, 401), signRow(row(1), EC.private, 402)];
    expect(rows.map((one) => check({ ...one, ...change }))).toEqual(['bad', 'bad', 'bad']);
  });

  it('finds protections that were swapped between two rows', () => {
    const [one, two] = [protect(row(1)), protect(row(2))];
    expect(check({ ...one, rowProtection: two.rowProtection })).toBe('bad');
  });

  it('finds one changed hex digit', () => {
    const one = protect(row(1));
    const text = one.rowProtection ?? '';
    const digit = text.endsWith('0') ? '1' : '0';
    expect(check({ ...one, rowProtection: text.slice(0, -1) + digit })).toBe('bad');
  });

  it('refuses a key for another algorithm than its own, so that a public key is no HMAC secret', () => {
    const asHmac = protect(row(1), HMAC_KEY, 401);
    const asSignature = signRow(row(1), RSA.private, 400);
    expect([check(asHmac), check(asSignature)]).toEqual(['algorithm_mismatch', 'algorithm_mismatch']);
  });

  it('calls a signature of another kind of key bad', () => {
    expect(check(signRow(row(1), EC.private, 401))).toBe('bad');
    expect(check({ ...row(1), rowProtection: '1:2:402:00' })).toBe('bad');
  });

  const HEX = 'ab'.repeat(32);
  it.each<[string | null, RowVerdict]>([
    [null, 'unprotected'],
    ['', 'malformed'],
    [' ', 'malformed'],
    [`1:1:400:${HEX} `, 'malformed'],
    [`1:1:400:${HEX}\n`, 'malformed'],
    [`1:1:400:${HEX}0`, 'malformed'],
    ['1:1:400:', 'malformed'],
    ['1:1:400', 'malformed'],
    [`1:1:400:x${HEX}`, 'malformed'],
    [`2:1:400:${HEX}`, 'malformed'],
    [`1:3:400:${HEX}`, 'malformed'],
    [`01:1:400:${HEX}`, 'malformed'],
    [`1:1:0400:${HEX}`, 'malformed'],
    [`1:1:-400:${HEX}`, 'malformed'],
    [`1:1:99999999999:${HEX}`, 'malformed'],
    [`1:1:__proto__:${HEX}`, 'malformed'],
    [`1:1:999:${HEX}`, 'unknown_key'],
    [`1:2:999:${HEX}`, 'unknown_key'],
    ['1:1:400:ab', 'bad'],
    [`1:1:400:${HEX}`, 'bad'],
    [protect(row(1)).rowProtection, 'ok'],
  ])('D67 judges the protection %j as %s', (rowProtection, verdict) => {
    expect(check({ ...row(1), rowProtection })).toBe(verdict);
  });

  it('does not see what no protection covers: NULL and the empty text are one', () => {
    expect(check({ ...protect(row(1)), searchDetail2: '' })).toBe('ok');
  });

  it('waits for a key that checks in its own time, and takes its failure for a bad signature', async () => {
    const later = (answer: () => Promise<boolean>) =>
      check(signRow(row(1), RSA.private, 401), new Map([['401', { type: 'public', verify: answer }]]));
    expect(await later(async () => true)).toBe('ok');
    expect(await later(async () => false)).toBe('bad');
    expect(await later(() => Promise.reject(new Error('no')))).toBe('bad');
    const throws = new Map<string, ProtectionKey>([
      [
        '401',
        {
          type: 'public',
          verify: () => {
            throw new Error('no');
          },
        },
      ],
    ]);
    expect(check(signRow(row(1), RSA.private, 401), throws)).toBe('bad');
  });

  it('never throws and never takes an invented protection for good', () => {
    const text = fc.option(fc.string({ unit: 'grapheme' }), { nil: null });
    const protection = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc
        .tuple(
          fc.nat(3),
          fc.nat(3),
          fc.constantFrom(400, 401, 402, 7),
          fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEFg') }),
        )
        .map((parts) => parts.join(':')),
    );
    fc.assert(
      fc.property(protection, text, text, (rowProtection, details, admin) => {
        const verdict = check({ ...row(1), additionalDetails: details, authToken: admin, rowProtection });
        expect(['bad', 'malformed', 'unknown_key', 'algorithm_mismatch']).toContain(verdict);
      }),
      { numRuns: 300 },
    );
  });

  it('takes every row that is protected as it stands, whatever its texts hold', () => {
    const text = fc.option(fc.string({ unit: 'grapheme' }), { nil: null });
    fc.assert(
      fc.property(text, text, text, fc.bigInt({ min: 0n, max: 2n ** 62n }), (details, admin, custom, number) => {
        const one = row(1, { additionalDetails: details, authToken: admin, customId: custom, sequenceNumber: number });
        expect(check(protect(one))).toBe('ok');
      }),
    );
  });
});
