import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import type { Frame } from '../records.ts';
import { createUnwrapper } from '../unwrap/unwrapper.ts';
import { LinePeeler } from './line-peeler.ts';

/** What is inside the wrappers of a line, and what they say. */
interface Inside {
  readonly text: string;
  readonly stream: string | undefined;
  readonly name: string | undefined;
}

const peeler = new LinePeeler();

function peeled(line: string): Inside | undefined {
  const bytes = new TextEncoder().encode(`{"log":"\n${line}\nrest F | : `);
  const end = bytes.length - 12;
  if (!peeler.peel(bytes, 9, end)) return undefined;
  expect(peeler.bytes[peeler.to]).toBe(0x0a);
  const decoder = new TextDecoder();
  return {
    text: decoder.decode(peeler.bytes.subarray(peeler.from, peeler.to)),
    stream: peeler.stream,
    name: peeler.nameEnd === 0 ? undefined : decoder.decode(bytes.subarray(peeler.nameStart, peeler.nameEnd)),
  };
}

/** The same by the ordinary way; a text where a record would not stand by itself. */
function unwrapped(line: string): Inside | string {
  const unwrapper = createUnwrapper(DEFAULT_LIMITS);
  const frame: Frame = { text: line, position: { number: 1 }, byteLength: line.length };
  const [first, ...more] = unwrapper.push(frame);
  if (!first || more.length > 0 || !unwrapper.idle) return 'it goes on';
  if (first.layout || first.truncated || first.withheld) return 'there is more to say';
  const { stream, attributes } = first.outer ?? {};
  const [name, ...others] = [...(attributes ?? [])];
  if (others.length > 0 || (name && name[0] !== 'container.name')) return 'there are other attributes';
  return { text: first.text, stream, name: name === undefined ? undefined : String(name[1]) };
}

const INNER = ['{"level":"info","msg":"a \\"b\\""}', 'CEF:0|v|p|1|m|a=1 ', 'time="1" level=info msg="x | y: z"'];
const DOCKER = (text: string) =>
  `{"log":${JSON.stringify(`${text}\n`)},"stream":"stderr","time":"2024-09-17T08:00:00.000000000Z"}`;
const WRAPPERS: readonly ((text: string) => string)[] = [
  DOCKER,
  (text) => `2024-09-17T08:00:00.123456789Z stderr F ${text}`,
  (text) => `2024-09-17T08:00:00.1+02:00 stdout F ${text}`,
  (text) => `2024-09-17T08:00:00.123456789Z ${text}`,
  (text) => `2024-09-17T08:00:00+0200 host unit[12]: ${text}`,
  (text) => `May 13 02:43:13 host unit[12]: ${text}`,
  (text) => `May  3 02:43:13 host unit: ${text}`,
  (text) => `<134>Oct 24 20:53:26 host tag[1]: ${text}`,
  (text) => `<134>2026-10-24T20:53:26Z host tag:${text}`,
  (text) => `<14>1 2026-10-24T20:53:26.511Z host app 4711 - - ${text}`,
  (text) => `acra-server-1  | ${text}`,
];

describe('LinePeeler', () => {
  it('takes off what runtimes, syslog daemons and journals put round a line', () => {
    for (const wrap of WRAPPERS) {
      for (const inner of INNER) {
        const line = wrap(inner);
        expect(peeled(line)?.text, line).toBe(inner);
        expect(peeled(line), line).toEqual(unwrapped(line));
      }
    }
  });

  it('takes off one wrapper behind the other', () => {
    const line = `<134>Oct 24 20:53:26 host tag: acra-1 | 2024-09-17T08:00:00.1Z stdout F ${INNER[1]}`;
    expect(peeled(line)).toEqual({ text: INNER[1], stream: 'stdout', name: 'acra-1' });
    expect(peeled(DOCKER(DOCKER(INNER[2] ?? '')))?.text).toBe(INNER[2]);
  });

  it('leaves lines that go on, and wrappers that say more, to the ordinary way', () => {
    const odd = [
      ...INNER,
      '',
      '2024-09-17T08:00:00.123456789Z stderr P CEF:0|',
      '{"log":"CEF:0|","stream":"stderr","time":"2024-09-17T08:00:00Z"}',
      '{"log":"CEF:0|\\n","stream":"stderr","time":"2024-09-17T08:00:00Z","attrs":{"tag":"a"}}',
      '{"log":"\\u00e9\\n","stream":"stderr","time":"2024-09-17T08:00:00Z"}',
      '<14>1 2026-10-24T20:53:26.511Z host app 4711 org.a.B - CEF:0|',
      '<14>1 2026-10-24T20:53:26.511Z host app 4711 - [a b="c"] CEF:0|',
      '[pod/a/b] CEF:0|',
      `acra-1 | ${DOCKER('CEF:0|')}`,
    ];
    for (const line of odd) expect(peeled(line), line).toBeUndefined();
  });

  it('says of every line what the ordinary way says, or nothing', () => {
    const piece = fc.constantFrom(
      ...INNER,
      ...' :|[]{}"\\<>-.TZ1aFé\n'.split(''),
      ...WRAPPERS.map((wrap) => wrap('')),
      ...WRAPPERS.map((wrap) => wrap(' ').slice(0, 20)),
      'stdout F ',
      'host tag: ',
      '\\n',
    );
    const broken = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('').replaceAll('\n', ' '));
    const cut = fc
      .tuple(fc.constantFrom(...WRAPPERS), fc.constantFrom(...WRAPPERS), fc.constantFrom(...INNER), fc.nat(200), piece)
      .map(([outer, inner, text, at, more]) => {
        const line = outer(inner(text));
        return `${line.slice(0, at)}${more === '\n' ? '' : more}${line.slice(at + 1)}`;
      });
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(broken, cut), (line) => {
        const inside = peeled(line);
        // Only such lines are looked at from within.
        if (inside === undefined || !/^(?:CEF:|\{"level|time=)/.test(inside.text)) return;
        taken += 1;
        expect(inside).toEqual(unwrapped(line));
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});
