import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../records.ts';
import { type KnownLine, type KnownTime, type LinePart, LineStore } from './line-store.ts';
import { PlaceWriter } from './place-writer.ts';
import { attributeBytes, intHead, RecordBuffer, textHead } from './record-buffer.ts';
import { nanosBeside, writeGroupedTime, writeIsoTime, writeMillisTime, writeUnixTime } from './time-bytes.ts';

const encoder = new TextEncoder();
const NONE = new Uint8Array();
const RESOURCE: Resource = { attributes: new Map() } as unknown as Resource;
const PLACE = { named: NONE, positions: false, isWrapped: false };
const LINE: Omit<KnownLine, 'parts'> = {
  time: undefined,
  steps: [],
  status: NONE,
  eventName: NONE,
  traceId: undefined,
  spanId: undefined,
  resource: RESOURCE,
  waits: false,
  isBeyondAscii: false,
};

function text(bytes: string): LinePart {
  return { kind: 'text', bytes: encoder.encode(bytes) };
}

function form(of: string): LinePart {
  return { kind: 'formed', form: encoder.encode(of.replaceAll(/\d/g, '0')) };
}

function createStore(...lines: readonly KnownLine[]): LineStore {
  const store = LineStore.create();
  if (!store) throw new Error('this runtime has no WebAssembly');
  for (const line of lines) store.add(line);
  return store;
}

/** Has lines taken; gives how many bytes of them, and what was written between the time of each record and its place. */
function take(store: LineStore, lines: string) {
  const bytes = encoder.encode(lines);
  const taken = store.take(bytes, 0, bytes.length, 0, 1, PLACE, new PlaceWriter(new RecordBuffer()), NONE);
  return { ...taken, records: taken.records, bodies: taken.records === 0 ? [] : bodiesOf(store.written) };
}

/** All of each record but its tag, its length and its time. */
function bodiesOf(written: Uint8Array): Uint8Array[] {
  const bodies: Uint8Array[] = [];
  for (let at = 0; at < written.length; ) {
    const first = written[at + 1] ?? 0;
    const width = first < 0x80 ? 1 : 2;
    const length = width === 1 ? first : (first & 0x7f) + (written[at + 2] ?? 0) * 0x80;
    bodies.push(written.slice(at + 1 + width + 9, at + 1 + width + length));
    at += 1 + width + length;
  }
  return bodies;
}

