import { products } from '@cryptrail/catalogue';
import { createPipeline } from '@cryptrail/mapper';
import { describe, expect, it } from 'vitest';
import { deviceErrorOf } from './device-error.ts';

const TIME = '2026-11-21 21:10:10,959';
const AUDIT = '[org.cesecore.audit.impl.log4j.Log4jDevice] (t) 2026-11-21 21:10:10+00:00';

function read(line: string) {
  const record = createPipeline({ products, product: 'cesecore' }).readText(line);
  if (!record) throw new Error('the line makes a record');
  return deviceErrorOf(record);
}

describe('deviceErrorOf', () => {
  it.each([
    ['database', `${TIME} ERROR [org.hibernate.engine.jdbc.spi.SqlExceptionHelper] (t) Connection refused`],
    ['database', `${TIME} ERROR [x.Y] (t) No connection to the database\n\tat a.PKCS11.b(C.java:1)`],
    ['hsm', `${TIME} ERROR [org.cesecore.keys.token.PKCS11CryptoToken] (t) CKR_DEVICE_ERROR`],
    ['hsm', `${TIME} FATAL [x.Y] (t) HSM does not answer`],
  ] as const)('D70 D71 D72 takes for an error of the %s: %s', (device, line) => {
    expect(read(line)).toEqual({ device, timeMillis: Date.UTC(2026, 10, 21, 21, 10, 10, 959) });
  });

  it.each([
    ['a warning', `${TIME} WARN  [org.hibernate.engine.jdbc.spi.SqlExceptionHelper] (t) slow`],
    ['another error', `${TIME} ERROR [x.Y] (t) Nullsqlpointer`],
    ['an audit event', `${TIME} INFO  ${AUDIT};CRYPTOTOKEN_EDIT;FAILURE;CRYPTOTOKEN;CORE;anna;7;;;msg=HSM`],
    ['an error without a time', 'ERROR [x.Y] (t) no database'],
  ])('passes over %s', (_, line) => {
    expect(read(line)).toBeUndefined();
  });
});
