import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTime } from '../map/timestamp.ts';
import { RecordBuffer } from './record-buffer.ts';
import { nanosBeside, writeIsoTime, writeMillisTime } from './time-bytes.ts';

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
