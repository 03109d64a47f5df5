import { describe, expect, it } from 'vitest';
import { comparable, convert, convertLine } from './convert.ts';
import { cefLine, type Entry, inAllFormats, jsonLine, textLine } from './lines.ts';

const POISON: Entry = {
  level: 'warning',
  message: 'Recognized poison record',
  code: 587,
  fields: { client_id: 'crm frontend', session_id: 5 },
};

function attributesOf(line: string): ReadonlyMap<string, unknown> {
  return convertLine(line).attributes;
}

describe('one event in three formats', () => {
  it('A05 accepts the code as a number or a digit string', () => {
    const entry: Entry = { level: 'error', message: 'Cannot load master key', code: 512 };
    const lines = [jsonLine(entry), jsonLine({ ...entry, code: '512' }), textLine(entry), cefLine(entry)];
    const records = convert(lines);
    expect(records.map((record) => record.attributes.get('acra.event.code'))).toEqual([512, 512, 512, 512]);
    expect(records.map((record) => record.attributes.get('cryptrail.code'))).toEqual(['512', '512', '512', '512']);
    for (const record of records) expect(comparable(record)).toEqual(comparable(records[0] as never));
  });

  it('A06 gives 512 its meaning: the master key could not be loaded', () => {
    const record = convertLine(textLine({ level: 'error', message: 'Cannot load master key', code: 512 }));
    expect(record.eventName).toBe('acra.keys.cant_load_master_key');
    expect(record.severityNumber).toBeGreaterThanOrEqual(17);
    expect(record.attributes.get('cryptrail.category')).toBe('key_management');
  });

  it('A07 exports a code that nobody knows with its number', () => {
    const [json, cef, text] = convert(
      inAllFormats({ level: 'error', message: 'News', code: 9999 }).map(([, line]) => line),
    );
    for (const record of [json, cef, text]) {
      expect(record?.eventName).toBeUndefined();
      expect(record?.attributes.get('acra.event.code')).toBe(9999);
      expect(record?.attributes.get('cryptrail.code')).toBe('9999');
      expect(record?.parseStatus).toBeUndefined();
    }
  });

  it('A08 tells a poison record in AcraServer from one in AcraTranslator', () => {
    for (const write of [jsonLine, cefLine]) {
      const records = convert(['acra-server', 'acra-translator'].map((product) => write({ ...POISON, product })));
      expect(records.map(({ eventName }) => eventName)).toEqual(
        Array(2).fill('acra.decryptor.recognized_poison_record'),
      );
      expect(records.map(({ resource }) => resource.attributes.get('service.name'))).toEqual([
        'acra-server',
        'acra-translator',
      ]);
      for (const { attributes } of records) {
        expect(attributes.get('cryptrail.category')).toBe('deception');
        expect(attributes.get('cryptrail.priority')).toBe('critical');
        expect(attributes.has('cryptrail.outcome')).toBe(false);
      }
    }
  });

  it('A13 gives equal records in all formats', () => {
    const records = convert(inAllFormats(POISON).map(([, line]) => line));
    expect(records.map(({ attributes }) => attributes.get('cryptrail.source.format'))).toEqual([
      'acra_json',
      'acra_cef',
      'acra_text',
    ]);
    for (const record of records) expect(comparable(record)).toEqual(comparable(records[0] as never));
  });

  it('A03 lets every coded record be selected by event name and by code alone', () => {
    const codes = [101, 500, 512, 560, 581, 587, 707, 1302];
    const lines = codes.flatMap((code) => inAllFormats({ level: 'error', message: 'x', code }).map(([, line]) => line));
    const records = convert(lines);
    for (const code of codes) {
      const byCode = records.filter(({ attributes }) => attributes.get('acra.event.code') === code);
      const names = new Set(byCode.map(({ eventName }) => eventName));
      expect(byCode).toHaveLength(3);
      expect(names.size).toBe(1);
      expect(records.filter(({ eventName }) => names.has(eventName))).toEqual(byCode);
    }
  });

  it('takes the code of CEF for none when it is the filler', () => {
    const [json, cef] = convert(
      [jsonLine, cefLine].map((write) => write({ level: 'warning', message: 'x', code: 100 })),
    );
    expect(json?.attributes.get('acra.event.code')).toBe(100);
    expect(cef?.attributes.has('acra.event.code')).toBe(false);
    expect(cef?.attributes.has('cryptrail.code')).toBe(false);
  });
});

