import { products } from '@cryptrail/catalogue';
import { createPipeline, type Reader } from '@cryptrail/mapper';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedRecords } from '../../test/joined-records.ts';
import { encodeInput } from './encode-input.ts';
import { encodeLogs } from './encode-logs.ts';

/** Lines with gaps: what stands there is now one thing and now another, so that what was learnt of some is used for others. */
const LINES = [
  '{"code":501,"client_id":"%w","level":"warning","msg":"Can\'t decrypt SerializedContainer","product":"acra-server","session_id":%n,"timestamp":"2024-09-17T08:%d:%dZ","unixTime":"172656%d%d.%d","version":"0.96.0"}',
  '{"integrity":"%w","level":"info","msg":"Use sni","product":"acra-server","sni":"%w","unixTime":"17265600%d.5","version":"0.96.0"}',
  '{"level":"info","msg":"censor","product":"acra-server","span_id":"%h","trace_id":"%h%h","unixTime":"17265600%d","version":"0.96.0"}',
  'CEF:0|cossacklabs|acra-server|0.96.0|585|a message|1|client_id=%w session_id=%n unixTime=17265600%d.%d integrity=%w ',
  'time="2024-09-17T08:%d:%dZ" level=info msg="a message" client_id=%w session_id=%n integrity=%w',
  '{"id": "%w", "created_at": "2024-05-13T00:%d:%d.2936%d", "hostname": "%w", "level": "info", "log_type": "audit", "pid": %n, "request_id": "%w", "user_id": %n, "user_name": "%w", "action": "%w", "access_granted": true, "client_ip": "198.51.100.%d"}',
  '2026-10-24 22:%d:26,511 INFO  [org.cesecore.audit.impl.log4j.Log4jDevice] (default task-%d) 2026-10-24 22:%d:26+02:00;CERT_STORED;SUCCESS;CERTIFICATE;CORE;CN=a,O=b;%n;%w;dev-%d;msg=Stored %w, fp=%w;caid=%n;name=%w',
  '2026-10-24 22:%d:26,511 INFO  [org.cesecore.audit.impl.log4j.Log4jDevice] (task-%d) 2026-10-24 22:%d:26+02:00;ACCESS_CONTROL;SUCCESS;ACCESSCONTROL;CORE;CN=a;;;;resource0=/ca/%d;resource1=%w',
  '2026-11-02 10:40:%d,700 INFO  [SignServerLog4jDevice] (t-%d) EVENT: KEYGEN; OUTCOME: SUCCESS; MODULE: KEY_MANAGEMENT; ADMINISTRATOR: %w; ISSUER: %w; SERIAL_NUMBER: %w; WORKER_ID: %n; KEYALIAS: %w; REPLY_TIME:17935956651%d',
  '2026-11-02 10:31:%d,885 WARN  [a.B] (EJB default - %d) something else',
];
const WORDS = [
  ...['a', 'dev-101', 'c0ffee', '0af7651916cd43dd', 'user@example.com', '/ca/15042657', 'x'.repeat(90)],
  // What a name of secrets, a sign, a word of its own or an escape makes of a value.
  ...[
    'null',
    'none',
    'userPin',
    'password',
    'a b',
    'a=b',
    'pin:1',
    '',
    ' ',
    '-',
    'B64:YQ==',
    'B99:YQ==',
    'é',
    '\\u00e9',
  ],
  ...['"', '\\', ';', '\t', 'true', '12', 'NULL', 'x'.repeat(300), 'https://u:p@h/', 'key=1234'],
];

/** What most lines have in a gap, and what one of them may have. */
const PLAIN: Readonly<Record<string, readonly string[]>> = {
  w: WORDS.slice(0, 7),
  h: ['0af7651916cd43dd', 'B7AD6B7169203331'],
  d: ['00', '12', '35', '59', '07'],
  n: ['0', '7', '42', '12345'],
};
const ODD: Readonly<Record<string, readonly string[]>> = {
  w: WORDS,
  h: ['0000000000000000', 'x', '0af7651916cd43d', '0af7651916cd43dz'],
  d: ['99', 'x', '123', ''],
  n: ['-1', '007', '1234567890123456789', '1.5', 'x', '""'],
};

/** Lines of one kind, or of all, of which at most one gap is odd. */
const lines = fc
  .tuple(fc.nat(LINES.length), fc.infiniteStream(fc.nat(1000)))
  .map(([kind, stream]) => Array.from({ length: 60 }, () => lineOf(kind, stream[Symbol.iterator]())));

function lineOf(kind: number, numbers: Iterator<number>): string {
  const next = () => numbers.next().value ?? 0;
  const template = LINES[kind] ?? LINES[next() % LINES.length] ?? '';
  const odd = next() % 30;
  let gap = 0;
  return template.replaceAll(/%([whdn])/g, (_, sign: string) => {
    const texts = (gap++ === odd ? ODD : PLAIN)[sign] ?? [''];
    return texts[next() % texts.length] ?? '';
  });
}

describe('encodeInput of lines that are like others', () => {
  it('gives the bytes that objects are encoded to, whatever the values in which they differ', () => {
    fc.assert(
      fc.property(
        lines,
        fc.integer({ min: 500, max: 9000 }),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom<object>({}, { timeZone: 'Europe/Stockholm' }, { limits: { maxValueLength: 40 } }),
        (known, chunkBytes, lineBreak, options) => {
          // The first ones teach what is used for the others.
          const bytes = new TextEncoder().encode(`${[...known, ...known].join(lineBreak)}\n`);
          const objects = read(options, (reader) => {
            const records = cut(bytes, chunkBytes).flatMap((piece) => reader.push(piece));
            return encodeLogs([...records, ...reader.end()]);
          });
          const encoded = read(options, (reader) => {
            const input = encodeInput(reader);
            return [...cut(bytes, chunkBytes).flatMap((piece) => input.push(piece)), ...input.end()];
          });
          expect(encoded.counts).toEqual(objects.counts);
          expect(encoded.resume).toEqual(objects.resume);
          expect(joinedRecords(encoded.logs)).toBe(joinedRecords(objects.logs));
        },
      ),
      { numRuns: 150 },
    );
  });
});

function read(options: object, make: (reader: Reader) => ReturnType<typeof encodeLogs>) {
  const reader = createPipeline({ products, now: () => 1n, ...options }).open({ name: 'a.log' });
  const logs = make(reader);
  return { logs, counts: reader.counts, resume: reader.resume };
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}
