/** What AQtive Guard writes, row by row of the mission: each record is built from a valid one by changing a field or two. */
import { createPipeline, Double, type LogRecord, type PipelineOptions } from '@cryptrail/mapper';
import { describe, expect, it } from 'vitest';
import { productIds, readProduct } from './product-tables.ts';

const products = productIds().map(readProduct);

const BASE = {
  id: '5b6a1f0e-8a52-4b0e-9f0a-0d9b7c3f1a11',
  created_at: '2024-05-13T08:31:07.123456Z',
  hostname: 'aqg-web-01.example.com',
  level: 'info',
  log_type: 'application',
  pid: 4711,
};
const AUDIT = { ...BASE, log_type: 'audit', action: 'access', access_granted: true, client_ip: '192.0.2.5' };
const WEB = { ...BASE, log_type: 'web', method: 'GET', path: '/reports/3?tab=keys', status_code: 200 };
const ANALYSIS = { ...BASE, log_type: 'analysis', memory_mb: 820, module: 'tracer.rules', message: 'Loading trace' };
const TANIUM = { ...BASE, log_type: 'tanium', message: 'Opening connection' };
const TANIUM_API = { ...TANIUM, target: 'https://tanium.example.com:8443', path: '/api/conns', status_code: 200 };

function convert(text: string, options: Partial<PipelineOptions> = { product: 'aqtive' }): LogRecord[] {
  const reader = createPipeline({ products, now: () => 7n, ...options }).open();
  return [...reader.push(new TextEncoder().encode(text)), ...reader.end()];
}

function only(text: string, options?: Partial<PipelineOptions>): LogRecord {
  const [record, ...more] = convert(text, options);
  if (!record || more.length > 0) throw new Error(`${more.length + (record ? 1 : 0)} records`);
  return record;
}

const read = (fields: object) => only(JSON.stringify(fields));
const attribute = (fields: object, name: string) => read(fields).attributes.get(name);
const outcome = (fields: object) => attribute(fields, 'cryptrail.outcome');
const codesOf = ({ issues }: LogRecord) => issues.map(({ code }) => code);

