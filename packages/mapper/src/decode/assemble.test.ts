import type { DelimitedFormat, LabelledFormat, Product } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame, Outer } from '../records.ts';
import { createAssembler } from './assemble.ts';

const LABELLED: LabelledFormat = {
  decoder: 'labelled',
  id: 'labelled',
  categories: ['a.b.Signer'],
  start: 'EVENT: ',
  separator: '; ',
  assign: ': ',
  columns: [
    ['EVENT', 'event'],
    ['WHO', 'who'],
  ],
  end: ['TIME:', 'time'],
  time: [],
  severity: 'none',
};

const DELIMITED: DelimitedFormat = {
  decoder: 'delimited',
  id: 'delimited',
  categories: ['a.b.Log'],
  delimiter: ';',
  columns: ['time', 'event', 'who'],
  firstOptional: true,
  detailSeparator: '=',
  shapes: { time: 'iso_time', event: 'upper_name' },
  time: [],
  severity: 'none',
};

const PRODUCT: Product = {
  id: 'made-up',
  value: 'made_up',
  namespace: 'made_up',
  layouts: ['%d{HH:mm:ss,SSS} %-5p [%c] (%t) %m'],
  formats: [LABELLED, DELIMITED],
  recognition: [],
  severities: {},
  outcomes: {},
  resource: {},
  details: { prefix: 'made_up.details.', keys: 'verbatim' },
  redaction: { secretNames: [], queryParameters: [] },
  sentence: [],
  fields: [],
  events: new Map(),
  codes: new Map(),
  titles: new Map(),
};

const SIGNER = '20:28:56,100 INFO  [a.b.Signer] (t-1) ';
const LOG = '20:28:56,100 INFO  [a.b.Log] (t-1) ';
const OTHER = '20:28:56,100 ERROR [a.b.Other] (t-1) ';
const TIMED = '2026-10-24 22:53:26+02:00;KEY_MADE;anna';

function framesOf(lines: readonly string[], outer?: (at: number) => Outer | undefined): Frame[] {
  let offset = 0;
  return lines.map((text, at) => {
    const bytes = new TextEncoder().encode(text);
    const wrapper = outer?.(at);
    const frame: Frame = {
      text,
      bytes,
      byteLength: bytes.length,
      position: { offset, number: at + 1 },
      ...(wrapper ? { outer: wrapper } : {}),
    };
    offset += bytes.length + 1;
    return frame;
  });
}

function assemble(frames: readonly Frame[], maxRecordBytes = 1 << 20): Frame[] {
  const assembler = createAssembler([PRODUCT], { maxRecordBytes });
  return [...frames.flatMap((frame) => assembler.push(frame)), ...assembler.end()];
}

function texts(...lines: string[]): string[] {
  return assemble(framesOf(lines)).map(({ text }) => text);
}

