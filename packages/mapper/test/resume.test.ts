import { products } from '@cryptrail/catalogue';
import {
  createPipeline,
  type Evidence,
  type LogRecord,
  type PipelineOptions,
  type ResumePoint,
} from '@cryptrail/mapper';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cefLine, jsonLine, textLine } from './acra/lines.ts';
import { ejbcaLine, signserverLine } from './cesecore/convert.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const open = (from?: ResumePoint, options: Partial<PipelineOptions> = {}) =>
  createPipeline({ products, now: () => 1n, original: true, ...options }).open({ name: 'a.log', path: '/a.log' }, from);

const numberOf = ({ attributes }: LogRecord) => Number(attributes.get('log.file.record_number'));

/** The parts of an input between some places in it. */
function cutAt(input: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => place % (input.length + 1)), input.length].sort((one, other) => one - other);
  return at.slice(1).map((end, index) => input.subarray(at[index], end));
}

/** Reads in chunks, and takes the reading up anew behind each of them. */
function checkEveryResume(input: Uint8Array, places: readonly number[], options: Partial<PipelineOptions> = {}): void {
  const whole = open(undefined, options);
  const expected = [...whole.push(input), ...whole.end()];
  const reader = open(undefined, options);
  const given: LogRecord[] = [];
  for (const chunk of cutAt(input, places)) {
    given.push(...reader.push(chunk));
    const { resume } = reader;
    const before = expected.filter((record) => numberOf(record) < resume.number);
    const later = open(resume, options);
    const rest = [...later.push(input.subarray(resume.offset ?? 0)), ...later.end()];
    expect([...before, ...rest].sort(byNumber)).toEqual([...expected].sort(byNumber));
    expect(given.filter((record) => numberOf(record) < resume.number).length).toBe(before.length);
  }
}

/** Evidence that knows which records it has seen. */
function numbersSeen(): Evidence {
  const seen: number[] = [];
  return {
    check: ({ position }) => {
      seen.push(position.number);
      return { findings: [] };
    },
    finish: () => [],
    snapshot: () => seen.toSorted((one, other) => one - other),
  };
}

const byNumber = (one: LogRecord, other: LogRecord) => numberOf(one) - numberOf(other);

const ENTRY = { level: 'info', message: 'Öffnet', code: 587, fields: { client_id: 'c' } } as const;
const LINES: readonly string[] = [
  jsonLine(ENTRY),
  cefLine(ENTRY),
  textLine(ENTRY),
  ejbcaLine({}),
  ejbcaLine({ details: { msg: 'a' } }),
  signserverLine({}),
  'EVENT: SET_WORKER_CONFIG; OUTCOME: SUCCESS; MODULE: WORKER_CONFIG; PEM: x',
  'continued; REPLY_TIME:1793595665129',
  '\tat a.B.c(B.java:1)',
  'java.lang.IllegalStateException: no',
  'Caused by: java.io.IOException: no',
  'panic: gone',
  'goroutine 1 [running]:',
  'Traceback (most recent call last):',
  '  File "a.py", line 1, in <module>',
  '-----BEGIN PRIVATE KEY-----',
  'AAAA',
  '-----END PRIVATE KEY-----',
  '{"log_type":"audit","action":"LOGIN","level":"info"}',
  '',
  ' ',
  'some text',
  '[#|2012-10-19T10:51:43.240+0200|INFO|glassfish3.1.2|a.b.C|_ThreadID=70;|begun',
  'ended|#]',
  'a,b,c,d',
  'COPY t (a) FROM stdin;',
];

const wrappers: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => `2024-09-17T08:00:00.000000000Z stdout F ${line}`,
  (line) => `2024-09-17T08:00:00.000000000Z stderr F ${line}`,
  (line) => `2024-09-17T08:00:00.000000000Z stdout P ${line}`,
  (line) => `2024-09-17T08:00:00.000000000Z stderr P ${line}`,
  (line) => JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: '2024-09-17T08:00:00Z' }),
  (line) => JSON.stringify({ log: line, stream: 'stdout', time: '2024-09-17T08:00:00Z' }),
  (line) => `acra-1  | ${line}`,
  (line) => `ejbca-1  | ${line}`,
];

const line = fc
  .tuple(fc.constantFrom(...LINES), fc.constantFrom(...wrappers), fc.constantFrom('\n', '\r\n'))
  .map(([text, wrap, end]) => wrap(text) + end);
const places = fc.array(fc.nat(), { maxLength: 4 });

