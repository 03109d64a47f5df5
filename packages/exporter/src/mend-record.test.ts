import { JsonLogsSerializer, ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logRecord } from '../test/log-records.ts';
import { mendRecord } from './mend-record.ts';
import { decodeLogsRequest } from './otlp/decode-logs-request.ts';
import { toReadableLogRecord } from './to-readable-log-record.ts';

function readable(changes: object = {}): ReadableLogRecord {
  return { ...toReadableLogRecord(logRecord({ attributes: { a: 'b' } })), ...changes };
}

function circular(): unknown {
  const object: Record<string, unknown> = { name: 'loop' };
  object.self = object;
  return object;
}

describe('mendRecord', () => {
  it('gives back the record itself when nothing is wrong with it', () => {
    const record = readable({ body: { deep: [1, null, new Uint8Array(1), { x: undefined }] } });
    const mended = mendRecord(record);
    expect(mended.record).toBe(record);
    expect(mended.parts).toEqual([]);
  });

  it.each<[string, object, string, unknown]>([
    ['an invalid date', { hrTime: [Number.NaN, Number.NaN] }, 'hrTime', [0, 0]],
    ['a time before 1970', { hrTime: [-1, 0] }, 'hrTime', [0, 0]],
    ['a time that is no pair', { hrTimeObserved: 5 }, 'hrTimeObserved', [0, 0]],
    ['a severity that is none', { severityNumber: Number.NaN }, 'severityNumber', 0],
    ['a severity text that is no text', { severityText: 5 }, 'severityText', '5'],
    ['a body that contains itself', { body: circular() }, 'body', { name: 'loop', self: '[circular]' }],
    ['broken Unicode', { body: 'a\udc00' }, 'body', 'a\ufffd'],
    ['not a number', { attributes: { a: Number.NaN, b: 1 } }, 'attributes', { a: 'NaN', b: 1 }],
    ['infinity in a list', { attributes: { a: [1, Infinity] } }, 'attributes', { a: [1, 'Infinity'] }],
    ['an integer beyond 64 bit', { attributes: { a: 1e300 } }, 'attributes', { a: '1e+300' }],
    ['a bigint', { attributes: { a: 7n } }, 'attributes', { a: '7' }],
    ['a broken name', { attributes: { 'a\ud800': 1 } }, 'attributes', { 'a\ufffd': 1 }],
  ])('replaces %s', (_, changes, part, expected) => {
    const { record, parts } = mendRecord(readable(changes));
    expect(parts).toEqual([part]);
    expect(record[part as keyof ReadableLogRecord]).toEqual(expected);
    expect(record.resource).toBe(readable().resource);
  });

  it('takes away a span context that is none', () => {
    const { record, parts } = mendRecord(readable({ spanContext: { traceId: 'xyz', spanId: '', traceFlags: 0 } }));
    expect(parts).toEqual(['spanContext']);
    expect(record).not.toHaveProperty('spanContext');
  });

  it('leaves the record of the application as it was', () => {
    const attributes = { a: Number.NaN };
    mendRecord(readable({ attributes }));
    expect(attributes).toEqual({ a: Number.NaN });
  });

  it('cuts values nested without end', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 10_000; level += 1) deep = [deep];
    expect(JSON.stringify(mendRecord(readable({ body: deep })).record.body)).toContain('[too deep]');
  });

  it('makes of any record one that both stock serializers write and a receiver reads', () => {
    const value = fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true });
    const time = fc.oneof(fc.tuple(fc.double(), fc.double()), fc.constant([1, 2]));
    const record = fc.record({
      body: value,
      attributes: fc.dictionary(fc.string({ unit: 'binary' }), value),
      hrTime: time,
    });
    fc.assert(
      fc.property(record, (changes) => {
        const { record: mended } = mendRecord(readable(changes));
        for (const [serializer, contentType] of [
          [JsonLogsSerializer, 'application/json'],
          [ProtobufLogsSerializer, 'application/x-protobuf'],
        ] as const) {
          const bytes = serializer.serializeRequest([mended]) ?? new Uint8Array();
          expect(decodeLogsRequest(bytes, contentType)).toMatchObject({ ok: true });
        }
      }),
    );
  });
});