describe('LineStore', () => {
  it('takes lines that are known one after the other, and stops before the first that is not', () => {
    const store = createStore({ ...LINE, parts: [text('hello')] }, { ...LINE, parts: [text('help')] });
    expect(take(store, 'hello\nhelp\r\nhello\nhell\nhello\n')).toMatchObject({ end: 18, lines: 3, records: 3 });
    expect(take(store, 'hel\n')).toMatchObject({ end: 0, records: 0 });
  });

  it('does not take a line that has not ended', () => {
    const store = createStore({ ...LINE, parts: [text('hello')] });
    expect(take(store, 'hello\nhello')).toMatchObject({ records: 1 });
  });

  it('takes words for words, numbers for numbers and digits for digits', () => {
    const values: LinePart[] = [
      { kind: 'word', length: 8 },
      { kind: 'number' },
      form('1-2'),
      { kind: 'hex', length: 4 },
    ];
    const parts = values.flatMap((part) => [part, text(';')]);
    const store = createStore({ ...LINE, parts });
    const isTaken = (line: string) => take(store, `${line}\n`).records === 1;
    expect(isTaken('a.b@c-_9;10;7-8;00fF;')).toBe(true);
    expect(isTaken(';10;7-8;00ff;')).toBe(false);
    expect(isTaken('123456789;10;7-8;00ff;')).toBe(false);
    expect(isTaken('a b;10;7-8;00ff;')).toBe(false);
    expect(isTaken('a;010;7-8;00ff;')).toBe(false);
    expect(isTaken('a;1234567890123456;7-8;00ff;')).toBe(false);
    expect(isTaken('a;10;7+8;00ff;')).toBe(false);
    expect(isTaken('a;10;7-8;00ff0;')).toBe(false);
    expect(isTaken('a;10;7-8;00fg;')).toBe(false);
  });

  it('takes no word that holds one that is forbidden, in whatever case', () => {
    const store = createStore({ ...LINE, parts: [text('a='), { kind: 'word', length: 50 }] });
    store.forbid([encoder.encode('null'), encoder.encode('pin')]);
    for (const word of ['nul', 'pi-n', 'p1n', 'NUL.LL']) expect(take(store, `a=${word}\n`).records).toBe(1);
    for (const word of ['null', 'NuLL', 'xxnull', 'userPin', 'pin']) expect(take(store, `a=${word}\n`).records).toBe(0);
  });

  it('goes on with a value where a text that is known stops to be like the line', () => {
    const word: LinePart = { kind: 'word', length: 20 };
    const store = createStore(
      { ...LINE, parts: [text('id='), text('abc'), text('; a')], steps: [{ kind: 'text', bytes: Uint8Array.of(1) }] },
      { ...LINE, parts: [text('id='), word, text('; b')], steps: [{ kind: 'value', value: 0 }] },
    );
    expect(take(store, 'id=abc; a\nid=abc; b\nid=abd; b\n').bodies).toEqual([
      Uint8Array.of(1),
      encoder.encode('abc'),
      encoder.encode('abd'),
    ]);
  });

  it('writes values as attributes of any length, as texts and as numbers, and as parts of sentences', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,200}$/), fc.nat(2 ** 40), (word, number) => {
        const head = textHead('some.name');
        const numberHead = intHead('some.number') ?? NONE;
        const store = createStore({
          ...LINE,
          parts: [{ kind: 'word', length: 200 }, text(' '), { kind: 'number' }],
          steps: [
            { kind: 'textAttribute', value: 0, head },
            { kind: 'intAttribute', value: 1, head: numberHead },
            { kind: 'attribute', length: 2, values: [0, 1], head },
            { kind: 'text', bytes: encoder.encode('<') },
            { kind: 'value', value: 0 },
            { kind: 'text', bytes: encoder.encode('>') },
            { kind: 'value', value: 1 },
          ],
        });
        const expected = [
          attributeBytes('some.name', word),
          attributeBytes('some.number', number),
          attributeBytes('some.name', `<${word}>${number}`),
        ];
        expect(take(store, `${word} ${number}\n`).bodies).toEqual([
          Uint8Array.from(expected.flatMap((one) => [...one])),
        ]);
      }),
    );
  });

  it('holds a line that waits until the next one begins something', () => {
    const store = createStore({ ...LINE, parts: [form('10:00'), text(' a')], waits: true });
    expect(take(store, '10:00 a\n11:00 a\n12:00 b\n')).toMatchObject({ end: 8, records: 1 });
    store.addHead([form('10:00'), text(' ')]);
    expect(take(store, '10:00 a\n11:00 a\n12:00 b\n')).toMatchObject({ end: 16, records: 2 });
    expect(take(store, '10:00 a\n goes on\n')).toMatchObject({ records: 0 });
  });

  it('counts the lines of records of several, and says which line has more than ASCII in it', () => {
    const store = createStore({ ...LINE, parts: [text('a\nb')] }, { ...LINE, parts: [text('ä')], isBeyondAscii: true });
    expect(take(store, 'a\nb\na\nb\nä\n')).toMatchObject({ lines: 5, records: 3, utf8: 4 });
  });

  it('tells runs of records of one resource', () => {
    const other = { attributes: new Map() } as unknown as Resource;
    const store = createStore({ ...LINE, parts: [text('a')] }, { ...LINE, parts: [text('b')], resource: other });
    take(store, 'a\na\nb\na\n');
    const runs: [Resource, number][] = [];
    store.forEachRun((resource, _, count) => runs.push([resource, count]));
    expect(runs).toEqual([
      [RESOURCE, 2],
      [other, 1],
      [RESOURCE, 1],
    ]);
  });

  it('refuses more than it has room for, and begins anew when it is cleared', () => {
    const store = createStore();
    let added = 0;
    while (added < 100_000 && store.add({ ...LINE, parts: [text(`line ${added} ${'x'.repeat(2000)}`)] })) added += 1;
    expect(added).toBeGreaterThan(1000);
    expect(added).toBeLessThan(100_000);
    store.clear();
    expect(take(store, `line 0 ${'x'.repeat(2000)}\n`).records).toBe(0);
    expect(store.add({ ...LINE, parts: [text('line')] })).toBe(true);
    expect(take(store, 'line\n').records).toBe(1);
  });

  it('keeps no lines of ever more kinds of values in one place, and those that it keeps are taken', () => {
    const store = createStore();
    const addressed = (bytes: number) => `${'1.'.repeat(bytes)}:1`;
    for (let bytes = 1; bytes < 500; bytes += 1)
      expect(store.add({ ...LINE, parts: [form(addressed(bytes))] })).toBe(true);
    expect(take(store, `${addressed(1)}\n${addressed(2)}\n`).records).toBe(2);
    expect(take(store, `${addressed(499)}\n`).records).toBe(0);
  });

  it('keeps the bytes of a place once, however often places take turns', () => {
    const store = createStore({ ...LINE, parts: [text('a')] });
    const places = new PlaceWriter(new RecordBuffer());
    const named = ['a', 'b'].map((name) => ({
      named: attributeBytes('log.file.name', name.repeat(1000)),
      positions: true,
      isWrapped: false,
    }));
    const bytes = encoder.encode('a\n');
    for (let turn = 0; turn < 20_000; turn += 1)
      for (const place of named) store.take(bytes, 0, bytes.length, 0, 1, place, places, NONE);
    expect(store.isFull).toBe(false);
    expect(store.take(bytes, 0, bytes.length, 0, 1, PLACE, places, NONE).records).toBe(1);
  });

  const clock = fc.stringMatching(/^[0-9]{2}:[0-9]{2}:[0-9]{2}$/);
  const date = fc.oneof(
    fc.stringMatching(/^(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]$/),
    fc.constantFrom('2024-02-29', '2023-02-29', '1970-01-01', '2100-02-29', '2026-10-25'),
  );
  const fraction = fc.oneof(fc.constant(''), fc.stringMatching(/^[.,][0-9]{1,10}$/));
  const zone = fc.constantFrom('', 'Z', '+02:00', '-11:30', '+25:00', ' GMT', ':GMT', 'UTC');
  const zones = fc.constantFrom(undefined, 'Europe/Stockholm', 'America/New_York');
  const iso = fc.tuple(date, fc.constantFrom('T', ' ', ':', '_'), clock, fraction, zone).map((parts) => parts.join(''));

  it.each<[KnownTime['form'], fc.Arbitrary<string>]>([
    ['unix_seconds', fc.stringMatching(/^[0-9]{1,13}(\.[0-9]{0,10})?$/)],
    ['epoch_millis', fc.stringMatching(/^[0-9]{1,16}$/)],
    ['iso', iso],
    ['digit_groups', iso.map((time) => time.replaceAll('-', '/'))],
  ])('reads times in the form %s as they are read elsewhere, or not at all', (timeForm, times) => {
    fc.assert(
      fc.property(times, zones, (time, timeZone) => {
        const store = createStore({
          ...LINE,
          parts: [form(time)],
          time: { form: timeForm, value: 0, beside: undefined, timeZone },
        });
        const bytes = encoder.encode(time);
        const buffer = new RecordBuffer();
        const isRead = writeAs(timeForm, buffer, bytes, timeZone ?? 'UTC');
        const { records } = take(store, `${time}\n`);
        if (records === 0) return;
        expect(isRead).toBe(true);
        expect(store.written.slice(2, 11)).toEqual(buffer.bytes.slice(0, 9));
      }),
    );
  });

  it('takes the times that logs have', () => {
    const known: [KnownTime['form'], string][] = [
      ['unix_seconds', '1726560000.950'],
      ['epoch_millis', '1793595665131'],
      ['iso', '2026-10-24T22:53:26.511Z'],
      ['iso', '2026-10-24 22:53:26+02:00'],
      ['digit_groups', '2026/11/21 20:09:59.471'],
      ['digit_groups', '2026-11-21:20:09:58:GMT'],
    ];
    for (const [timeForm, time] of known) {
      const parts = [form(time)];
      const store = createStore({
        ...LINE,
        parts,
        time: { form: timeForm, value: 0, beside: undefined, timeZone: undefined },
      });
      expect([time, take(store, `${time}\n`).records]).toEqual([time, 1]);
    }
  });

  it('takes the nanoseconds of a time from what a layout printed beside it', () => {
    const [stamp, time] = ['2026-10-24 22:53:26,511', '2026-10-24 22:53:26+02:00'];
    const store = createStore({
      ...LINE,
      parts: [form(stamp), text(' '), form(time)],
      time: { form: 'iso', value: 1, beside: 0, timeZone: undefined },
    });
    const line = encoder.encode(`${stamp} ${time}`);
    const buffer = new RecordBuffer();
    const nanos = nanosBeside(line, stamp.length + 1, 0, stamp.length);
    writeIsoTime(buffer, line, stamp.length + 1, line.length, 'UTC', nanos);
    expect(take(store, `${stamp} ${time}\n`).records).toBe(1);
    expect(store.written.slice(2, 11)).toEqual(buffer.bytes.slice(0, 9));
    expect(take(store, `2026-10-24 22:53:25,511 ${time}\n`).records).toBe(0);
  });

  it('writes the ids of trace and span as bytes, and takes none of nothing but zeros', () => {
    const store = createStore({
      ...LINE,
      parts: [{ kind: 'hex', length: 32 }, text(' '), { kind: 'hex', length: 16 }],
      traceId: 0,
      spanId: 1,
    });
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const [body = NONE] = take(store, `${trace} B7AD6B7169203331\n`).bodies;
    expect([...body].map((byte) => byte.toString(16).padStart(2, '0')).join('')).toBe(
      `4a10${trace}5208b7ad6b7169203331`,
    );
    expect(take(store, `${'0'.repeat(32)} B7AD6B7169203331\n`).records).toBe(0);
  });
});

function writeAs(timeForm: KnownTime['form'], buffer: RecordBuffer, bytes: Uint8Array, timeZone: string): boolean {
  const { length } = bytes;
  if (timeForm === 'unix_seconds') return writeUnixTime(buffer, bytes, 0, length);
  if (timeForm === 'epoch_millis') return writeMillisTime(buffer, bytes, 0, length);
  if (timeForm === 'iso') return writeIsoTime(buffer, bytes, 0, length, timeZone);
  return writeGroupedTime(buffer, bytes, 0, length, timeZone);
}
