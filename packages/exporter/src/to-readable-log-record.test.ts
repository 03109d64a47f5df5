import { Double } from '@cryptrail/mapper';
import { InMemoryLogRecordExporter } from '@opentelemetry/sdk-logs';
import { describe, expect, it } from 'vitest';
import { acraServer, ejbca, logRecord } from '../test/log-records.ts';
import { CRYPTRAIL_SCOPE } from './scope.ts';
import { toReadableLogRecord } from './to-readable-log-record.ts';

describe('toReadableLogRecord', () => {
  it('gives times as pairs, exact to the nanosecond', () => {
    const { hrTime, hrTimeObserved } = toReadableLogRecord(logRecord());
    expect([hrTime, hrTimeObserved]).toEqual([
      [1_726_560_000, 950_000_001],
      [1_726_560_001, 0],
    ]);
  });

  it.each([0n, -5n, 2n ** 64n])('gives the unknown time [0, 0] for %s', (timeUnixNano) => {
    expect(toReadableLogRecord(logRecord({ timeUnixNano })).hrTime).toEqual([0, 0]);
  });

  it('shares one resource object between records of one resource, and one scope object between all', () => {
    const [a, b, c] = [acraServer, acraServer, ejbca].map((resource) => toReadableLogRecord(logRecord({ resource })));
    expect(a?.resource).toBe(b?.resource);
    expect(a?.resource).not.toBe(c?.resource);
    expect(a?.instrumentationScope).toBe(c?.instrumentationScope);
    expect(a?.instrumentationScope).toBe(CRYPTRAIL_SCOPE);
  });

  it('gives a resource that can be merged as the SDK merges it', () => {
    const own = toReadableLogRecord(logRecord()).resource;
    const other = toReadableLogRecord(logRecord({ resource: ejbca })).resource;
    expect(own.merge(other).attributes).toMatchObject({ 'service.name': 'ejbca', 'service.version': '0.96.0' });
    expect(own.merge(null).getRawAttributes()).toEqual([
      ['service.name', 'acra-server'],
      ['service.version', '0.96.0'],
    ]);
  });

  it('writes integers beyond 2^53 and numbers that JSON has no word for as text, and mends broken Unicode', () => {
    const attributes = { big: 2n ** 60n, nan: new Double(Number.NaN), half: new Double(0.5), list: ['a\ud800'] };
    expect({ ...toReadableLogRecord(logRecord({ attributes })).attributes }).toEqual({
      big: '1152921504606846976',
      nan: 'NaN',
      half: 0.5,
      list: ['a\ufffd'],
    });
  });

  it('takes attribute names from a log without touching any prototype', () => {
    const record = { ...logRecord(), attributes: new Map([['__proto__', 'x']]) };
    const { attributes } = toReadableLogRecord(record);
    expect(Object.keys(attributes)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('carries trace and span only together', () => {
    const traceId = 'a'.repeat(32);
    const spanId = 'b'.repeat(16);
    expect(toReadableLogRecord(logRecord({ traceId, spanId })).spanContext).toMatchObject({ traceId, spanId });
    expect(toReadableLogRecord(logRecord({ traceId }))).not.toHaveProperty('spanContext');
  });

  it('is taken by an SDK exporter as it is', () => {
    const exporter = new InMemoryLogRecordExporter();
    exporter.export([toReadableLogRecord(logRecord())], () => {});
    expect(exporter.getFinishedLogRecords()).toHaveLength(1);
  });
});
