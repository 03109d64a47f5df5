import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuMillis } from '../../../../test/support/cpu-millis.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import type { Frame } from '../records.ts';
import { createUnwrapper } from './unwrapper.ts';

const frame = (text: string, number = 1): Frame => ({ text, position: { offset: 0, number }, byteLength: text.length });

function unwrap(...texts: string[]): Frame[] {
  const unwrapper = createUnwrapper(DEFAULT_LIMITS);
  return [...texts.flatMap((text, index) => unwrapper.push(frame(text, index + 1))), ...unwrapper.end()];
}

const INNER = 'time="2024-09-17T08:00:00Z" level=info msg="Use sni"';

describe('createUnwrapper', () => {
  it.each([
    ['CRI', `2024-09-17T08:00:00.000000001Z stderr F ${INNER}`],
    [
      'docker json-file',
      JSON.stringify({ log: `${INNER}\n`, stream: 'stderr', time: '2024-09-17T08:00:00.000000001Z' }),
    ],
    ['docker compose', `acra-server-1  | ${INNER}`],
    ['docker compose with times', `acra-server-1  | 2024-09-17T08:00:00.000000001Z ${INNER}`],
    ['kubectl --prefix', `[pod/acra-0/acra] ${INNER}`],
    ['RFC 3164', `<134>Oct 24 20:53:26 host acra[12]: ${INNER}`],
    ['RFC 3164 without pid', `<134>Oct  4 20:53:26 host acra: ${INNER}`],
    ['RFC 5424', `<14>1 2026-10-24T20:53:26.511Z host app 4711 - - ${INNER}`],
    [
      'RFC 5424 with structured data and a mark',
      `<14>1 2026-10-24T20:53:26.511Z host app - id [x@1 a="b]\\"c"][y z="1"] \ufeff${INNER}`,
    ],
    ['journalctl short', `May 13 02:43:13 host acra[12]: ${INNER}`],
    ['a syslog file without pids', `May 13 02:43:13 host acra: ${INNER}`],
    ['a syslog file with full times', `2024-05-13T02:43:13.123456+02:00 host acra: ${INNER}`],
    ['a syslog file with full times in UTC', `2024-05-13T02:43:13.123456Z host acra[12]: ${INNER}`],
    ['docker compose on a terminal', `\u001b[36macra-server-1  | \u001b[0m${INNER}`],
    ['docker compose of the first version on a terminal', `\u001b[1;33macra_1  |\u001b[0m ${INNER}`],
    ['a collector of container logs', JSON.stringify({ log: INNER, stream: 'stderr', kubernetes: { pod_name: 'a' } })],
    [
      'a log store with the line break kept',
      JSON.stringify({ '@timestamp': '2026-10-24T20:53:26.511Z', message: `${INNER}\n` }),
    ],
    ['journalctl short-iso', `2024-05-13T02:43:13+0000 host acra[12]: ${INNER}`],
    ['journalctl json', JSON.stringify({ __REALTIME_TIMESTAMP: '1715568193562768', MESSAGE: INNER })],
    ['journalctl json-seq', `\u001e${JSON.stringify({ __REALTIME_TIMESTAMP: '1715568193562768', MESSAGE: INNER })}`],
    [
      'journalctl json with bytes',
      JSON.stringify({ __REALTIME_TIMESTAMP: '1', MESSAGE: [...new TextEncoder().encode(INNER)] }),
    ],
    [
      'WildFly JSON',
      JSON.stringify({ timestamp: '2026-10-24T20:53:26.511Z', loggerName: 'a.b', level: 'INFO', message: INNER }),
    ],
    ['Filebeat', JSON.stringify({ '@timestamp': '2026-10-24T20:53:26.511Z', message: INNER })],
    [
      'an Elasticsearch hit',
      JSON.stringify({ _index: 'x', _source: { '@timestamp': '2026-10-24T20:53:26.511Z', message: INNER } }),
    ],
    ['Loki', JSON.stringify({ labels: {}, line: INNER, timestamp: '2026-10-24T20:53:26.511Z' })],
    ['syslog in CRI', `2024-09-17T08:00:00.000000001Z stdout F <134>Oct 24 20:53:26 host acra[12]: ${INNER}`],
  ])('takes %s off', (_, line) => {
    expect(unwrap(line).map(({ text }) => text)).toEqual([INNER]);
  });

  it.each([
    INNER,
    '{"level":"info","msg":"a","product":"acra-server"}',
    '{"log":5,"time":"x"}',
    'CEF:0|cossacklabs|acra-server|0.96.0|100|x|1|a=b ',
    '[GIN] 2026/11/21 - 19:40:48 | 200 | 45µs | 10.20.1.33 | POST "/v2/encrypt"',
    '\u001b[36mINFO\u001b[0m[0001] coloured',
  ])('leaves %j alone', (line) => {
    expect(unwrap(line)[0]).toEqual(frame(line));
  });

  it('takes the colours off a console line that begins with a time', () => {
    expect(unwrap('\u001b[0m12:00:00,001 \u001b[31mERROR\u001b[m [a] (t) x\u001b[0m')[0]?.text).toBe(
      '12:00:00,001 ERROR [a] (t) x',
    );
  });

  it('keeps what the wrapper said, the inner one before the outer one', () => {
    const [record] = unwrap('2024-09-17T08:00:00.000000001Z stderr F <131>1 2024-09-17T07:59:59Z web app - - - x');
    expect(record?.outer).toEqual({
      timeUnixNano: 1726559999000000000n,
      level: 'error',
      stream: 'stderr',
      host: 'web',
    });
  });

  it('joins lines that the runtime cut, stream by stream, at the place of the first piece', () => {
    const found = unwrap(
      '2024-09-17T08:00:00.000000001Z stdout P one ',
      '2024-09-17T08:00:00.000000001Z stderr F other',
      '2024-09-17T08:00:00.000000002Z stdout F two',
    );
    expect(found.map(({ text, position }) => [text, position.number])).toEqual([
      ['other', 2],
      ['one two', 1],
    ]);
  });

  it('leaves out what is over the line limit, in time that does not grow with what is there', () => {
    const unwrapper = createUnwrapper({ ...DEFAULT_LIMITS, maxLineBytes: 4_000_000 });
    const piece = (text: string, tag: string) => frame(`2024-09-17T08:00:00.000000001Z stdout ${tag} ${text}`);
    unwrapper.push(piece('x'.repeat(4_000_000), 'P'));
    const millis = cpuMillis(() => {
      for (let left = 50_000; left > 0; left -= 1) unwrapper.push(piece('y', 'P'));
      const [whole] = unwrapper.push(piece('z', 'F'));
      expect([whole?.text.length, whole?.truncated]).toEqual([4_000_000, true]);
    });
    expect(millis).toBeLessThan(3_000);
  });

  it('E24 joins journal entries that were cut at the line limit by their stream id', () => {
    const entry = (stream: string, MESSAGE: string, cut: boolean) =>
      JSON.stringify({
        __REALTIME_TIMESTAMP: '1',
        _STREAM_ID: stream,
        MESSAGE,
        ...(cut ? { _LINE_BREAK: 'line-max' } : {}),
      });
    expect(
      unwrap(entry('a', 'x1', true), entry('b', 'y', false), entry('a', 'x2', true), entry('a', 'x3', false)).map(
        ({ text }) => text,
      ),
    ).toEqual(['y', 'x1x2x3']);
  });

  it('marks a journal entry whose text was left out, and a line whose rest never came', () => {
    expect(unwrap('{"__REALTIME_TIMESTAMP":"1","MESSAGE":null}')).toMatchObject([{ text: '', truncated: true }]);
    expect(unwrap('2024-09-17T08:00:00.000000001Z stdout P one')).toMatchObject([{ text: 'one', truncated: true }]);
  });

  it('never throws, and holds no more than it was given', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '{"log":"',
        '<14>1 ',
        '2024-09-17T08:00:00.1Z stdout P ',
        '{"MESSAGE":[300],"__REALTIME_TIMESTAMP":"x"}',
      ),
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.array(piece).map((parts) => parts.join('')),
          { maxLength: 6 },
        ),
        (texts) => {
          const given = texts.reduce((sum, text) => sum + text.length, 0);
          expect(unwrap(...texts).reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(given);
        },
      ),
    );
  });
});
