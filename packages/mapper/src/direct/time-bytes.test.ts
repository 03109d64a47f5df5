import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTime } from '../map/timestamp.ts';
import { RecordBuffer } from './record-buffer.ts';
import { nanosBeside, writeGroupedTime, writeIsoTime, writeMillisTime, writeUnixTime } from './time-bytes.ts';

const FORMAT = {
  id: 'sample',
  decoder: 'json',
  claims: [],
  severity: 'level',
  time: [{ field: 't', form: 'epoch_millis' }],
} as const;

/** The nanoseconds that were written; undefined when nothing was. */
function written(text: string): bigint | undefined {
  const buffer = new RecordBuffer();
  const bytes = new TextEncoder().encode(`1${text}1`);
  if (!writeMillisTime(buffer, bytes, 1, bytes.length - 1)) return undefined;
  return new DataView(buffer.bytes.buffer).getBigUint64(1, true);
}

function read(text: string): bigint | undefined {
  const fields = new Map([['t', { kind: 'text', text }] as const]);
  const record = { fields, details: new Map(), original: '', position: { number: 1 }, issues: [] };
  return readTime(record, FORMAT, 'UTC').nanos;
}

describe('writeMillisTime', () => {
  it.each(['1793595665131', '1', '999', '1000', '18446744073709'])('writes %s as it is read', (text) => {
    expect(written(text)).toBe(read(text));
    expect(written(text)).toBeDefined();
  });

  it.each(['', '0', '-1', '1.5', ' 1', '1e3', 'x', '99999999999999', '999999999999999'])('leaves %j', (text) => {
    expect(written(text)).toBeUndefined();
  });

  it('never writes another time than the one that is read', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat({ max: Number.MAX_SAFE_INTEGER }).map(String), fc.string()), (text) => {
        const time = written(text);
        if (time !== undefined) expect(time).toBe(read(text));
      }),
    );
  });
});

const REFINED = {
  ...FORMAT,
  time: [{ field: 't', form: 'iso', zone: 'option', refinedBy: 'layout' }],
} as const;

/** The nanoseconds written of a time that a layout refines; undefined when nothing was. */
function writtenBeside(text: string, layout: string): bigint | undefined {
  const buffer = new RecordBuffer();
  const bytes = new TextEncoder().encode(`1${layout}1${text}1`);
  const start = layout.length + 2;
  const nanos = nanosBeside(bytes, start, 1, layout.length + 1);
  if (nanos === -1 || !writeIsoTime(buffer, bytes, start, bytes.length - 1, 'Europe/Stockholm', nanos))
    return undefined;
  return new DataView(buffer.bytes.buffer).getBigUint64(1, true);
}

function readBeside(text: string, time: string): bigint | undefined {
  const fields = new Map([['t', { kind: 'text', text }] as const]);
  const record = { fields, details: new Map(), layout: { time }, original: '', position: { number: 1 }, issues: [] };
  return readTime(record, REFINED, 'Europe/Stockholm').nanos;
}

describe('nanosBeside', () => {
  it.each([
    ['2026-10-24 22:53:26+02:00', '2026-10-24 22:53:26,511'],
    ['2026-10-24 22:53:26+02:00', '22:53:26,511'],
    ['2026-10-24 22:53:26', '2026-10-24T22:53:26.511'],
    ['2026-10-24 22:53:27+02:00', '2026-10-24 22:53:26,999'],
    ['2026-10-24T22:53:26.5Z', '22:53:26,511'],
  ])('refines %s by %s', (text, layout) => {
    expect(writtenBeside(text, layout)).toBe(readBeside(text, layout));
    expect(writtenBeside(text, layout)).toBeDefined();
  });

  it('never refines to another time than the one that is read', () => {
    const sign = fc.constantFrom(...'0123456789 T:.,-+Zx');
    const time = fc.constantFrom(
      '2026-10-24 22:53:26+02:00',
      '2026-10-24 22:53:26',
      '22:53:26,511',
      '2026-10-24 22:53:26,511',
    );
    const changed = fc
      .tuple(time, fc.nat(24), fc.option(sign, { nil: '' }))
      .map(([text, at, put]) => text.slice(0, at) + put + text.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(time, changed), fc.oneof(time, changed), (text, layout) => {
        const nanos = writtenBeside(text, layout);
        if (nanos !== undefined) expect(nanos).toBe(readBeside(text, layout));
      }),
      { numRuns: 500 },
    );
  });
});