describe('fields', () => {
  it('A14 keeps five unknown fields of any kind', () => {
    const fields = { one: 'a', two: 2, three: true, 'Four Five': 'x y', five: 1.5 };
    for (const [, line] of inAllFormats({ ...POISON, fields })) {
      const attributes = attributesOf(line);
      expect(attributes.get('acra.details.one')).toBe('a');
      expect(attributes.get('acra.details.two')).toBe('2');
      expect(attributes.get('acra.details.three')).toBe('true');
      expect(attributes.get('acra.details.four_five')).toBe('x y');
      expect(attributes.get('acra.details.five')).toBe('1.5');
    }
  });

  it('A14 bounds how many it keeps and says so', () => {
    const fields = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`field_${n}`, 'x']));
    const record = convertLine(jsonLine({ ...POISON, fields }));
    expect([...record.attributes.keys()].filter((name) => name.startsWith('acra.details.'))).toHaveLength(64);
    expect(record.parseStatus).toBe('truncated');
  });

  it('A15 takes the time of the event, to the millisecond where the format has it', () => {
    const time = 1_726_560_000.95;
    const [json, cef, text] = convert(inAllFormats({ ...POISON, time }).map(([, line]) => line));
    expect(json?.timeUnixNano).toBe(1_726_560_000_950_000_000n);
    expect(cef?.timeUnixNano).toBe(1_726_560_000_950_000_000n);
    expect(text?.timeUnixNano).toBe(1_726_560_000_000_000_000n);
    expect(json?.observedTimeUnixNano).toBe(1n);
  });

  it('A15 keeps a record without a time and says so', () => {
    const record = convertLine('{"level":"error","msg":"x","product":"acra-server","code":500}');
    expect(record.timeUnixNano).toBe(0n);
    expect(record.eventName).toBe('acra.general.error');
    expect(record.issues.map(({ code }) => code)).toContain('missing_field');
  });

  it('reads a time with an offset', () => {
    const record = convertLine('time="2021-07-01T19:47:06+03:00" level=warning msg=x');
    expect(record.timeUnixNano).toBe(1_625_158_026_000_000_000n);
  });

  it.each(['billing_service', 'crm frontend', 'a=b|c\\d "quoted"', 'клієнт', 'e8005902172330a6'])(
    'A16 gives the client id %j in every format',
    (client) => {
      for (const [, line] of inAllFormats({ ...POISON, fields: { client_id: client } })) {
        expect(attributesOf(line).get('acra.client.id')).toBe(client);
      }
    },
  );

  it('A16 reads the other spelling of the client id and leaves an empty one out', () => {
    for (const [, line] of inAllFormats({ ...POISON, fields: { clientID: 'app' } })) {
      expect(attributesOf(line).get('acra.client.id')).toBe('app');
    }
    for (const [, line] of inAllFormats({ ...POISON, fields: { client_id: '' } })) {
      expect(attributesOf(line).has('acra.client.id')).toBe(false);
    }
  });

  it('A16 shows bytes that are no text as the replacement character', () => {
    expect(attributesOf('time="2024-09-17T08:00:00Z" level=error client_id="ok\\xff\\xfe"').get('acra.client.id')).toBe(
      'ok\ufffd\ufffd',
    );
  });

  it('A17 A18 counts errors per client as the lines say', () => {
    const clients = ['one', 'two', 'one', 'one', 'two', 'three'];
    const lines = clients.map((client_id) =>
      jsonLine({ level: 'error', message: "Can't decrypt", code: 581, fields: { client_id } }),
    );
    const counts = Map.groupBy(convert(lines), ({ attributes }) => attributes.get('acra.client.id'));
    expect([...counts].map(([client, records]) => [client, records.length])).toEqual([
      ['one', 3],
      ['two', 2],
      ['three', 1],
    ]);
  });

  it.each(['zone_id', 'ZoneId', 'zoneID'])(
    'A19 A21 reads the zone of old versions from %s without a warning',
    (name) => {
      const old = { ...POISON, version: '0.93.0', fields: { [name]: 'DDDDDDDDAbCd' } };
      for (const [, line] of inAllFormats(old)) {
        const record = convertLine(line);
        expect(record.attributes.get('acra.zone.id')).toBe('DDDDDDDDAbCd');
        expect(record.issues).toEqual([]);
      }
      expect(attributesOf(jsonLine(POISON)).has('acra.zone.id')).toBe(false);
    },
  );

  it('reads trace and span ids in both spellings', () => {
    const hex = textLine({ ...POISON, fields: { trace_id: '0f'.repeat(16), span_id: '0a'.repeat(8) } });
    const bytes = jsonLine(POISON).replace(
      '{',
      `{"trace_id":[${Array(16).fill(15)}],"span_id":[${Array(8).fill(10)}],`,
    );
    for (const record of convert([hex, bytes])) {
      expect(record.traceId).toBe('0f'.repeat(16));
      expect(record.spanId).toBe('0a'.repeat(8));
    }
  });

  it('tells a request path from a file path', () => {
    const request = attributesOf(
      jsonLine({ level: 'debug', message: 'x', fields: { method: 'POST', path: '/a?b=1', status_code: 500 } }),
    );
    expect(request.get('http.request.method')).toBe('POST');
    expect(request.get('url.path')).toBe('/a');
    expect(request.get('url.query')).toBe('b=1');
    expect(request.get('http.response.status_code')).toBe(500);
    expect(
      attributesOf(jsonLine({ level: 'info', message: 'x', fields: { path: '.acrakeys' } })).get('file.path'),
    ).toBe('.acrakeys');
  });

  it('gives an audit entry an identity', () => {
    const integrity = 'ab'.repeat(32);
    const attributes = attributesOf(`${textLine(POISON)} integrity=${integrity} chain=new`);
    expect(attributes.get('acra.integrity.value')).toBe(integrity);
    expect(attributes.get('acra.integrity.chain')).toBe('new');
    expect(attributes.get('log.record.uid')).toBe(integrity);
  });
});

