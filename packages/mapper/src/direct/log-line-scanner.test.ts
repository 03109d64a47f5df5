import { products } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAssembler } from '../decode/assemble.ts';
import { createFramer } from '../decode/frame.ts';
import { createLineReader, type ReadLine } from '../decode/line-formats.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import type { Frame } from '../records.ts';
import { createUnwrapper } from '../unwrap/unwrapper.ts';
import { kindOf } from './line-scanner.ts';
import { LogLineScanner } from './log-line-scanner.ts';

const LF = 0x0a;
const EJBCA =
  '2026-10-24 22:53:26,511 INFO  [org.cesecore.audit.impl.log4j.Log4jDevice] (default task-5) 2026-10-24 22:53:26+02:00;';
const ADDED = `${EJBCA}RA_ADDENDENTITY;SUCCESS;RA;CORE;CN=a\\;b,O=x;15042657;;dev-100;`;
const SIGNSERVER =
  '2026-11-02 10:40:18,700 INFO  [SignServerLog4jDevice] EVENT: KEYGEN; OUTCOME: SUCCESS; MODULE: KEY_MANAGEMENT; ';
const LINES = [
  `${ADDED}msg=Added end entity dev-100.;caid=15042657;subjectDN=B64:Q049YQ==;empty=;none=null`,
  `${ADDED}msg=a;b;c=d;added:X=1;`,
  `${EJBCA}ACCESS_CONTROL;SUCCESS;ACCESSCONTROL;CORE;CN=x;;;;resource0=/ca/1;resource1=/ca/2`,
  '2026-10-24 22:54:46+02:00;CA_USERAUTH;VOID;CA;EJBCA;null;;;;msg=No integrity',
  '22:54:49,789 INFO  [org.cesecore.audit.impl.log4j.Log4jDevice] (t) 2026-10-24 22:54:49+02:00;A;B;C;D;;;;',
  `${SIGNSERVER}ADMINISTRATOR: CN="a; ISSUER: b", O=x; ISSUER: CN=c, O=y; SERIAL_NUMBER: 1; WORKER_ID: 7; added:PIN: x; note: a; b; REPLY_TIME:1793595665129`,
  `${SIGNSERVER}CUSTOM_ID: ; CERTIFICATE: Subject: CN=a`,
  'Issuer: CN=b',
  '-----BEGIN CERTIFICATE-----',
  'MIIBGTCBwQIBADBfMQswCQYDVQQGEwJTRTEZMBcGA1UECgwQTm9yZHZpayBUcnVz',
  '; KEYALIAS: key2; REPLY_TIME:1361608578313',
  '2026-11-02 10:31:30,885 WARN  [a.B] (EJB default - 1) EVENT: something else',
  '2026-11-02 10:31:30,885 ERROR [org.jboss.as.ejb3] (t) failed; a=b, c',
  'java.lang.NullPointerException: null',
  '\tat org.ejbca.A.b(A.java:1;2)',
  'Caused by: java.io.IOException: EVENT: z',
  'second line; with=equals',
  'org.signserver.server.log.IWorkerLogger: AllVariablesLogger; a: b; REPLY_TIME:1',
  '2026-11-21 21:09:59,471 DEBUG [org.ejbca.core.protocol.ws.logger.TransactionLogger] (t) 2026/11/21 20:09:59.471;ba27;0;0;revokeCert;NO_ERROR;CN=O;x,O=y;CN=z',
  '2026-11-21 21:09:59,471 DEBUG [org.ejbca.core.protocol.ws.logger.TransactionLogger] (t) 2026/11/21 20:09:59.471;ba27;0;0;revokeCert;a;b;x;y',
  '2026-11-21 21:09:59,471 INFO  [org.signserver.server.log.IWorkerLogger] (t) AUDIT; DefaultTimeStampLogger; LOG_ID: a; CLIENT_IP: b; REQUEST_FULLURL: null; RequestTime: 1; ResponseTime: 2; EXCEPTION: ${EXCEPTION}',
  '2026-11-21 21:09:59,471 INFO  [org.signserver.server.log.IWorkerLogger] (t) some text  ',
  '2026-11-21 21:09:59,471 INFO  [org.signserver.server.log.IWorkerLogger] (t) AllVariablesLogger; a: b; REPLY_TIME:1',
  'panic: x',
  '{"a":1}',
  '[pod/a/b] x',
  'app-1  | x',
  '',
];
const UNWRAPPED = LINES.filter((line) => !/^(?:\[pod|app-1|\{)/.test(line));

interface Ordinary {
  readonly frame: Frame;
  readonly read: ReadLine;
}

/** The records that the ordinary way makes of a text, by the number of their first line. */
function readOrdinary(text: string): Map<number, Ordinary> {
  const framer = createFramer(DEFAULT_LIMITS.maxLineBytes);
  const unwrapper = createUnwrapper(DEFAULT_LIMITS);
  const assembler = createAssembler(products, DEFAULT_LIMITS);
  const reader = createLineReader(products, false);
  const lines = [...framer.push(new TextEncoder().encode(text)), ...framer.end()];
  const frames = lines.flatMap((line) => unwrapper.push(line)).flatMap((frame) => assembler.push(frame));
  return new Map(
    [...frames, ...assembler.end()].map((frame) => [frame.position.number, { frame, read: reader.read(frame) }]),
  );
}

/** What the scanner makes of the lines with which a record begins; and what the ordinary way makes of the same ones. */
function bothWays(text: string) {
  const scanner = LogLineScanner.of(products, () => undefined);
  const bytes = new TextEncoder().encode(`${text}\n`);
  const ordinary = readOrdinary(`${text}\n`);
  const scanned: unknown[] = [];
  const expected: unknown[] = [];
  let start = 0;
  let number = 0;
  for (let end = bytes.indexOf(LF); scanner && end !== -1; end = bytes.indexOf(LF, start)) {
    number += 1;
    const found = ordinary.get(number);
    if (scanner.begins(bytes, start, end)) expect(found, `line ${number} begins something`).toBeDefined();
    const stop = bytes.length - 1;
    const last = found && scanner.mayBegin(bytes, start, end) ? scanner.unitEnd(bytes, start, end, stop) : -1;
    const shape = last === -1 ? undefined : scanner.scan(bytes, start, last);
    if (shape && found) {
      const textAt = (index: number) => {
        const [from, to] = [scanner.starts[index] ?? 0, scanner.ends[index] ?? 0];
        const signs = scanner.signs[index] ?? 0;
        return (signs & 2) === 0 ? new TextDecoder().decode(bytes.subarray(from, to)) : scanner.text(index);
      };
      scanned.push({
        number,
        // The reader takes the carriage return of a line end off before it offers a line.
        text: new TextDecoder().decode(bytes.subarray(start, last)).replace(/\r$/, ''),
        values: [
          ...shape.issues,
          ...shape.tokens.map(({ space, name }, index) => [
            space,
            name,
            kindOf(scanner.kinds[index] ?? 0),
            textAt(index),
          ]),
        ],
      });
      expected.push({ number, text: found.frame.text, values: valuesOf(found.read) });
    }
    start = end + 1;
  }
  return { scanned, expected };
}

function valuesOf(read: ReadLine): unknown[] {
  if (read.kind !== 'record') return [read.kind];
  const { fields, layout = {}, details, issues } = read.record;
  return [
    ...issues,
    ...[...fields].map(([name, { kind, text }]) => ['fields', name, kind, text]),
    ...Object.entries(layout).map(([name, text]) => ['layout', name, 'text', text]),
    ...[...details].map(([name, { kind, text }]) => ['details', name, kind, text]),
  ];
}

describe('LogLineScanner', () => {
  it('reads lines with columns and labels, of one line and of several, as the ordinary way does', () => {
    const { scanned, expected } = bothWays(LINES.join('\n'));
    expect(scanned).toEqual(expected);
    expect(scanned).toHaveLength(12);
  });

  it('leaves the last line to the ordinary way when the next one may go on with it', () => {
    expect(bothWays(LINES[0] ?? '').scanned).toEqual([]);
    expect(bothWays(`${LINES[0]}\n second`).scanned).toEqual([]);
    expect(bothWays(`${LINES[0]}\n${LINES[0]}`).scanned).toHaveLength(1);
  });

  it('reads repeated keys, cut records and lines with blank ones behind them as the ordinary way does', () => {
    const { scanned, expected } = bothWays(
      [
        `${SIGNSERVER}WORKER_ID: 7; a: 1; a: 2; a_2: 3; OUTCOME: x; REPLY_TIME:1`,
        '',
        `${SIGNSERVER}WORKER_ID: 7; a: 1; note: x; y; CSR: -----BEGIN`,
        'MIIB',
        `${SIGNSERVER}WORKER_ID: 7; a: 1; `,
        '\r',
        `${LINES[0]};msg=a;msg=b`,
        '',
        '',
        `${SIGNSERVER}WORKER_ID: 7; a: 1; REPLY_TIME:1`,
      ].join('\n'),
    );
    expect(scanned).toEqual(expected);
    expect(scanned.map((one) => (one as { number: number }).number)).toEqual([1, 3, 5, 7, 10]);
  });

  it('reads columns that hold the delimiter, odd encoded values, many details, keys beyond ASCII and control signs as the ordinary way does', () => {
    const many = Array.from({ length: 300 }, (_, index) => `key${index}=${index}`).join(';');
    const { scanned, expected } = bothWays(
      [
        `${EJBCA}RA_ADDENDENTITY;SUCCESS;RA;CORE;CN=x;CERT_REVOKED;SUCCESS;CERTIFICATE;CORE;CN=y;1;;bob;eve;msg=a\\;b=c;d;e=f`,
        `${EJBCA}RA_ADDENDENTITY;SUCCESS;RA;CORE;CN=x;15042657;;bob;eve;msg=a`,
        `${EJBCA}RA_ADDENDENTITY;SUCCESS;RA;CORE;CN=x;15042657;;bob;`,
        `${EJBCA}RA_ADDENDENTITY;SUCCESS;RA;CORE;null;k=v;b;c;d;m=n`,
        `${ADDED}msg=B64:not base64!;b=B64:;c=b64:IA==;d=B64:w4U=;e=B64:////w==;f=B64:AA==`,
        `${ADDED}${many}`,
        `${EJBCA}A;B;C;D;;;;`,
        `${ADDED}msg=nul\0esc\u001b[2J bel\u0007 cr\rff\u000c;a=\u000b;b=\u0001`,
        `${ADDED}msg=esc\u001b[2m`,
        `${ADDED}msg=esc\u001b[2;a=1m`,
        `${ADDED}msg=nul\0`,
        `${ADDED}msg=a;ä=b;added:ö é=c;無 d`,
        `${SIGNSERVER}WORKER_ID: 7; ä: 1; added:NAME: 無; added:å b: ö; \u00a0é: b; REPLY_TIME:1`,
        `${SIGNSERVER}WORKER_ID: 7; ä: 1; added:NAME: 無; added:å b: ö; é e: b; REPLY_TIME:1`,
        '',
      ].join('\n'),
    );
    expect(scanned).toEqual(expected);
    expect(scanned).toHaveLength(10);
  });

  it('is made of no products without such lines', () => {
    expect(
      LogLineScanner.of(
        products.filter(({ layouts }) => !layouts),
        () => undefined,
      ),
    ).toBeUndefined();
  });

  it('says of any text what the ordinary way says, or nothing', () => {
    const pieces = LINES.flatMap((line) => line.split(/(?<=[;:,=\]) ])/));
    const cut = fc
      .tuple(
        fc.constantFrom(...UNWRAPPED),
        fc.nat(300),
        fc.nat(12),
        fc.constantFrom(
          '',
          ...pieces,
          '\\',
          '"',
          'ä',
          '無',
          '\ufeff',
          '\u00a0',
          '\t',
          '\u001b[0m',
          '\u001b[1;',
          '\u001b[2J',
          '\u001b',
          '\0',
          'a\0b',
          '\u0007',
          '\u000b',
          '\u000c',
          '\r',
          'added:ä b: ',
          ';changed:無 a=',
          ';é=',
          ' ; ',
          ': ',
          '; ',
        ),
      )
      .map(([line, at, length, text]) => line.slice(0, at) + text + line.slice(at + length));
    const joined = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''));
    const line = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...LINES) }, { weight: 5, arbitrary: cut }, joined);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        const { scanned, expected } = bothWays(lines.join('\n'));
        expect(scanned).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});