describe('a reading that is taken up where another one stopped', () => {
  it('gives what was not given before, with equal positions, whatever lines were joined and interleaved', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), places, (lines, at) =>
        checkEveryResume(bytes(lines.join('')), at, { input: 'lines' }),
      ),
    );
  }, 60_000);

  it('says where the evidence stood right before the place, also when records behind it were verified already', () => {
    let known = 0;
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), places, (lines, at) => {
        const reader = open(undefined, { input: 'lines', evidence: numbersSeen() });
        const given: number[] = [];
        for (const chunk of cutAt(bytes(lines.join('')), at)) {
          given.push(...reader.push(chunk).map(numberOf));
          const { number, evidence } = reader.resume;
          if (evidence === undefined) continue;
          if (given.some((one) => one >= number)) known += 1;
          expect(evidence).toEqual(given.filter((one) => one < number).sort((one, other) => one - other));
        }
      }),
    );
    expect(known).toBeGreaterThan(0);
  }, 60_000);

  it('reads bytes that are no UTF-8 as the whole input would have had them read', () => {
    const latin1 = Uint8Array.of(0x74, 0xe4, 0x67, 0x0a);
    const part = fc.constantFrom(latin1, bytes('täg\n'), bytes('plain\n'), bytes(`${ejbcaLine({})}\n`));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), places, (parts, at) =>
        checkEveryResume(Uint8Array.from(parts.flatMap((one) => [...one])), at, { input: 'lines' }),
      ),
    );
  }, 60_000);

  it('goes on in UTF-16', () => {
    const text = `\ufeff${[jsonLine(ENTRY), 'some text', ejbcaLine({}), '\tat a.B.c(B.java:1)', textLine(ENTRY)].join('\r\n')}\n`;
    checkEveryResume(
      new Uint8Array(Buffer.from(text, 'utf16le')),
      Array.from({ length: 9 }, (_, at) => at * 301),
    );
  });

  it('says of tables and journals that they must be given from their beginning, and passes over what is known', () => {
    const header = 'pk,eventType,eventStatus,timeStamp,additionalDetails';
    const rows = Array.from({ length: 4 }, (_, at) => `p${at},CA_EDITING,SUCCESS,135955050360${at},"a\nb"`);
    const entry = (message: string, more = '') =>
      `__CURSOR=s=1\n__REALTIME_TIMESTAMP=1715568193562768\n${more}MESSAGE=${message}\n\n`;
    const cut = (message: string, stream: string, more = '_LINE_BREAK=line-max\n') =>
      entry(message, `_STREAM_ID=${stream}\n${more}`);
    const journal = [
      ...['a', ejbcaLine({}), '\tat a.B.c(B.java:1)'].map((text) => entry(text)),
      cut('x1', 'a'),
      cut('y1', 'b'),
      cut('x2', 'a', ''),
      cut('x3', 'a'),
      cut('y2', 'b', ''),
      entry(jsonLine(ENTRY)),
      cut('x4', 'a', ''),
    ];
    const inputs = [
      [header, ...rows, ''].join('\n'),
      journal.join(''),
      `INSERT INTO AuditRecordData (pk, eventType) VALUES ('a','X'),('b','Y');\nINSERT INTO AuditRecordData (pk, eventType) VALUES ('c','Z');\n`,
    ];
    fc.assert(
      fc.property(fc.constantFrom(...inputs), places, (input, at) => checkEveryResume(bytes(input), at)),
      { numRuns: 60 },
    );
    const reader = open();
    reader.push(bytes(inputs[0] ?? ''));
    expect(reader.resume).toEqual({ number: 5 });
  }, 60_000);

  it('goes on at the next line when everything was given out, and at the first that is held otherwise', () => {
    const reader = open();
    const first = bytes(`${jsonLine(ENTRY)}\n`);
    expect(reader.resume).toEqual({ offset: 0, number: 1 });
    reader.push(first);
    expect(reader.resume).toEqual({ offset: first.length, number: 2, encoding: 'utf-8' });
    reader.push(bytes(`${ejbcaLine({})}\n\tat a.B.c(B.java:1)\n`));
    expect(reader.resume.number).toBe(2);
    reader.settle();
    expect(reader.resume.number).toBe(4);
    reader.push(bytes('the beginn'));
    expect(reader.resume.number).toBe(4);
  });

  it('ends where the input ends, also behind a line that has not ended', () => {
    const reader = open();
    reader.push(bytes('one\ntwo'));
    reader.end();
    expect(reader.resume).toEqual({ offset: 7, number: 3 });
  });

  it('gives up on a line whose rest does not come, so that it can go on at all', () => {
    const reader = open();
    reader.push(bytes(`${wrappers[3]?.('begun') ?? ''}\n`));
    const other = `${wrappers[2]?.(jsonLine(ENTRY)) ?? ''}\n`;
    const records = Array.from({ length: 10_400 }, () => reader.push(bytes(other))).flat();
    expect(records.filter(({ parseStatus }) => parseStatus !== undefined).length).toBe(1);
    expect(reader.resume.number).toBe(10_402);
  }, 60_000);
});