describe('broken and foreign lines', () => {
  it.each(inAllFormats({ ...POISON, fields: { client_id: 'a b', error: 'x' } }))(
    '%s cut at any place becomes one record',
    (format, line) => {
      for (let cut = 1; cut <= line.length; cut += 1) {
        const [record, ...more] = convert(line.slice(0, cut));
        expect(more).toEqual([]);
        const known = record?.attributes.get('cryptrail.source.format');
        expect(known === format || ['foreign', 'unparsed'].includes(record?.parseStatus ?? '')).toBe(true);
      }
    },
  );

  it('does not take the logs of other programs for records', () => {
    const lines = [
      '{"level":"info","msg":"started","ts":1}',
      'CEF:0|Other|Firewall|1.0|100|blocked|5|src=10.0.0.1 dst=10.0.0.2',
      'ts=2024-09-17T08:00:00Z level=info msg=x',
      'time=2024-09-17T08:00:00Z level=INFO msg=x',
      '[GIN] 2026/11/21 - 19:40:48 | 200 | 45.786µs | 10.20.1.33 | POST "/v2/encrypt"',
    ];
    expect(convert(lines).map(({ parseStatus }) => parseStatus)).toEqual(Array(5).fill('foreign'));
  });

  it('names the problem of a broken JSON record, never its text', () => {
    const record = convertLine('{"level":"error","msg":"SECRET","product":"acra-server","unixTime":"1.0",');
    expect(record.parseStatus).toBe('unparsed');
    expect(record.attributes.get('cryptrail.product')).toBe('acra');
    expect(record.body).not.toContain('SECRET');
  });

  it('joins what a dying process prints', () => {
    const records = convert([
      textLine(POISON),
      'panic: boom',
      '',
      'goroutine 1 [running]:',
      'main.main()',
      '\t/a.go:1 +0x1',
      textLine(POISON),
    ]);
    expect(records.map(({ parseStatus }) => parseStatus)).toEqual([undefined, 'foreign', undefined]);
  });
});
