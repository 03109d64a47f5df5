import { Double } from '@cryptrail/mapper';
import { JsonLogsSerializer } from '@opentelemetry/otlp-transformer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acraServer, arbitraryRecord, ejbca, logRecord, plainAttributeValue } from '../../test/log-records.ts';
import { toReadableLogRecord } from '../to-readable-log-record.ts';
import { decodeLogsRequest } from './decode-logs-request.ts';
import { groupByResource } from './resource-runs.ts';
import { toOtlpJson, toOtlpJsonLine } from './to-otlp-json.ts';
import type { OtlpAnyValue, OtlpLogRecord } from './types.ts';

const scope = { name: 'cryptrail', version: '1.2.3' };

function onlyRecord(record: Parameters<typeof logRecord>[0]): OtlpLogRecord | undefined {
  return toOtlpJson([logRecord(record)], scope).resourceLogs[0]?.scopeLogs[0]?.logRecords[0];
}

function encoded(value: Double | string | number | bigint): OtlpAnyValue | undefined {
  return onlyRecord({ attributes: { value } })?.attributes[0]?.value;
}

describe('toOtlpJson', () => {
  it('F02 writes a whole record in the protobuf JSON mapping', () => {
    const record = logRecord({
      traceId: '5B8EFFF798038103D269B633813FC60C',
      spanId: 'eee19b7ec3c1b174',
      attributes: { 'cryptrail.code': '587', 'acra.event.code': 587, granted: true, list: ['a', 'b'] },
    });
    expect(toOtlpJson([record], { ...scope, schemaUrl: 'https://example.com/1.0.0' })).toEqual({
      resourceLogs: [
        {
          resource: {
            attributes: [
              { key: 'service.name', value: { stringValue: 'acra-server' } },
              { key: 'service.version', value: { stringValue: '0.96.0' } },
            ],
          },
          scopeLogs: [
            {
              scope: { name: 'cryptrail', version: '1.2.3' },
              schemaUrl: 'https://example.com/1.0.0',
              logRecords: [
                {
                  timeUnixNano: '1726560000950000001',
                  observedTimeUnixNano: '1726560001000000000',
                  severityNumber: 13,
                  severityText: 'warning',
                  eventName: 'acra.decryptor.recognized_poison_record',
                  body: { stringValue: 'Recognized poison record' },
                  attributes: [
                    { key: 'cryptrail.code', value: { stringValue: '587' } },
                    { key: 'acra.event.code', value: { intValue: '587' } },
                    { key: 'granted', value: { boolValue: true } },
                    { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } } },
                  ],
                  traceId: '5b8efff798038103d269b633813fc60c',
                  spanId: 'eee19b7ec3c1b174',
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('leaves out what a record has not', () => {
    const bare = {
      timeUnixNano: 0n,
      observedTimeUnixNano: 5n,
      severityNumber: 0,
      body: '',
      resource: acraServer,
      issues: [],
    };
    const [group] = toOtlpJson([{ ...bare, attributes: new Map() }], { name: 'n' }).resourceLogs;
    expect(group?.scopeLogs).toEqual([
      {
        scope: { name: 'n' },
        logRecords: [
          {
            timeUnixNano: '0',
            observedTimeUnixNano: '5',
            severityNumber: 0,
            body: { stringValue: '' },
            attributes: [],
          },
        ],
      },
    ]);
  });

  it.each<[string, Double | string | number | bigint, OtlpAnyValue]>([
    ['a whole double', new Double(820), { doubleValue: 820 }],
    ['a broken double', new Double(820.5), { doubleValue: 820.5 }],
    ['not a number', new Double(Number.NaN), { doubleValue: 'NaN' }],
    ['infinity', new Double(Number.NEGATIVE_INFINITY), { doubleValue: '-Infinity' }],
    ['the largest 64-bit integer', 2n ** 63n - 1n, { intValue: '9223372036854775807' }],
    ['the smallest 64-bit integer', -(2n ** 63n), { intValue: '-9223372036854775808' }],
    ['an integer beyond 64 bit', 2n ** 63n, { stringValue: '9223372036854775808' }],
    ['a negative zero', -0, { intValue: '0' }],
    ['half a surrogate pair', 'a\ud800b', { stringValue: 'a\ufffdb' }],
  ])('keeps %s exact', (_, value, expected) => {
    expect(encoded(value)).toEqual(expected);
  });

  it.each([-1n, 2n ** 64n])('writes a time that OTLP cannot carry (%s) as unknown', (timeUnixNano) => {
    expect(onlyRecord({ timeUnixNano })?.timeUnixNano).toBe('0');
  });

  it.each(['', 'abc', '0'.repeat(32), 'g'.repeat(32)])('leaves out the trace id %j, which is none', (traceId) => {
    expect(onlyRecord({ traceId })).not.toHaveProperty('traceId');
  });

  it('keeps the order of the records and begins a new ResourceLogs whenever the resource changes', () => {
    const bodies = ['a', 'b', 'c', 'd'];
    const records = bodies.map((body, at) => logRecord({ body, resource: at === 2 ? ejbca : acraServer }));
    const groups = toOtlpJson(records, scope).resourceLogs.map((group) =>
      group.scopeLogs.flatMap(({ logRecords }) => logRecords.map(({ body }) => body?.stringValue)),
    );
    expect(groups).toEqual([['a', 'b'], ['c'], ['d']]);
  });

  it('gives an empty request for no records', () => {
    expect(toOtlpJson([])).toEqual({ resourceLogs: [] });
  });
});

describe('toOtlpJsonLine', () => {
  it('puts a request on one line', () => {
    const line = toOtlpJsonLine([logRecord({ body: 'two\nlines' })], scope);
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual(toOtlpJson([logRecord({ body: 'two\nlines' })], scope));
  });
});

describe('toOtlpJson beside the stock JsonLogsSerializer', () => {
  /** The stock encoder writes integers as JSON numbers and two members that say nothing; a receiver reads the same from both. */
  function readStock(bytes: Uint8Array | undefined) {
    const decoded = decodeLogsRequest(bytes ?? new Uint8Array(), 'application/json');
    return decoded.ok ? decoded.request : decoded.error;
  }

  it('means the same for every record that the stock encoder can carry', () => {
    const record = arbitraryRecord(plainAttributeValue).map(({ traceId, spanId, ...rest }) => ({
      ...rest,
      // The SDK knows no trace without a span.
      ...(traceId !== undefined && spanId !== undefined ? { traceId, spanId } : {}),
    }));
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 8 }), (records) => {
        const grouped = groupByResource(records);
        const stock = JsonLogsSerializer.serializeRequest(grouped.map((one) => toReadableLogRecord(one, scope)));
        expect(readStock(stock)).toEqual(JSON.parse(toOtlpJsonLine(grouped, scope)));
      }),
    );
  });

  it('differs where the stock encoder loses something: whole doubles and integers beyond 2^53', () => {
    const record = logRecord({ attributes: { memory: new Double(820), sequence: 2n ** 60n + 1n } });
    const stock = readStock(JsonLogsSerializer.serializeRequest([toReadableLogRecord(record, scope)]));
    expect(stock).toMatchObject({
      resourceLogs: [
        {
          scopeLogs: [
            {
              logRecords: [
                {
                  attributes: [
                    { key: 'memory', value: { intValue: '820' } },
                    { key: 'sequence', value: { stringValue: '1152921504606846977' } },
                  ],
                },
              ],
            },
          ],
        },
      ],
    });
    const [ours] = toOtlpJson([record]).resourceLogs.flatMap(({ scopeLogs }) => scopeLogs);
    expect(ours?.logRecords[0]?.attributes.map(({ value }) => value)).toEqual([
      { doubleValue: 820 },
      { intValue: '1152921504606846977' },
    ]);
  });
});