describe('createAssembler', () => {
  it('joins a labelled record up to its end mark, blank lines included', () => {
    const record = [`${SIGNER}EVENT: A; WHO: b; PEM: x`, '', 'TIME:1', '', 'EVENT: X', '; SCOPE: G; TIME:17'];
    expect(texts(...record, 'after')).toEqual([record.join('\n'), 'after']);
  });

  it('gives a labelled record of one line at once', () => {
    const assembler = createAssembler([PRODUCT], { maxRecordBytes: 1000 });
    expect(assembler.push({ text: 'EVENT: A; WHO: b; TIME:1', position: { number: 1 }, byteLength: 24 })).toHaveLength(
      1,
    );
  });

  it('ends a record without its end mark at the next line of the log', () => {
    const lines = [`${SIGNER}EVENT: A; WHO: b; CSR: MII`, 'ABC', `${OTHER}x`, `${SIGNER}EVENT: A; WHO: b; TIME:1`];
    expect(texts(...lines)).toEqual([`${lines[0]}\nABC`, lines[2], lines[3]]);
    expect(texts('EVENT: A; WHO: b; X: 1', 'EVENT: B; WHO: c; TIME:2')).toHaveLength(2);
  });

  it('joins a delimited record up to the next line that begins one of any kind', () => {
    for (const next of [TIMED, `${LOG}${TIMED}`, `${OTHER}x`, '{"a":1}', 'CEF:0|a', 'EVENT: A; WHO: b; TIME:1']) {
      expect(texts(`${TIMED};msg=one`, ' two; three', '', 'four=4', next)).toEqual([
        `${TIMED};msg=one\n two; three\n\nfour=4`,
        next,
      ]);
    }
  });

  it('does not take blank lines behind a record into it', () => {
    expect(texts(TIMED, '', ' ', `${LOG}${TIMED}`, '')).toEqual([TIMED, '', ' ', `${LOG}${TIMED}`, '']);
  });

  it('keeps the stack trace behind a line of other text with it', () => {
    const trace = [
      `${OTHER}failed`,
      'java.lang.NullPointerException: null',
      '\tat a.B.c(B.java:1;2)',
      'Caused by: java.sql.SQLException: EVENT: x; WHO: y',
      '\t... 12 more',
    ];
    expect(texts(...trace, 'not of it', 'nor.this')).toEqual([trace.join('\n'), 'not of it', 'nor.this']);
    expect(texts('java.io.IOException: x', '\tat a.B.c(B.java)')).toHaveLength(1);
  });

  it('believes a category that announces another kind of message', () => {
    expect(texts(`${OTHER}EVENT: A; WHO: b; X: 1`, 'loose')).toHaveLength(2);
    expect(texts(`${SIGNER}EVENT: A; X: 1`, 'loose')).toHaveLength(1);
  });

  it('reads a record whose layout is damaged as one of its own', () => {
    const damaged = `20:28:57,002 INFO\ufffd [a.b.Log] (t-1) ${TIMED}`;
    expect(texts(`${LOG}${TIMED}`, damaged)).toEqual([`${LOG}${TIMED}`, damaged]);
  });

  it('sees the end mark before the sign that ends the colour of a console', () => {
    expect(texts('EVENT: A; WHO: b', '; TIME:1\u001b[0m', 'x')).toEqual(['EVENT: A; WHO: b\n; TIME:1', 'x']);
  });

  it('gives a joined record the place of its first line and the bytes of all', () => {
    const [frame] = assemble(framesOf(['EVENT: A; WHO: å', '; TIME:1', 'x']));
    expect(frame?.position).toEqual({ offset: 0, number: 1 });
    expect(new TextDecoder().decode(frame?.bytes)).toBe('EVENT: A; WHO: å\n; TIME:1');
    expect(frame?.byteLength).toBe(frame?.bytes?.length);
  });

  it('keeps interleaved sources apart and their records in order', () => {
    const lines = ['EVENT: A; WHO: b', TIMED, '; TIME:1', 'more', 'EVENT: B; WHO: c; TIME:2'];
    const streams = ['one', 'two', 'one', 'two', 'one'];
    const frames = framesOf(lines, (at) => ({ host: streams[at] ?? '' }));
    expect(assemble(frames).map(({ text }) => text)).toEqual([
      'EVENT: A; WHO: b\n; TIME:1',
      `${TIMED}\nmore`,
      'EVENT: B; WHO: c; TIME:2',
    ]);
  });

  it('does not let one open record hold up the others for ever', () => {
    const lines = ['EVENT: A; WHO: b', ...Array.from({ length: 1000 }, () => 'EVENT: B; WHO: c; TIME:2')];
    const assembler = createAssembler([PRODUCT], { maxRecordBytes: 1 << 20 });
    const given = framesOf(lines, (at) => ({ host: at === 0 ? 'one' : 'two' })).flatMap((frame) =>
      assembler.push(frame),
    );
    expect(given.length).toBeGreaterThan(700);
  });

  it('cuts a record at the limit and says so; what is over it is kept as lines of its own', () => {
    const lines = ['EVENT: A; WHO: b', ...Array.from({ length: 100 }, (_, at) => `line ${at}`)];
    const frames = assemble(framesOf(lines), 200);
    expect(frames[0]?.truncated).toBe(true);
    expect(frames[0]?.byteLength).toBeLessThanOrEqual(200);
    expect(frames.map(({ text }) => text).join('\n')).toBe(lines.join('\n'));
    expect(frames.slice(1).every(({ truncated }) => truncated === undefined)).toBe(true);
  });

  it('loses no text, whatever the lines are and however they are mixed', () => {
    const line = fc.constantFrom(
      '',
      'x',
      '\tat a.B',
      TIMED,
      LOG + TIMED,
      `${SIGNER}EVENT: A; WHO: b`,
      '; TIME:1',
      `${OTHER}x`,
      'EVENT: A; WHO: b; TIME:1',
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            line,
            fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', '')),
          ),
        ),
        (lines) => {
          const joined = assemble(framesOf(lines));
          expect(joined.map(({ text }) => text).join('\n')).toBe(lines.join('\n'));
          const numbers = joined.map(({ position }) => position.number);
          expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        },
      ),
    );
  });
});