describe('lines', () => {
  it('E47 E48 reads one JSON object a line, from a file or out of a journal entry', () => {
    const line = JSON.stringify(AUDIT);
    const entry = JSON.stringify({ __REALTIME_TIMESTAMP: '1715583750036492', PRIORITY: '3', MESSAGE: line });
    for (const record of [only(line), only(entry)]) {
      expect(record.eventName).toBe('aqtive.audit.access');
      expect(record.timeUnixNano).toBe(1_715_589_067_123_456_000n);
      expect(record.severityNumber).toBe(9);
    }
  });

  it.each([
    ['is cut', JSON.stringify(AUDIT).slice(0, -20)],
    ['holds NaN', JSON.stringify(ANALYSIS).replace('820', 'NaN')],
    ['goes on behind the object', `${JSON.stringify(WEB)} trailing`],
    ['holds two objects', JSON.stringify(WEB) + JSON.stringify(WEB)],
    ['has no log_type', JSON.stringify({ ...WEB, log_type: undefined })],
    ['has a log_type that is no text', JSON.stringify({ ...WEB, log_type: 7 })],
    ['has a blank log_type', JSON.stringify({ ...WEB, log_type: '  ' })],
  ])('E47 keeps a line that %s as unparsed, saying what is wrong and how long it is', (_, line) => {
    const record = only(line);
    expect(record.parseStatus).toBe('unparsed');
    expect(record.eventName).toBeUndefined();
    expect(record.body).toMatch(new RegExp(`^Unreadable record: .+ \\(${line.length} bytes\\)$`));
    for (const part of line.split(/[":{},]+/).filter((word) => word.length > 9))
      expect(record.body).not.toContain(part);
  });

  it('E47 keeps text between the records as foreign, one record a line, and none for blank lines', () => {
    const records = convert(`Starting workers\n\n \r\n${JSON.stringify(WEB)}\nListening at http://127.0.0.1\n`);
    expect(records.map(({ parseStatus, body }) => [parseStatus, body.slice(0, 8)])).toEqual([
      ['foreign', 'Starting'],
      [undefined, 'web: Web'],
      ['foreign', 'Listenin'],
    ]);
  });

  it('E47 splits at line feeds only, and drops byte order marks, padding and carriage returns', () => {
    const line = JSON.stringify({ ...BASE, message: 'a\u2028b\u0085c' });
    const [first, second, ...more] = convert(`\ufeff\0\0${line}\r\n\ufeff${line}\0\0\n`);
    expect(more).toEqual([]);
    expect([first?.body, second?.body]).toEqual(['a\u2028b\u0085c', 'a\u2028b\u0085c']);
  });

  it('E47 lets the last of repeated names win and says so', () => {
    const record = only(JSON.stringify(WEB).replace('"level":"info"', '"level":"info","lev\\u0065l":"error"'));
    expect(record.severityNumber).toBe(17);
    expect(codesOf(record)).toContain('duplicate_field');
  });

  it('E49 keeps names that the vendor does not list, nested values as JSON text', () => {
    const { attributes } = read({ ...WEB, extra: { a: [1, 'x'] }, 'Odd Key': 1.5, nothing: null, empty: '' });
    expect(attributes.get('aqtive.details.extra')).toBe('{"a":[1,"x"]}');
    expect(attributes.get('aqtive.details.odd_key')).toBe('1.5');
    expect([...attributes.keys()].filter((name) => name.startsWith('aqtive.details.'))).toHaveLength(2);
  });

  it('E50 reads each type of log by its own event', () => {
    const names = [AUDIT, WEB, ANALYSIS, BASE, TANIUM, TANIUM_API].map((fields) => read(fields).eventName);
    expect(names).toEqual([
      'aqtive.audit.access',
      'aqtive.web.request',
      'aqtive.analysis.message',
      'aqtive.application.message',
      'aqtive.tanium.operation',
      'aqtive.tanium.api_request',
    ]);
  });
});

describe('fields of every record', () => {
  it('E29 keeps a record that lacks required fields, and names them', () => {
    const record = only('{"log_type":"web"}');
    expect(record.eventName).toBe('aqtive.web.request');
    expect(record.parseStatus).toBeUndefined();
    expect(record.issues.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['no id', 'no created_at', 'no hostname', 'no level', 'no pid']),
    );
  });

  it('E51 makes the id the uid of the record; another type is kept apart and reported', () => {
    expect(attribute(BASE, 'log.record.uid')).toBe(BASE.id);
    const odd = read({ ...BASE, id: 7 });
    expect(odd.attributes.get('log.record.uid')).toBeUndefined();
    expect(odd.attributes.get('aqtive.details.id')).toBe('7');
    expect(codesOf(odd)).toContain('wrong_type');
  });

  it.each([
    ['2024-05-13T08:31:07', 1_715_589_067_000_000_000n],
    ['2024-05-13 08:31:07,123', 1_715_589_067_123_000_000n],
    ['2024-05-13T08:31:07.123456789Z', 1_715_589_067_123_456_789n],
    ['2024-05-13t10:31:07.5+02:00', 1_715_589_067_500_000_000n],
    ['2024-05-13T08:31:07+0000', 1_715_589_067_000_000_000n],
    ['2024-05-13T06:31:07.1-02', 1_715_589_067_100_000_000n],
  ])('E52 F12 reads %s to the nanosecond, in UTC where no zone is printed', (created, nanos) => {
    for (const timeZone of ['UTC', 'Pacific/Apia'])
      expect(only(JSON.stringify({ ...BASE, created_at: created }), { timeZone }).timeUnixNano).toBe(nanos);
  });

  it.each([
    '2024-02-30T00:00:00',
    '2024-05-13',
    '1715589067',
    '1969-12-31T23:59:59Z',
    'soon',
    '2024-05-13T25:00:00',
    '',
  ])('E52 F12 leaves the time empty for %j and keeps what was printed', (created) => {
    const record = read({ ...BASE, created_at: created });
    expect(record.timeUnixNano).toBe(0n);
    expect(record.parseStatus).toBe('partial');
    expect(record.attributes.get('aqtive.details.created_at')).toBe(created === '' ? undefined : created);
  });

  it('E52 falls back to the time of the journal', () => {
    const entry = { __REALTIME_TIMESTAMP: '1715583750036492', _SOURCE_REALTIME_TIMESTAMP: '1715583750036000' };
    const record = only(JSON.stringify({ ...entry, MESSAGE: JSON.stringify({ ...BASE, created_at: 'soon' }) }));
    expect(record.timeUnixNano).toBe(1_715_583_750_036_000_000n);
  });

  it('E53 names the host on the resource, one for all records of it', () => {
    const records = convert(`${JSON.stringify(BASE)}\n${JSON.stringify(WEB)}\n`);
    expect(records[0]?.resource).toBe(records[1]?.resource);
    expect(Object.fromEntries(records[0]?.resource.attributes ?? [])).toEqual({
      'host.name': 'aqg-web-01.example.com',
      'service.name': 'aqtive-guard',
    });
  });

  it('E22 keeps the records of several hosts apart by their resource', () => {
    const lines = ['web-01', 'web-02', 'web-01'].map((hostname) => JSON.stringify({ ...BASE, hostname }));
    const [first, second, third] = convert(lines.join('\n')).map(({ resource }) => resource);
    expect(first).toBe(third);
    expect(second?.attributes.get('host.name')).toBe('web-02');
  });

  it('E54 orders the five levels as the vendor does and keeps their words', () => {
    const levels = ['debug', 'info', 'warning', 'error', 'critical', ' WARNING '];
    const severities = levels.map((level) => read({ ...BASE, level }));
    expect(severities.map(({ severityNumber }) => severityNumber)).toEqual([5, 9, 13, 17, 21, 13]);
    expect(severities[4]?.severityText).toBe('critical');
  });

  it('E54 gives a level that is not listed no number and keeps its word', () => {
    const record = read({ ...BASE, level: 'notice' });
    expect([record.severityNumber, record.severityText]).toEqual([0, 'notice']);
    expect(attribute({ ...BASE, level: ['info'] }, 'aqtive.details.level')).toBe('["info"]');
  });

  it('E55 keeps a log_type that the vendor does not list, without an event name', () => {
    const record = read({ ...BASE, log_type: 'crowdstrike', message: 'm' });
    expect(record.eventName).toBeUndefined();
    expect(record.parseStatus).toBeUndefined();
    expect(record.attributes.get('aqtive.log.type')).toBe('crowdstrike');
    expect(record.attributes.get('cryptrail.product')).toBe('aqtive_guard');
    expect(read({ ...WEB, log_type: ' Web ' }).eventName).toBe('aqtive.web.request');
    expect(read({ ...BASE, log_type: '__proto__' }).eventName).toBeUndefined();
  });

  it('E56 gives the process id as a whole number', () => {
    expect(attribute(BASE, 'process.pid')).toBe(4711);
    expect(attribute({ ...BASE, pid: '4711' }, 'aqtive.details.pid')).toBe('4711');
  });

  it('E57 E58 carries the request id, by which records of several types and hosts belong together', () => {
    const request_id = '0b1f1c4e-45a5-4f2f-9f3b-1f0f5f4f3a2b';
    const records = convert([AUDIT, WEB, BASE].map((fields) => JSON.stringify({ ...fields, request_id })).join('\n'));
    expect(new Set(records.map(({ attributes }) => attributes.get('aqtive.request.id')))).toEqual(
      new Set([request_id]),
    );
    expect(records.map(({ traceId }) => traceId)).toEqual([undefined, undefined, undefined]);
  });

  it('E59 gives the user id as text, whatever type it was printed in, to the digit', () => {
    expect(attribute({ ...BASE, user_id: 17 }, 'user.id')).toBe('17');
    expect(attribute({ ...BASE, user_id: 'u-17' }, 'user.id')).toBe('u-17');
    const record = only(JSON.stringify({ ...BASE, user_id: 1 }).replace('"user_id":1', '"user_id":9007199254740993'));
    expect(record.attributes.get('user.id')).toBe('9007199254740993');
  });

  it('E60 gives the user name as it is, in any script', () => {
    for (const name of ['müller-lüdenscheidt', '田中太郎', 'a\u202eb', '=cmd|x', "O'Brian", '😀'])
      expect(attribute({ ...BASE, user_name: name }, 'user.name')).toBe(name);
    expect(attribute({ ...BASE, user_name: '\ud83d' }, 'user.name')).toBe('\ufffd');
  });

  it('E61 gives the stack trace with type and message, and cuts one that is too long', () => {
    const stacktrace = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\napp.Refused: no row';
    const { attributes } = read({ ...BASE, stacktrace });
    expect(attributes.get('exception.stacktrace')).toBe(stacktrace);
    expect(attributes.get('exception.type')).toBe('app.Refused');
    expect(attributes.get('exception.message')).toBe('no row');
    const long = read({ ...BASE, stacktrace: `${stacktrace}${'x'.repeat(300_000)}` });
    expect(long.parseStatus).toBe('truncated');
    expect(String(long.attributes.get('exception.stacktrace'))).toHaveLength(8192);
  });
});

describe('audit records', () => {
  it.each([
    ['E62', 'login_attempt'],
    ['E66', 'access'],
    ['E67', 'create'],
    ['E68', 'update'],
    ['E69', 'remove'],
    ['E70', 'export_jira'],
    ['E77', 'setting_change'],
    ['E86', 'api_request'],
  ])('%s names the action %s, and carries it as code', (_, action) => {
    const record = read({ ...AUDIT, action: ` ${action.toUpperCase()} ` });
    expect(record.eventName).toBe(`aqtive.audit.${action}`);
    expect(record.attributes.get('cryptrail.code')).toBe(action.toUpperCase());
    expect(String(record.attributes.get('aqtive.action')).trim().toLowerCase()).toBe(action);
  });

  it('E62 E66 E67 E68 E69 E70 E77 E86 gives each listed action an event of its own', () => {
    const actions = [
      'login_attempt',
      'access',
      'create',
      'update',
      'remove',
      'export_jira',
      'setting_change',
      'api_request',
    ];
    const names = actions.map((action) => read({ ...AUDIT, action }).eventName);
    expect(new Set(names).size).toBe(8);
  });

  it('E62 E86 keeps an action that the vendor does not list, or none, under one name', () => {
    for (const action of ['logout', '', 7, undefined, '__proto__', 'constructor'])
      expect(read({ ...AUDIT, action }).eventName).toBe('aqtive.audit.unknown_action');
    expect(attribute({ ...AUDIT, action: 'logout' }, 'cryptrail.code')).toBe('logout');
    expect(attribute({ ...AUDIT, action: undefined }, 'cryptrail.code')).toBeUndefined();
  });

  it('E63 E71 E78 E87 reads the outcome from access_granted and never takes a text for a truth value', () => {
    for (const action of ['login_attempt', 'access', 'setting_change', 'api_request']) {
      expect(outcome({ ...AUDIT, action, access_granted: true })).toBe('success');
      expect(outcome({ ...AUDIT, action, access_granted: false })).toBe('failure');
      for (const access_granted of ['true', 1, null, undefined, [true]])
        expect(outcome({ ...AUDIT, action, access_granted })).toBe('unknown');
    }
    expect(attribute({ ...AUDIT, access_granted: 'true' }, 'aqtive.access.granted')).toBeUndefined();
    expect(attribute({ ...AUDIT, access_granted: 'true' }, 'aqtive.details.access_granted')).toBe('true');
  });

  it('E64 E75 E84 E90 takes client_ip for client and peer', () => {
    const { attributes } = read({ ...AUDIT, client_ip: '[2001:db8::2]:44312' });
    expect(attributes.get('client.address')).toBe('2001:db8::2');
    expect(attributes.get('network.peer.address')).toBe('2001:db8::2');
    expect(attribute({ ...AUDIT, client_ip: 'not an ip' }, 'aqtive.details.client_ip')).toBe('not an ip');
  });

  it('E65 E76 E85 E91 takes the forwarded address for the client and client_ip for the peer', () => {
    const forwarded = (forwarded_for_client_ip: string) => read({ ...AUDIT, forwarded_for_client_ip }).attributes;
    expect(forwarded('203.0.113.5').get('client.address')).toBe('203.0.113.5');
    expect(forwarded('203.0.113.5').get('network.peer.address')).toBe('192.0.2.5');
    expect(forwarded('203.0.113.5').get('aqtive.forwarded_for')).toBeUndefined();
    expect(forwarded('203.0.113.5, 10.0.0.2').get('client.address')).toBe('203.0.113.5');
    expect(forwarded('203.0.113.5, 10.0.0.2').get('aqtive.forwarded_for')).toBe('203.0.113.5, 10.0.0.2');
    expect(forwarded('unknown').get('client.address')).toBe('192.0.2.5');
    expect(forwarded('unknown').get('aqtive.forwarded_for')).toBe('unknown');
  });

  it('E72 E82 E88 gives the reason of a refusal, and error.type only for a refusal', () => {
    const denied = read({ ...AUDIT, access_granted: false, access_denied_reason: 'Insufficient permissions' });
    expect(denied.attributes.get('aqtive.access.denied_reason')).toBe('Insufficient permissions');
    expect(denied.attributes.get('error.type')).toBe('access_denied');
    const granted = read({ ...AUDIT, access_denied_reason: 'odd' });
    expect(granted.attributes.get('aqtive.access.denied_reason')).toBe('odd');
    expect(granted.attributes.get('error.type')).toBeUndefined();
  });

  it('E73 E74 E83 names what was acted on, its id as text', () => {
    for (const element_id of [9044, '9044']) {
      const { attributes } = read({ ...AUDIT, element: 'report', element_id });
      expect(attributes.get('aqtive.element.type')).toBe('report');
      expect(attributes.get('aqtive.element.id')).toBe('9044');
    }
  });

  it('E79 E80 E81 gives a setting with old and requested value, of any JSON type', () => {
    const change = { ...AUDIT, action: 'setting_change', setting: 'allowed_trace_types', access_granted: false };
    const { attributes } = read({ ...change, old_value: ['JAVA'], new_value: false });
    expect(attributes.get('aqtive.setting.name')).toBe('allowed_trace_types');
    expect(attributes.get('aqtive.setting.old_value')).toBe('["JAVA"]');
    expect(attributes.get('aqtive.setting.new_value')).toBe('false');
    expect(attributes.get('cryptrail.outcome')).toBe('failure');
  });

  it.each([
    'jira_access_token',
    'ServiceNow_Password',
    'CLIENT-SECRET',
    'jiraPrivateKey',
    'venafi api_key',
    undefined,
    7,
  ])('E80 E81 F04 hides the values of the setting %j', (setting) => {
    const { attributes, body } = read({ ...AUDIT, setting, old_value: 'sesame-1', new_value: 'sesame-2' });
    expect(attributes.get('aqtive.setting.old_value')).toBe('REDACTED');
    expect(attributes.get('aqtive.setting.new_value')).toBe('REDACTED');
    expect(JSON.stringify([...attributes, body])).not.toContain('sesame');
  });

  it('E89 F04 gives an invalid API key as part of its digest, the same for the same key', () => {
    const hash = attribute({ ...AUDIT, action: 'api_request', api_key: 'abc' }, 'aqtive.api_key.hash');
    expect(hash).toBe('ba7816bf8f01cfea414140de5dae2223');
    expect(attribute(AUDIT, 'aqtive.api_key.hash')).toBeUndefined();
  });
});

describe('web, analysis, application and Tanium records', () => {
  it('E92 E93 E94 E95 gives a request with method, path, query and status', () => {
    const { attributes, eventName } = read(WEB);
    expect(eventName).toBe('aqtive.web.request');
    expect(attributes.get('http.request.method')).toBe('GET');
    expect(attributes.get('url.path')).toBe('/reports/3');
    expect(attributes.get('url.query')).toBe('tab=keys');
    expect(attributes.get('http.response.status_code')).toBe(200);
  });

  it('E93 calls a method that HTTP does not know _OTHER and keeps it', () => {
    const { attributes } = read({ ...WEB, method: 'BREW' });
    expect(attributes.get('http.request.method')).toBe('_OTHER');
    expect(attributes.get('http.request.method_original')).toBe('BREW');
  });

  it('E94 F04 takes secrets out of path and query', () => {
    const { attributes } = read({ ...WEB, path: 'https://u:p4ss@aqg.example.com/cb?code=s1&state=1&token=s2' });
    expect(attributes.get('url.path')).toBe('/cb');
    expect(attributes.get('url.query')).toBe('code=REDACTED&state=1&token=REDACTED');
    expect(attributes.get('url.full')).toBe(
      'https://REDACTED:REDACTED@aqg.example.com/cb?code=REDACTED&state=1&token=REDACTED',
    );
  });

  it('E95 reads the outcome from the status', () => {
    const outcomes = [100, 399, 400, 599, 404.0, 99, 600, '404', null].map((status_code) =>
      outcome({ ...WEB, status_code }),
    );
    expect(outcomes).toEqual([
      'success',
      'success',
      'failure',
      'failure',
      'failure',
      'unknown',
      'unknown',
      'unknown',
      'unknown',
    ]);
    expect(attribute({ ...WEB, status_code: 503 }, 'error.type')).toBe('503');
    expect(attribute({ ...WEB, status_code: '404' }, 'aqtive.details.status_code')).toBe('404');
  });

  it('E95 takes a whole number for one however JSON wrote it', () => {
    const record = only(JSON.stringify(WEB).replace('"status_code":200', '"status_code":404.0'));
    expect(record.attributes.get('http.response.status_code')).toBe(404);
    expect(record.attributes.get('error.type')).toBe('404');
  });

  it('E96 E97 E98 E99 gives a message of the analyser with memory as floating point, also when whole', () => {
    const { attributes, body, eventName } = read(ANALYSIS);
    expect(eventName).toBe('aqtive.analysis.message');
    expect(attributes.get('aqtive.analysis.memory_mb')).toEqual(new Double(820));
    expect(attribute({ ...ANALYSIS, memory_mb: '820' }, 'aqtive.details.memory_mb')).toBe('820');
    expect(attributes.get('aqtive.analysis.module')).toBe('tracer.rules');
    expect(body).toBe('Loading trace');
  });

  it('E100 E101 gives an application message as the body, an empty one as empty', () => {
    expect(read({ ...BASE, message: 'Worker ready' }).body).toBe('Worker ready');
    expect(read({ ...BASE, message: '' }).body).toBe('');
    expect(outcome({ ...BASE, message: 'x', level: 'error' })).toBeUndefined();
    expect(attribute({ ...BASE, message: { a: 1 } }, 'aqtive.details.message')).toBe('{"a":1}');
  });

  it('E102 E103 E104 E105 gives a Tanium operation with group and endpoint as text', () => {
    const { attributes, body, eventName } = read({ ...TANIUM, computer_group: 1201, endpoint_id: 2750411061 });
    expect(eventName).toBe('aqtive.tanium.operation');
    expect(attributes.get('aqtive.tanium.computer_group')).toBe('1201');
    expect(attributes.get('aqtive.tanium.endpoint.id')).toBe('2750411061');
    expect(body).toBe('Opening connection');
    expect(attribute(TANIUM, 'aqtive.tanium.computer_group')).toBeUndefined();
  });

  it('E106 takes a Tanium record with any part of a request for one', () => {
    for (const part of [{ target: 'x' }, { path: '/a' }, { status_code: 200 }, { error: 'refused' }])
      expect(read({ ...TANIUM, ...part }).eventName).toBe('aqtive.tanium.api_request');
    expect(read({ ...TANIUM, target: null, error: null }).eventName).toBe('aqtive.tanium.operation');
  });

  it('E107 E108 gives server, port and path, without user info', () => {
    const { attributes } = read({ ...TANIUM_API, target: 'https://svc:p4ss@tanium.example.com:8443' });
    expect(attributes.get('server.address')).toBe('tanium.example.com');
    expect(attributes.get('server.port')).toBe(8443);
    expect(attributes.get('url.path')).toBe('/api/conns');
    expect(attribute({ ...TANIUM_API, target: 'https://t.example.com' }, 'server.port')).toBeUndefined();
  });

  it('E109 E110 reads the outcome of a Tanium request from status or error', () => {
    expect(outcome(TANIUM_API)).toBe('success');
    expect(outcome({ ...TANIUM_API, status_code: 429 })).toBe('failure');
    expect(outcome({ ...TANIUM_API, status_code: null })).toBe('unknown');
    const failed = read({ ...TANIUM_API, status_code: undefined, error: 'Connection timed out' });
    expect(failed.attributes.get('cryptrail.outcome')).toBe('failure');
    expect(failed.attributes.get('exception.message')).toBe('Connection timed out');
    expect(failed.attributes.get('error.type')).toBe('_OTHER');
    expect(outcome({ ...TANIUM_API, error: '  ' })).toBe('success');
  });
});

describe('hostile text', () => {
  it('F05 reads a forged record inside a value as a value', () => {
    const forged = `x\n${JSON.stringify({ ...AUDIT, hostname: 'evil' })}`;
    const record = read({ ...AUDIT, action: 'login_attempt', access_granted: false, user_name: forged });
    expect(record.attributes.get('user.name')).toBe(forged);
    expect(record.attributes.get('cryptrail.outcome')).toBe('failure');
    expect(record.resource.attributes.get('host.name')).toBe(BASE.hostname);
  });

  it('F05 takes names that every object has for names', () => {
    const record = only(JSON.stringify(WEB).replace('"pid"', '"__proto__":{"admin":true},"constructor":1,"pid"'));
    expect(record.attributes.get('aqtive.details.__proto__')).toBe('{"admin":true}');
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it('F05 bounds names and depth', () => {
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`k${n}`, n]));
    const record = read({ ...WEB, ...wide });
    expect(record.parseStatus).toBe('truncated');
    expect(record.attributes.size).toBeLessThan(100);
    const deep = `{"log_type":"web","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(only(deep).parseStatus).toBe('unparsed');
  });
});

describe('severity of the catalogue', () => {
  const raised = (fields: object) => only(JSON.stringify(fields), { severity: 'catalogue' }).severityNumber;

  it('E69 E77 E86 raises removals, changes of settings and refused API requests', () => {
    expect(raised({ ...AUDIT, action: 'remove' })).toBe(10);
    expect(raised({ ...AUDIT, action: 'setting_change' })).toBe(10);
    expect(raised({ ...AUDIT, action: 'api_request' })).toBe(9);
    expect(raised({ ...AUDIT, action: 'api_request', access_granted: false })).toBe(13);
    expect(raised({ ...AUDIT, action: 'remove', level: 'error' })).toBe(17);
  });
});
