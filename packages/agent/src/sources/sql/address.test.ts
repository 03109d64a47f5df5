import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAddress, tlsOptions } from './address.ts';

describe('parseAddress', () => {
  it('reads user, password, host, port and database', () => {
    expect(parseAddress('postgres://reader:p%40ss%25@db.example:6432/ejbca')).toMatchObject({
      kind: 'postgres',
      host: 'db.example',
      port: 6432,
      database: 'ejbca',
      user: 'reader',
      password: 'p@ss%',
      tls: 'verify-full',
      shown: 'postgres://db.example:6432/ejbca',
    });
  });

  it.each([
    ['mariadb://h/d', 'mariadb', 3306, 'verify-full'],
    ['mysql://127.0.0.1/d', 'mariadb', 3306, 'disable'],
    ['postgresql://[::1]/d', 'postgres', 5432, 'disable'],
    ['postgres://h/d?sslmode=disable', 'postgres', 5432, 'disable'],
    ['mysql://localhost/d?ssl-mode=VERIFY_CA', 'mariadb', 3306, 'verify-ca'],
    ['postgres:///d?host=/run/postgresql', 'postgres', 5432, 'disable'],
  ])('reads %s', (url, kind, port, tls) => {
    expect(parseAddress(url)).toMatchObject({ kind, port, tls });
  });

  it.each([
    'oracle://user:planted@h/d',
    'planted',
    'postgres://user:planted@h',
    'postgres://user:planted%@h/d',
    'postgres://user:planted@h/d?sslmode=maybe',
    'postgres://user:planted@h:99999/d',
  ])('refuses %s and repeats nothing of the credentials', (url) => {
    expect(() => parseAddress(url)).toThrow(/^url: /);
    expect(() => parseAddress(url)).not.toThrow(/planted|user/);
  });

  it('names the nearest parameter', () => {
    expect(() => parseAddress('postgres://h/d?sslmod=require')).toThrow('Did you mean sslmode?');
  });
});

describe('tlsOptions', () => {
  it('fault 30 asks for a valid certificate unless told otherwise, and reads its files anew each time', async () => {
    const ca = join(tmpdir(), `cryptrail-ca-${process.pid}.pem`);
    const url = `postgres://db.example/d?sslrootcert=${encodeURIComponent(ca)}`;
    writeFileSync(ca, 'one');
    expect(await tlsOptions(parseAddress(url))).toEqual({
      rejectUnauthorized: true,
      servername: 'db.example',
      ca: Buffer.from('one'),
    });
    writeFileSync(ca, 'two');
    expect(await tlsOptions(parseAddress(url))).toMatchObject({ ca: Buffer.from('two') });
    expect(await tlsOptions(parseAddress('postgres://db.example/d?sslmode=require'))).toMatchObject({
      rejectUnauthorized: false,
    });
    expect(await tlsOptions(parseAddress('postgres://db.example/d?sslmode=disable'))).toBeUndefined();
  });
});
