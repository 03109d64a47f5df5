import { readdirSync, readFileSync } from 'node:fs';
import { products } from '@cryptrail/catalogue';
import { createPipeline, type PipelineOptions } from '@cryptrail/mapper';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedRecords } from '../../test/joined-records.ts';
import { encodeInput } from './encode-input.ts';
import { encodeLogs } from './encode-logs.ts';

/** Fixtures of all products: their own lines, and what attackers put into them. */
const FIXTURES = products.flatMap(({ id }) => {
  const folder = new URL(`../../../catalogue/products/${id}/fixtures/`, import.meta.url);
  return filesIn(folder).map((name) => ({ name: `${id}/${name}`, bytes: readFileSync(new URL(name, folder)) }));
});

function filesIn(folder: URL): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.endsWith('.expected.json'));
  } catch {
    return [];
  }
}

/** Plans are made at the first records of a class and used for those behind: each text is read several times over. */
const TIMES = 3;

function readBoth(bytes: Uint8Array, chunkBytes: number, options: Partial<PipelineOptions> = {}) {
  const read = <Result>(open: (reader: ReturnType<ReturnType<typeof createPipeline>['open']>) => Reading<Result>) => {
    const pipeline = createPipeline({ products, now: () => 1n, ...options });
    const reader = pipeline.open({ name: 'a.log', path: 'b/a.log' });
    const opened = open(reader);
    const results: Result[] = [];
    // Chunks stand in the same memory, one after the other; a part that `slice` gives of a Buffer stands there, too.
    const memory = Buffer.alloc(chunkBytes);
    for (let from = 0; from < bytes.length; from += chunkBytes) {
      const part = bytes.subarray(from, from + chunkBytes);
      memory.set(part);
      results.push(opened.push(part.length === chunkBytes ? memory : memory.subarray(0, part.length)));
      memory.fill(0x58);
    }
    return { results: [...results, opened.end()], counts: reader.counts, resume: reader.resume };
  };
  const objects = read((reader) => reader);
  const encoded = read((reader) => encodeInput(reader));
  return {
    objects: { ...objects, results: joinedRecords(encodeLogs(objects.results.flat())) },
    encoded: { ...encoded, results: joinedRecords(encoded.results.flat()) },
  };
}

interface Reading<Result> {
  push(chunk: Uint8Array): Result;
  end(): Result;
}

/** Lines of all fixtures, and what is put into them. */
const LINES = FIXTURES.flatMap(({ bytes }) => bytes.toString('utf8').split('\n')).filter(
  (line) => line !== '' && line.length < 2000,
);
const CHANGES = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '9007199254740993',
    'null',
    'true',
    '"',
    '\\',
    '\\u00e9',
    'é',
    '=',
    ': ',
    ';',
    'password=x',
    '://u:p@h',
    'Bearer abcdefgh12',
    '192.0.2.1',
    '<nil>',
    'REDACTED',
    '\u001b[0m',
    '2024-13-01T00:00:00',
    '1e3',
    '[1]',
    '{}',
  ),
  fc.string({ maxLength: 12 }),
);

const repeated = (bytes: Uint8Array, times: number) => Buffer.concat(Array<Uint8Array>(times).fill(bytes));