/** The nanoseconds that a writer makes of a text; undefined when it leaves it to the ordinary way. */
function nanosOf(
  text: string,
  write: (buffer: RecordBuffer, bytes: Uint8Array, start: number, end: number) => boolean,
) {
  const buffer = new RecordBuffer();
  // Digits stand beside it that are none of it.
  const bytes = new TextEncoder().encode(`2024-05-13T08:31:07.1${text}5Z+02:00`);
  const start = 21;
  return write(buffer, bytes, start, bytes.length - 8)
    ? new DataView(buffer.bytes.buffer).getBigUint64(1, true)
    : undefined;
}

function readAs(form: 'iso' | 'digit_groups' | 'unix_seconds', text: string, timeZone: string): bigint | undefined {
  const fields = new Map([['t', { kind: 'text', text }] as const]);
  const record = { fields, details: new Map(), original: '', position: { number: 1 }, issues: [] };
  return readTime(record, { ...FORMAT, time: [{ field: 't', form, zone: 'option' }] }, timeZone).nanos;
}

/** Times, and what is left of them when a sign is changed. */
function changesOf(...times: readonly string[]): fc.Arbitrary<string> {
  const sign = fc.constantFrom(...'0123456789 T:.,-+Zzx');
  const changed = fc
    .tuple(fc.constantFrom(...times), fc.nat(32), fc.option(sign, { nil: '' }))
    .map(([text, at, put]) => text.slice(0, at) + put + text.slice(at + 1));
  return fc.oneof(fc.constantFrom(...times), changed);
}

describe('writeIsoTime', () => {
  it.each(['UTC', 'Europe/Stockholm', 'America/New_York'])('writes what is read in %s, or nothing', (zone) => {
    const times = changesOf(
      '2024-05-13T08:31:07.123456',
      '2024-02-29 23:59:59',
      '2024-05-13T08:31:07Z',
      '2024-12-31T23:59:59.999999999+02:00',
      '2024-03-31 02:30:00,5',
      '1970-01-01T00:00:00.000001-00:30',
      '1969-12-31T23:59:59',
    );
    let written = 0;
    fc.assert(
      fc.property(times, (text) => {
        const nanos = nanosOf(text, (buffer, bytes, start, end) => writeIsoTime(buffer, bytes, start, end, zone));
        if (nanos === undefined) return;
        written += 1;
        expect(nanos).toBe(readAs('iso', text, zone));
      }),
      { numRuns: 400 },
    );
    expect(written).toBeGreaterThan(50);
  });
});

describe('writeGroupedTime', () => {
  it.each(['UTC', 'Europe/Stockholm'])('writes what is read in %s, or nothing', (zone) => {
    const times = changesOf(
      '2026-11-21:20:09:58:GMT',
      '2026/11/21 20:09:59.471',
      '2026/02/29 20:09:59',
      '2026-11-21 20:09:58 UTC',
      '2026-11-21 20:09:58,5Z',
      '2026-11-21T20:09:58.123456789+02:00',
      '2026/11/21 20:09:59 +0200',
    );
    let written = 0;
    fc.assert(
      fc.property(times, (text) => {
        const nanos = nanosOf(text, (buffer, bytes, start, end) => writeGroupedTime(buffer, bytes, start, end, zone));
        if (nanos === undefined) return;
        written += 1;
        expect(nanos).toBe(readAs('digit_groups', text, zone));
      }),
      { numRuns: 400 },
    );
    expect(written).toBeGreaterThan(50);
  });
});

describe('writeUnixTime', () => {
  it('writes what is read, or nothing', () => {
    const times = changesOf(
      '1726560000.950',
      '1726560000',
      '0.000000001',
      '18446744073.709551615',
      '1726560000.123456789',
    );
    let written = 0;
    fc.assert(
      fc.property(times, (text) => {
        const nanos = nanosOf(text, writeUnixTime);
        if (nanos === undefined) return;
        written += 1;
        expect(nanos).toBe(readAs('unix_seconds', text, 'UTC'));
      }),
      { numRuns: 400 },
    );
    expect(written).toBeGreaterThan(50);
  });
});
