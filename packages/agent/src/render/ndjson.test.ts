import { type AttributeValue, Double, type LogRecord } from '@cryptrail/mapper';
import { describe, expect, it } from 'vitest';
import { renderNdjson } from './ndjson.ts';

const record = (attributes: LogRecord['attributes'], resource: LogRecord['attributes'] = new Map()): LogRecord => ({
  timeUnixNano: 0n,
  observedTimeUnixNano: 1_000_000_000n,
  severityNumber: 0,
  body: '',
  attributes,
  resource: { attributes: resource },
  issues: [],
});

describe('renderNdjson', () => {
  it('leaves out what the record lacks', () => {
    expect(renderNdjson(record(new Map()))).toBe(
      '{"observed_time":"1970-01-01T00:00:01.000Z","severity_number":0,"body":""}',
    );
  });

  it('keeps every digit of a number, as text where JSON readers would round', () => {
    const parsed = JSON.parse(
      renderNdjson(
        record(
          new Map<string, AttributeValue>([
            ['big', 9_007_199_254_740_993n],
            ['whole', new Double(820)],
            ['none', new Double(Number.NaN)],
            ['list', ['a', 'b']],
          ]),
        ),
      ),
    );
    expect(parsed).toMatchObject({ big: '9007199254740993', whole: 820, none: 'NaN', list: ['a', 'b'] });
  });

  it('keeps apart what shares a name', () => {
    const parsed = JSON.parse(
      renderNdjson(
        record(
          new Map([
            ['body', 'own'],
            ['host.name', 'a'],
          ]),
          new Map([
            ['host.name', 'b'],
            ['service.name', 's'],
          ]),
        ),
      ),
    );
    expect(parsed).toMatchObject({
      body: '',
      'attributes.body': 'own',
      'host.name': 'a',
      'resource.host.name': 'b',
      'service.name': 's',
    });
  });

  it('F05 takes an attribute called __proto__ for a name like any other', () => {
    expect(renderNdjson(record(new Map([['__proto__', 'x']])))).toContain('"__proto__":"x"');
  });
});
