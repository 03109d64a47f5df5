import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTime } from '../map/timestamp.ts';
import { RecordBuffer } from './record-buffer.ts';
import { writeMillisTime } from './time-bytes.ts';

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
