import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryRecord, logRecord, plainAttributeValue } from '../../test/log-records.ts';
import { toReadableLogRecord } from '../to-readable-log-record.ts';
import { type DecodeLimits, decodeLogsRequest } from './decode-logs-request.ts';
import { groupByResource } from './resource-runs.ts';
import { toOtlpJson, toOtlpJsonLine } from './to-otlp-json.ts';
import { toOtlpProtobuf } from './to-otlp-protobuf.ts';

const JSON_TYPE = 'application/json';
const PROTOBUF_TYPE = 'application/x-protobuf';
const scope = { name: 'cryptrail', version: '1.2.3', schemaUrl: 'https://example.com/1.0.0' };
const records = fc.array(arbitraryRecord(), { maxLength: 8 });
const encode = (text: string) => new TextEncoder().encode(text);

function requestOf(bytes: Uint8Array, contentType: string, limits?: Partial<DecodeLimits>) {
  const decoded = decodeLogsRequest(bytes, contentType, limits);
  return decoded.ok ? decoded.request : decoded.error;
}

function decodeLogRecord(logRecordJson: string) {
  const decoded = decodeLogsRequest(
    encode(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${logRecordJson}]}]}]}`),
    JSON_TYPE,
  );
  return decoded.ok ? decoded.request.resourceLogs[0]?.scopeLogs[0]?.logRecords[0] : decoded.error;
}

describe('decodeLogsRequest', () => {
  it('F02 reads back from protobuf what toOtlpProtobuf wrote', () => {
    fc.assert(
      fc.property(records, (batch) => {
        expect(requestOf(toOtlpProtobuf(batch, scope), PROTOBUF_TYPE)).toEqual(toOtlpJson(batch, scope));
      }),
    );
  });

  it('F02 reads back from JSON what toOtlpJsonLine wrote', () => {
    fc.assert(
      fc.property(records, (batch) => {
        expect(requestOf(encode(toOtlpJsonLine(batch, scope)), `${JSON_TYPE}; charset=utf-8`)).toEqual(
          JSON.parse(toOtlpJsonLine(batch, scope)),
        );
      }),
    );
  });

  it.each([0, 1, 24, 25, 63, 64, 65, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])(
    'reads back texts of %i bytes, with a byte order mark and without',
    (length) => {
      const bodies = ['x'.repeat(length), `\ufeff${'x'.repeat(length)}`, 'é'.repeat(length / 2)];
      const batch = bodies.map((body) => logRecord({ body, attributes: { body } }));
      expect(requestOf(toOtlpProtobuf(batch), PROTOBUF_TYPE)).toEqual(toOtlpJson(batch));
    },
  );

  it('reads what the stock ProtobufLogsSerializer writes', () => {
    fc.assert(
      fc.property(fc.array(arbitraryRecord(plainAttributeValue), { minLength: 1, maxLength: 8 }), (batch) => {
        const grouped = groupByResource(batch).map((record) => ({
          ...record,
          traceId: '1'.repeat(32),
          spanId: '2'.repeat(16),
        }));
        const stock = ProtobufLogsSerializer.serializeRequest(grouped.map((one) => toReadableLogRecord(one, scope)));
        expect(requestOf(stock ?? new Uint8Array(), PROTOBUF_TYPE)).toEqual(JSON.parse(toOtlpJsonLine(grouped, scope)));
      }),
    );
  });

  it('reads nested values, bytes and flags from both encodings alike', () => {
    const readable = {
      ...toReadableLogRecord(logRecord()),
      body: { list: [1, 'two', null, { deep: true }], bytes: new Uint8Array([0, 255, 16]) },
      spanContext: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 },
      droppedAttributesCount: 3,
    };
    const decoded = requestOf(ProtobufLogsSerializer.serializeRequest([readable]) ?? new Uint8Array(), PROTOBUF_TYPE);
    expect(decoded).toMatchObject({
      resourceLogs: [
        {
          scopeLogs: [
            {
              logRecords: [
                {
                  flags: 1,
                  droppedAttributesCount: 3,
                  traceId: 'a'.repeat(32),
                  body: {
                    kvlistValue: {
                      values: [
                        {
                          key: 'list',
                          value: {
                            arrayValue: {
                              values: [
                                { intValue: '1' },
                                { stringValue: 'two' },
                                {},
                                { kvlistValue: { values: [{ key: 'deep', value: { boolValue: true } }] } },
                              ],
                            },
                          },
                        },
                        { key: 'bytes', value: { bytesValue: 'AP8Q' } },
                      ],
                    },
                  },
                },
              ],
            },
          ],
        },
      ],
    });
    expect(requestOf(encode(JSON.stringify(decoded)), JSON_TYPE)).toEqual(decoded);
  });

  it.each([
    ['digits', '"7"', '7'],
    ['a bare number', '7', '7'],
    ['a bare number beyond 2^53', '1152921504606846977', '1152921504606846977'],
    ['a negative bare number beyond 2^53', '-9223372036854775808', '-9223372036854775808'],
  ])('reads an integer from %s', (_, written, read) => {
    const record = decodeLogRecord(`{"attributes":[{"key":"k","value":{"intValue": ${written}}}]}`);
    expect(record).toMatchObject({ attributes: [{ value: { intValue: read } }] });
  });

  it('does not touch text that only looks like an integer value', () => {
    const text = '"intValue":12345678901234567890';
    const record = decodeLogRecord(`{"body":{"stringValue":${JSON.stringify(text)}},"attributes":[]}`);
    expect(record).toMatchObject({ body: { stringValue: text } });
  });

  it.each([
    ['9', 9],
    ['"SEVERITY_NUMBER_UNSPECIFIED"', 0],
    ['"SEVERITY_NUMBER_TRACE"', 1],
    ['"SEVERITY_NUMBER_WARN2"', 14],
    ['"SEVERITY_NUMBER_FATAL4"', 24],
    ['null', 0],
  ])('reads the severity %s', (written, read) => {
    expect(decodeLogRecord(`{"severityNumber":${written}}`)).toMatchObject({ severityNumber: read });
  });

  it('reads doubles from numbers and words', () => {
    const values = ['1', '1.5', '"NaN"', '"-Infinity"', '"2.5e3"'].map((value) => `{"doubleValue":${value}}`).join();
    const record = decodeLogRecord(`{"body":{"arrayValue":{"values":[${values}]}}}`);
    expect(record).toMatchObject({
      body: {
        arrayValue: {
          values: [
            { doubleValue: 1 },
            { doubleValue: 1.5 },
            { doubleValue: 'NaN' },
            { doubleValue: '-Infinity' },
            { doubleValue: 2500 },
          ],
        },
      },
    });
  });

  it('passes over members and fields that it does not know', () => {
    expect(decodeLogRecord('{"eventName":"e","somethingNew":{"a":[1]},"__proto__":{"b":1}}')).toEqual({
      timeUnixNano: '0',
      observedTimeUnixNano: '0',
      severityNumber: 0,
      eventName: 'e',
      attributes: [],
    });
    const unknownField = [0x0a, 0x06, 0x9a, 0x06, 0x03, 1, 2, 3];
    expect(requestOf(new Uint8Array(unknownField), PROTOBUF_TYPE)).toEqual({
      resourceLogs: [{ resource: { attributes: [] }, scopeLogs: [] }],
    });
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['records that are no list', '{"resourceLogs":{}}'],
    ['a record that is no object', '{"resourceLogs":[7]}'],
    ['a severity of another type', '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityNumber":true}]}]}]}'],
    ['a time below zero', '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"-1"}]}]}]}'],
    ['a trace id that is none', '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":"xyz"}]}]}]}'],
    ['bytes that are no Base64', '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"bytesValue":"*"}}]}]}]}'],
  ])('answers %s with the error malformed and status 400', (_, text) => {
    expect(requestOf(encode(text), JSON_TYPE)).toMatchObject({ code: 'malformed', status: 400 });
  });

  it.each([
    ['a length beyond the end', [0x0a, 0x7f]],
    ['a varint without end', [0x0a, ...Array.from({ length: 12 }, () => 0xff)]],
    ['field number 0', [0x02, 0x00]],
    ['a group', [0x0b]],
  ])('answers protobuf with %s with the error malformed', (_, bytes) => {
    expect(requestOf(new Uint8Array(bytes), PROTOBUF_TYPE)).toMatchObject({ code: 'malformed', status: 400 });
  });

  it.each([undefined, '', 'text/plain', 'application/grpc'])(
    'refuses content type %j with status 415',
    (contentType) => {
      const decoded = decodeLogsRequest(new Uint8Array(), contentType);
      expect(decoded).toMatchObject({ ok: false, error: { code: 'unsupported_content_type', status: 415 } });
    },
  );

  it('refuses more bytes than the limit', () => {
    expect(requestOf(new Uint8Array(11), PROTOBUF_TYPE, { maxBytes: 10 })).toMatchObject({
      code: 'too_large',
      status: 413,
    });
  });

  it.each([PROTOBUF_TYPE, JSON_TYPE])('F05 refuses more values than the limit in %s', (contentType) => {
    const batch = Array.from({ length: 20 }, () => logRecord({ attributes: { a: 1, b: 2 } }));
    const bytes = contentType === JSON_TYPE ? encode(toOtlpJsonLine(batch)) : toOtlpProtobuf(batch);
    expect(requestOf(bytes, contentType, { maxValues: 50 })).toMatchObject({ code: 'too_many_values', status: 413 });
    expect(requestOf(bytes, contentType, { maxValues: 500 })).toHaveProperty('resourceLogs');
  });

  it('F05 refuses values nested without end', () => {
    const deep = `${'{"arrayValue":{"values":['.repeat(5000)}{}${']}}'.repeat(5000)}`;
    expect(decodeLogRecord(`{"body":${deep}}`)).toMatchObject({ code: 'too_deep', status: 400 });
  });

  it('F05 never throws on a request damaged anywhere', () => {
    const damaged = fc
      .tuple(records, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat())
      .map(([batch, at, byte, cut]) => {
        const bytes = toOtlpProtobuf(batch, scope);
        if (bytes.length > 0) bytes[at % bytes.length] = byte;
        return bytes.subarray(0, bytes.length - (cut % (bytes.length + 1)));
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        expect(decodeLogsRequest(bytes, PROTOBUF_TYPE)).toHaveProperty('ok');
      }),
    );
  });

  it('F05 never throws on any JSON', () => {
    const key = fc.constantFrom(
      'resourceLogs',
      'scopeLogs',
      'logRecords',
      'attributes',
      'body',
      'value',
      'arrayValue',
      'values',
      '__proto__',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'medium' },
        fc.string(),
        fc.double(),
        fc.constant(null),
        fc.array(tie('value')),
        fc.dictionary(key, tie('value')),
      ),
    }));
    fc.assert(
      fc.property(value, (anything) => {
        expect(decodeLogsRequest(encode(JSON.stringify(anything) ?? ''), JSON_TYPE)).toHaveProperty('ok');
      }),
    );
  });
});