describe('encodeInput', () => {
  it('finds fixtures to compare', () => {
    expect(FIXTURES.length).toBeGreaterThan(10);
  });

  it.each(FIXTURES)('gives the bytes that objects are encoded to: $name', { timeout: 60_000 }, ({ bytes }) => {
    const { objects, encoded } = readBoth(repeated(bytes, TIMES), 4096);
    expect(encoded).toEqual(objects);
  });

  it.each([
    { severity: 'catalogue', attack: true, blobs: true, timeZone: 'Europe/Stockholm' },
    { original: true },
    { limits: { maxLineBytes: 300, maxValueLength: 40, maxDetails: 3 } },
  ] as const)('does so with options: %j', { timeout: 60_000 }, (options) => {
    for (const { bytes } of FIXTURES) {
      const { objects, encoded } = readBoth(repeated(bytes, TIMES), 1000, options);
      expect(encoded).toEqual(objects);
    }
  });

  it.each([
    ['one chunk', 1_000_000],
    ['chunks that end within lines', 8192],
  ])('makes an object of no more than the first line of each kind of an input in %s', (_name, chunkBytes) => {
    const fixture = FIXTURES.find(({ name }) => name.endsWith('every-event.log') && name.startsWith('aqtive'));
    const bytes = repeated(fixture?.bytes ?? new Uint8Array(), 40);
    const kinds = new Set(
      Buffer.from(fixture?.bytes ?? '')
        .toString()
        .split('\n'),
    ).size;
    const reader = createPipeline({ products, now: () => 1n }).open();
    let objects = 0;
    const counting: typeof reader.encoded = (encode) =>
      reader.encoded((record) => {
        objects += 1;
        return encode(record);
      });
    const input = encodeInput({ ...reader, encoded: counting });
    let count = 0;
    for (let from = 0; from < bytes.length; from += chunkBytes)
      for (const group of input.push(bytes.subarray(from, from + chunkBytes))) count += group.count;
    expect(count).toBeGreaterThan(30 * kinds);
    // One as the record, one to prove the plan of those like it.
    expect(objects).toBeLessThanOrEqual(2 * kinds);
  });

  it.each(Object.keys(WRAPPERS))('does so for lines in wrappers: %s', { timeout: 120_000 }, (name) => {
    const wrap = WRAPPERS[name] ?? ((line: string) => line);
    const lines = FIXTURES.flatMap(({ bytes }) => bytes.toString('utf8').split('\n')).map((line, index) =>
      wrap(line, index),
    );
    const { objects, encoded } = readBoth(repeated(Buffer.from(`${lines.join('\n')}\n`), TIMES), 20_000);
    expect(encoded).toEqual(objects);
    expect(encoded.counts.events).toBeGreaterThan(100);
  });

  it('does so for lines in changing wrappers whose values change in every way', { timeout: 120_000 }, () => {
    const wrapped = fc
      .tuple(
        fc.constantFrom(...Object.values(WRAPPERS), (line: string) => line),
        changedLine(),
        fc.nat(3),
      )
      .map(([wrap, line, index]) => wrap(line, index));
    const lines = fc.array(wrapped, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(lines, fc.integer({ min: 50, max: 5000 }), (some, cut) => {
        const { objects, encoded } = readBoth(repeated(Buffer.from(`${some.join('\n')}\n`), TIMES), cut);
        expect(encoded).toEqual(objects);
      }),
      { numRuns: 60 },
    );
  });

  it('does so for lines whose values change in every way', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(
        fc.array(changedLine(), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 50, max: 5000 }),
        (lines, cut) => {
          const { objects, encoded } = readBoth(Buffer.from(`${lines.join('\n')}\n`), cut);
          expect(encoded).toEqual(objects);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('does so for a line whose plan is known, whatever is changed in it then', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(changesOfOneLine(), (lines) => {
        const { objects, encoded } = readBoth(Buffer.from(`${lines.join('\n')}\n`), 1 << 20);
        expect(encoded).toEqual(objects);
      }),
      { numRuns: 50 },
    );
  });

  it('does so for a line whose plan is known, whatever bytes stand in it then', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(bytesOfOneLine(), fc.constantFrom('\n', '\r\n'), ([start, lines], lineBreak) => {
        const text = lines.flatMap((line) => [line, Buffer.from(lineBreak)]);
        const { objects, encoded } = readBoth(Buffer.concat([start, ...text]), 1 << 20);
        expect(encoded).toEqual(objects);
      }),
      { numRuns: 50 },
    );
  });

  it('does so for lines that come again with other times, and with what is no time in the place of one', {
    timeout: 120_000,
  }, () => {
    fc.assert(
      fc.property(linesWithOtherTimes(), (lines) => {
        const { objects, encoded } = readBoth(Buffer.from(`${lines.join('\n')}\n`), 4096);
        expect(encoded).toEqual(objects);
      }),
      { numRuns: 60 },
    );
  });

  it('does so for JSON records with values of all kinds', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.array(jsonRecord(), { minLength: 1, maxLength: 12 }), (lines) => {
        const text = [...lines, ...lines, ...lines, ...lines.toReversed()].join('\n');
        const { objects, encoded } = readBoth(Buffer.from(`${text}\n`), 1 << 20);
        expect(encoded).toEqual(objects);
      }),
      { numRuns: 50 },
    );
  });

  it('does so for the same bytes that stand for other values in lines of another shape', { timeout: 60_000 }, () => {
    const lines = LINES.filter((line) => line.startsWith('{')).flatMap((line) => [
      line,
      // The same text with an escape in it, a number as a text, and a text as a number.
      line.replaceAll(/: ?"([a-z])/g, (_, letter: string) => `:"\\u00${letter.charCodeAt(0).toString(16)}`),
      line.replaceAll(/: ?(\d+)(?=[,}])/g, ':"$1"'),
      line.replaceAll(/: ?"([1-9]\d*)"(?=[,}])/g, ':$1'),
    ]);
    const shapes = lines.flatMap((line) => [line, line.replace('{', '{"first":1,')]);
    const text = Buffer.from(`${shapes.join('\n')}\n`);
    const { objects, encoded } = readBoth(repeated(text, 4), 1 << 16);
    expect(encoded).toEqual(objects);
  });

  it('writes lengths of every width', { timeout: 60_000 }, () => {
    const lengths = [0, 1, 100, 120, 124, 125, 127, 128, 160, 161, 7000, 8192, 16_300, 16_383, 16_384, 20_000];
    const lines = lengths.flatMap((length) =>
      ['x', 'é'].map((sign) => {
        const text = sign.repeat(length);
        const audit = { id: '1', created_at: '2024-05-13T00:50:50.293648', hostname: 'a', level: 'info', pid: 1 };
        return [
          JSON.stringify({
            level: 'info',
            msg: text,
            product: 'acra-server',
            timestamp: 'x',
            unixTime: '1726560000.5',
            client_id: text,
          }),
          JSON.stringify({ ...audit, log_type: 'web', method: 'GET', path: `/${text}`, status_code: 200 }),
        ].join('\n');
      }),
    );
    const { objects, encoded } = readBoth(repeated(Buffer.from(`${lines.join('\n')}\n`), 4), 70_000, {
      limits: { maxValueLength: 100_000 },
    });
    expect(encoded).toEqual(objects);
  });

  it('cuts values and hides secrets in them, whatever else there is to report of a record', { timeout: 60_000 }, () => {
    const head =
      '2026-11-02 10:40:18,700 INFO  [SignServerLog4jDevice] EVENT: SET_WORKER_CONFIG; OUTCOME: SUCCESS; MODULE: X; ';
    const long = (sign: string) => sign.repeat(60);
    const lines = ['x', 'é', 'a\u{1f600}', 'password=abc ', 'see https://u:p@h/ '].flatMap((sign) => [
      `${head}added:A: ${long(sign)}; REPLY_TIME:1793595665129`,
      `${head}added:A: ${long(sign)}; added:A: 1; OUTCOME: FAILURE; REPLY_TIME:1793595665129`,
      `${head}added:PIN: abc; added:A: ${long(sign)} abc; REPLY_TIME:1793595665129`,
      `${head}added:A: ${long(sign)}`,
      `${head}added:A: 1; CSR: -----BEGIN`,
      '',
    ]);
    const { objects, encoded } = readBoth(repeated(Buffer.from(`${lines.join('\n')}\n`), 20), 65_536, {
      limits: { maxValueLength: 100 },
    });
    expect(encoded).toEqual(objects);
    expect(encoded.results).toContain('truncated');
  });

  it('hides a query wherever else it stands in its record', { timeout: 60_000 }, () => {
    const query = "select a from b where c = 'REDACT-ME'";
    const inQuotes = JSON.stringify(query).slice(1, -1);
    const inCef = query.replaceAll('=', '\\=');
    const texts = ['', 'x', query, `behind it ${query}`, 'select', "'REDACT-ME'"];
    const lines = texts.flatMap((text) => [
      `CEF:0|cossacklabs|acra-server|0.96.0|100|Command complete|1|command=${inCef} error=${text.replaceAll('=', '\\=')} unixTime=1726560041.194 `,
      `time="2024-09-17T08:00:41Z" level=info msg="Command complete" command="${inQuotes}" error="${text}"`,
      `time="2024-09-17T08:00:41Z" level=info msg="Command complete ${text}" command="${inQuotes}"`,
      JSON.stringify({ level: 'info', product: 'acra-server', msg: `Backup master key: ${text}`, raw_query: query }),
      JSON.stringify({ raw_query: query, error: text }),
      JSON.stringify({
        level: 'error',
        product: 'acra-server',
        msg: `Denied query: '${query}'`,
        code: 560,
        error: text,
      }),
    ]);
    const { objects, encoded } = readBoth(repeated(Buffer.from(`${lines.join('\n')}\n`), 4), 65_536);
    expect(encoded).toEqual(objects);
    expect(encoded.results).toContain('Command complete');
  });

  it('reads the time of a line in the same way when there are bytes in it that are no UTF-8', {
    timeout: 60_000,
  }, () => {
    const head = '2026-11-21 21:09:59,482 DEBUG [org.ejbca.core.protocol.ws.logger.TransactionLogger] (t) 2026/11';
    const rest = '21 20:09:59.482;ba2789fce7d4b5af81cbcbe6c5f15bab;2;0;isApproved;NO_ERROR;CN=a,O=b;CN=c';
    const lines = [`${head}/${rest}`, `${head}\x91${rest}`].map((line) => Buffer.from(`${line}\n`, 'latin1'));
    const { objects, encoded } = readBoth(repeated(Buffer.concat(lines), 50), 3000);
    expect(encoded).toEqual(objects);
  });

  it('keeps a private key together that begins inside a line of another logger', { timeout: 60_000 }, () => {
    const line = '2026-10-24 20:53:26,511 ERROR [a.b.C] (t) ';
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----';
    const lines = [`${line}up`, `${line}read ${key}`, `${line}failed`, `Caused by: a.D ${key}`, `${line}down`];
    const { objects, encoded } = readBoth(repeated(Buffer.from(`${lines.join('\n')}\n`), 200), 3000);
    expect(encoded).toEqual(objects);
    expect(encoded.results).toContain('Caused by: a.D');
    expect(encoded.results).not.toContain('MIIEvQIBADANBgkq');
  });

  it('keeps to the output also when more names and values come than it remembers', { timeout: 60_000 }, () => {
    const lines = Array.from({ length: 3000 }, (_, index) =>
      JSON.stringify({
        level: 'info',
        product: `acra-${index}`,
        [`name${index}`]: index,
        msg: `text ${index}`,
        unixTime: '1726560000.5',
        timestamp: 'x',
      }),
    );
    const { objects, encoded } = readBoth(Buffer.from(lines.join('\n')), 65_536);
    expect(encoded).toEqual(objects);
  });
});

/** Wrappers of single lines, which say different things of different lines. */
const WRAPPERS: Readonly<Record<string, (line: string, index: number) => string>> = {
  docker: (line, index) =>
    JSON.stringify({
      log: `${line}${index % 7 === 6 ? '' : '\n'}`,
      stream: index % 3 === 0 ? 'stdout' : 'stderr',
      time: '2026-10-24T20:53:26.511000000Z',
    }),
  cri: (line, index) =>
    `2026-10-24T20:53:26.511000000Z ${index % 3 === 0 ? 'stdout' : 'stderr'} ${index % 7 === 6 ? 'P' : 'F'} ${line}`,
  stamp: (line) => `2026-10-24T20:53:26.511000000Z ${line}`,
  compose: (line, index) => `service-${index % 3}  | ${line}`,
  rfc3164: (line, index) => `<134>Oct 24 20:53:26 host${index % 2} tag[${index}]: ${line}`,
  rfc5424: (line) => `<14>1 2026-10-24T20:53:26.511Z host app 4711 - - ${line}`,
  journal: (line) => `Oct 24 20:53:26 host unit[4711]: ${line}`,
  both: (line, index) => `<134>Oct 24 20:53:26 host tag: service-${index % 2} | ${line}`,
};

/** A record of a product that writes JSON, with what may stand in its fields. */
function jsonRecord(): fc.Arbitrary<string> {
  const text = fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      'admin',
      '/api/v2',
      '/a?token=x&b=1',
      '10.20.0.5',
      '2001:db8::1',
      '2001:DB8::1, 10.0.0.1',
      'bearer',
    ),
    fc.constantFrom(
      'token',
      'token: x',
      "pin 'x'",
      'a=b',
      'Recognized poison record',
      'Denied query: ?',
      'Exit, 5',
      '400',
      '-7',
    ),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
  );
  const value = fc.oneof(
    { arbitrary: text, weight: 6 },
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const optional = (names: readonly string[]) =>
    fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 6, noNullPrototype: true });
  const acra = fc
    .tuple(fc.constantFrom('info', 'error', 'x'), text, fc.option(fc.constantFrom(100, 560, 587, 1000)), optional(ACRA))
    .map(([level, msg, code, rest]) => ({
      ...(code === null ? {} : { code }),
      ...rest,
      level,
      msg,
      product: 'acra-server',
      timestamp: '2024-09-17T08:00:52Z',
      unixTime: '1726560052.494',
      version: '0.96.0',
    }));
  const aqtive = fc
    .tuple(
      fc.constantFrom('audit', 'web', 'application', 'tanium', 'x'),
      fc.constantFrom('login', 'setting_change', 'x'),
      text,
      optional(AQTIVE),
    )
    .map(([log_type, action, user_name, rest]) => ({
      id: '97f81ca9-0cf1-4684-992e-b846a1c69f8b',
      created_at: '2024-05-13T00:50:50.293648',
      hostname: 'a.example.com',
      level: 'info',
      log_type,
      user_name,
      ...(log_type === 'audit' ? { action, access_granted: true } : {}),
      ...rest,
    }));
  const spelled = fc.constantFrom(
    (record: object) => JSON.stringify(record),
    (record: object) =>
      JSON.stringify(record).replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
    (record: object) =>
      JSON.stringify(record, undefined, 1).replaceAll(/\n */g, ' ').replaceAll('{ ', '{').replaceAll(' }', '}'),
  );
  return fc.tuple(fc.oneof(acra, aqtive), spelled).map(([record, spell]) => spell(record));
}

const ACRA = [
  'client_id',
  'session_id',
  'error',
  'sql',
  'KeyID',
  'purpose',
  'path',
  'method',
  'trace_id',
  'command',
  'other',
  'api_key',
];
const AQTIVE = [
  'client_ip',
  'forwarded_for_client_ip',
  'path',
  'method',
  'status_code',
  'setting',
  'old_value',
  'new_value',
  'message',
  'stacktrace',
  'target',
  'pid',
  'element',
  'other',
];

/** A line of a fixture often enough to be known, and then with changes. */
function changesOfOneLine(): fc.Arbitrary<string[]> {
  const change = fc.tuple(fc.nat(2000), fc.nat(12), CHANGES);
  return fc
    .tuple(fc.constantFrom(...LINES), fc.array(change, { minLength: 1, maxLength: 24 }))
    .map(([line, changes]) => [
      line,
      line,
      line,
      ...changes.flatMap(([at, length, text]) => [changed(line, at, length, text), line]),
    ]);
}

/** The same with other bytes, which need not be UTF-8, behind text that tells how such are read or does not. */
function bytesOfOneLine(): fc.Arbitrary<[Buffer, Buffer[]]> {
  const byte = fc.oneof(fc.constantFrom(0xc3, 0xa9, 0xe4, 0x80, 0xed, 0xff, 0xfe, 0xef, 0xbb, 0xbf, 0x00), fc.nat(255));
  const text = fc
    .constantFrom('\u00e9', '\u4e00', '\ufffd', '\u2003', '\ud83d\ude00', '\ufeff')
    .map((sign) => Buffer.from(sign));
  const put = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 1 }),
    text,
    byte.map((one) => Buffer.of(one)),
  );
  const changes = fc.array(fc.array(fc.tuple(fc.nat(2000), put), { minLength: 1, maxLength: 3 }), { maxLength: 12 });
  return fc
    .tuple(fc.constantFrom(...LINES), fc.constantFrom('', '\u00e9\n', 'a\n'), changes)
    .map(([line, start, all]) => {
      const whole = Buffer.from(line);
      const lines = all.map((some) =>
        some.reduce((bytes, [at, one]) => {
          const place = at % bytes.length;
          return Buffer.concat([bytes.subarray(0, place), one, bytes.subarray(place + 1)]);
        }, whole),
      );
      return [Buffer.from(start), [whole, whole, ...lines.flatMap((one) => [one, one])]];
    });
}

/** Some lines of fixtures, again and again, each time with other signs in their numbers and times. */
function linesWithOtherTimes(): fc.Arbitrary<string[]> {
  const sign = fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...'0123456789') },
    { weight: 1, arbitrary: fc.constantFrom(...'0123456789.:+-TZ"\\ =|,xé') },
  );
  const timed = LINES.filter((line) => line.search(TIMES_IN_LINES) !== -1);
  return fc
    .tuple(
      fc.array(fc.constantFrom(...timed), { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(fc.nat(3), fc.array(fc.tuple(fc.nat(40), sign), { maxLength: 6 })), { maxLength: 40 }),
    )
    .map(([lines, changes]) => [
      ...Array<string[]>(6).fill(lines).flat(),
      ...changes.map(([index, signs]) => withOtherDigits(lines[index % lines.length] ?? '', signs)),
    ]);
}

const TIMES_IN_LINES = /\d{4}-\d\d-\d\d[T ][\d:.,+]+|\d{10}[.\d]\d+/g;

/** A line with other signs in the place of some digits of its times. */
function withOtherDigits(line: string, signs: readonly (readonly [at: number, sign: string])[]): string {
  let made = line;
  for (const { index } of line.matchAll(TIMES_IN_LINES))
    for (const [at, sign] of signs) if (/\d/.test(made[index + at] ?? '')) made = changed(made, index + at, 1, sign);
  return made;
}

function changed(line: string, at: number, length: number, text: string): string {
  const from = at % line.length;
  return line.slice(0, from) + text + line.slice(from + length);
}

/** A line of a fixture, mostly as it is, with some of its values or bytes replaced. */
function changedLine(): fc.Arbitrary<string> {
  const change = fc.option(fc.tuple(fc.nat(2000), fc.nat(12), CHANGES), { freq: 1 });
  return fc.tuple(fc.constantFrom(...LINES), change).map(([line, one]) => (one ? changed(line, ...one) : line));
}
