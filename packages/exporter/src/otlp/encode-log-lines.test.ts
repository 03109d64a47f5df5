import { products } from '@cryptrail/catalogue';
import { createPipeline, type Reader } from '@cryptrail/mapper';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedRecords } from '../../test/joined-records.ts';
import { encodeInput } from './encode-input.ts';
import { encodeLogs } from './encode-logs.ts';
import type { EncodedLogs } from './encoded-logs.ts';

/** Lines of other loggers, with what a look at bytes alone could take for something else. */
const FOREIGN = [
  '2026-11-02 10:31:30,885 WARN  [a.B] (EJB default - 1) EVENT: something else',
  '2026-11-02 10:31:30,885 ERROR [org.jboss.as.ejb3] (t) failed; a=b, c   ',
  '2026-11-02 10:31:30,885 INFO  [org.x.AuthorizationBean] (t) user=a password=hunter2 https://u:p@h/?token=x',
  '2026-11-02T10:31:30,885+01:00 INFO  [a.B] m',
  '10:31:30,885 DEBUG [a.B] () ',
  '10:31:30,885 TRACE [a.B] (secret=1) m',
  'SEVERE [a.B] (t) Überraschung',
  '2026-11-02 10:31:30,885 INFO  [main] [a.B] m',
  '2026-13-02 10:31:30,885 INFO  [a.B] no such month',
  '2026-11-02 10:31:30,885 INFO  [org.cesecore.audit.impl.log4j.Log4jDevice] (t) no record',
  '2026-11-02 10:31:30,885 INFO  [a.B] (t) 2026-11-02 10:31:30+01:00, KEYGEN, SUCCESS',
  '2026-11-02 10:31:30,885 INFO  [x] (Log4jDevice) A;B',
];
const BEHIND = [
  'java.lang.NullPointerException: null',
  'java.lang.nothing: null',
  '\tat org.ejbca.A.b(A.java:1;2)',
  '\tat a.ISystemLogger.b(A.java:1)',
  '\tSuppressed: x',
  'Caused by: java.io.IOException: z',
  '\t... 12 more',
  'some other text',
  '-----BEGIN PRIVATE KEY-----',
  'MIIBGTCBwQIBADBfMQswCQYDVQQGEwJTRTEZMBcGA1UECgwQTm9yZHZpayBUcnVz',
  '',
  ' ',
];
const RECORDS = [
  '2026-10-24 22:53:26,511 INFO  [org.cesecore.audit.impl.log4j.Log4jDevice] (t) 2026-10-24 22:53:26+02:00;CA_USERAUTH;SUCCESS;CA;EJBCA;CN=a;1;;b;msg=Authenticated b;pin=x',
  '2026-11-02 10:40:18,700 INFO  [SignServerLog4jDevice] EVENT: KEYGEN; OUTCOME: SUCCESS; MODULE: KEY_MANAGEMENT; KEYALIAS: k; REPLY_TIME:1793595665129',
];

const line = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...FOREIGN) },
  { weight: 2, arbitrary: fc.constantFrom(...BEHIND) },
  { weight: 2, arbitrary: fc.constantFrom(...RECORDS) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...FOREIGN, ...RECORDS),
        fc.nat(90),
        fc.nat(3),
        fc.constantFrom('', ' ', ';', '\u001b[0m', 'ä', '\t', '\r', '|', '['),
      )
      .map(([text, at, length, put]) => text.slice(0, at) + put + text.slice(at + length)),
  },
);

describe('encodeInput of lines of loggers', () => {
  it('gives records and foreign lines in the bytes that objects are encoded to, whatever stands behind them', () => {
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 200, max: 3000 }),
        fc.constantFrom('\n', '\r\n'),
        (lines, chunkBytes, lineBreak) => {
          // The first time it is learnt what is used the second time.
          const bytes = new TextEncoder().encode(`${[...lines, ...lines].join(lineBreak)}\n`);
          const pieces = cut(bytes, chunkBytes);
          const objects = read((reader) =>
            encodeLogs([...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]),
          );
          const encoded = read((reader) => {
            const input = encodeInput(reader);
            return [...pieces.flatMap((piece) => input.push(piece)), ...input.end()];
          });
          expect(encoded.counts).toEqual(objects.counts);
          expect(encoded.resume).toEqual(objects.resume);
          expect(joinedRecords(encoded.logs)).toEqual(joinedRecords(objects.logs));
        },
      ),
      { numRuns: 150 },
    );
  });
});

function read(all: (reader: Reader) => EncodedLogs) {
  const reader = createPipeline({ products, timeZone: 'Europe/Stockholm', now: () => 1n }).open({ name: 'a' });
  const logs = all(reader);
  return { logs, counts: reader.counts, resume: reader.resume };
}

function cut(bytes: Uint8Array, length: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / length) }, (_, index) =>
    bytes.subarray(index * length, (index + 1) * length),
  );
}
