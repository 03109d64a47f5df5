import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arbitraryRecord, logRecord, plainAttributeValue } from '../../test/log-records.ts';
import { mendRecord } from '../mend-record.ts';
import { decodeProtobuf } from '../otlp/decode-protobuf.ts';
import { joinGroups } from '../otlp/join-groups.ts';
import { ProtobufWriter } from '../otlp/protobuf-writer.ts';
import { toReadableLogRecord } from '../to-readable-log-record.ts';
import { headOf, writeReadable } from './encode-readable.ts';

const decode = (bytes: Uint8Array) => decodeProtobuf(bytes, 1e6);
const own = (record: ReadableLogRecord) => {
  const writer = new ProtobufWriter();
  writeReadable(writer, record);
  return decode(joinGroups([{ ...headOf(record, record.resource), records: writer.finish(), count: 1 }]));
};
const stock = (record: ReadableLogRecord) =>
  decode(ProtobufLogsSerializer.serializeRequest([record]) ?? new Uint8Array());

it('F02 writes what the stock serializer writes', () => {
  fc.assert(
    fc.property(arbitraryRecord(plainAttributeValue), (record) => {
      const readable = toReadableLogRecord(record, { name: 'app', version: '1', schemaUrl: 'https://example.com/1' });
      expect(own(readable)).toEqual(stock(readable));
    }),
  );
});

it('writes nested values, bytes, flags and dropped counts as the stock serializer does', () => {
  const readable: ReadableLogRecord = {
    ...toReadableLogRecord(logRecord()),
    body: { list: [1, 'two', null, { deep: true }], bytes: new Uint8Array([0, 255]), half: 0.5 },
    attributes: { nested: { a: [1, [2]] }, negative: -1 },
    spanContext: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 },
    droppedAttributesCount: 3,
  };
  expect(own(readable)).toEqual(stock(readable));
});

it('F05 makes of any mended record one that can be read', () => {
  const value = fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true });
  const changes = fc.record({ body: value, attributes: fc.dictionary(fc.string({ unit: 'binary' }), value) });
  fc.assert(
    fc.property(changes, (given) => {
      const { record } = mendRecord({ ...toReadableLogRecord(logRecord()), ...(given as Partial<ReadableLogRecord>) });
      expect(own(record).resourceLogs[0]?.scopeLogs[0]?.logRecords).toHaveLength(1);
    }),
  );
});
