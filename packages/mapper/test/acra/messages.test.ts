import type { LogRecord } from '@cryptrail/mapper';
import { describe, expect, it } from 'vitest';
import { convert, convertLine } from './convert.ts';
import { type Entry, inAllFormats, jsonLine, textLine } from './lines.ts';

type Message = Pick<Entry, 'level' | 'message'> & Partial<Entry>;

/** The three records of a message, after checking that they have one name. */
function named(message: Message, name: string): LogRecord[] {
  const records = convert(inAllFormats(message).map(([, line]) => line));
  expect(records.map(({ eventName }) => eventName)).toEqual([name, name, name]);
  for (const { attributes } of records) expect(attributes.has('cryptrail.code')).toBe(false);
  return records;
}

function expectAll(records: readonly LogRecord[], wanted: Readonly<Record<string, unknown>>): void {
  for (const { attributes } of records) {
    expect(Object.fromEntries(Object.keys(wanted).map((name) => [name, attributes.get(name)]))).toEqual(wanted);
  }
}

describe('messages without a code', () => {
  it.each([
    ['debug', 5],
    ['info', 9],
    ['warning', 13],
    ['error', 17],
    ['fatal', 21],
  ] as const)('C02 reads level %s as %i, and a message nobody knows as a record without a name', (level, severity) => {
    for (const record of convert(inAllFormats({ level, message: 'Something new' }).map(([, line]) => line))) {
      expect(record.severityNumber).toBe(severity);
      expect(record.severityText).toBe(level);
      expect(record.eventName).toBeUndefined();
      expect(record.parseStatus).toBeUndefined();
    }
  });

  it.each([
    ['tcp://0.0.0.0:9393', '0.0.0.0', 9393],
    ['tcp://[::1]:9393/', '::1', 9393],
    ['unix:///var/run/acra.sock', undefined, undefined],
  ])('C03 says where the service listens: %s', (connection_string, address, port) => {
    const records = named(
      { level: 'info', message: 'Start listening connections', fields: { connection_string } },
      'acra.service.listening',
    );
    expectAll(records, {
      'server.address': address,
      'server.port': port,
      'acra.details.connection_string': connection_string,
    });
  });

  it('C04 says which transport encryption is used and ranks none higher', () => {
    const tls = named(
      { level: 'info', message: 'Selecting transport: use TLS transport wrapper' },
      'acra.transport.tls_selected',
    );
    const raw = named(
      { level: 'info', message: 'Selecting transport: use raw transport wrapper' },
      'acra.transport.raw_selected',
    );
    expectAll(tls, { 'acra.transport.encryption': 'tls', 'cryptrail.priority': 'informational' });
    expectAll(raw, { 'acra.transport.encryption': 'none', 'cryptrail.priority': 'high' });
  });

  it.each([
    ['10.20.1.33:51044', '10.20.1.33', 51044],
    ['[2001:db8::1]:443', '2001:db8::1', 443],
    ['@', undefined, undefined],
  ])('C05 C42 names the client of a new connection: %s', (peer, address, port) => {
    const records = named(
      { level: 'info', message: `Got new connection to AcraServer: ${peer}` },
      'acra.connection.new',
    );
    expectAll(records, {
      'client.address': address,
      'client.port': port,
      'network.peer.address': address,
      'network.peer.port': port,
      'cryptrail.stream': 'access_events',
    });
  });

  it('C05 names the client of a session', () => {
    const records = named(
      { level: 'info', message: "Handle client's connection", fields: { client_id: 'billing', session_id: 7 } },
      'acra.session.started',
    );
    expectAll(records, { 'acra.client.id': 'billing', 'acra.session.id': 7, 'cryptrail.stream': 'access_events' });
  });

  it.each([
    ['Error in tls handshake with client', 'client'],
    ['Error in tls handshake with db', 'database'],
  ])('C06 C07 says on which side a TLS handshake failed: %s', (message, side) => {
    const error = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
    const lines = inAllFormats({ level: 'error', message, code: 584, fields: { error } }).map(([, line]) => line);
    expectAll(convert(lines), {
      'acra.tls.side': side,
      'exception.message': error,
      'cryptrail.outcome': 'failure',
    });
  });

  it('C08 C09 says where the master key is read from', () => {
    expectAll(
      named(
        { level: 'info', message: 'Initializing default env ACRA_MASTER_KEY loader' },
        'acra.keystore.master_key_read',
      ),
      {
        'acra.master_key.source': 'environment',
      },
    );
    expectAll(
      named(
        { level: 'info', message: 'Initialized HashiCorp Vault ACRA_MASTER_KEY loader' },
        'acra.keystore.master_key_read_from_vault',
      ),
      { 'acra.master_key.source': 'kms', 'acra.kms.type': 'hashicorp_vault' },
    );
  });

  it.each([
    'Cannot load master key',
    'ACRA_MASTER_KEY environment variable is not set',
    'Failed to validate ACRA_MASTER_KEY',
  ])('C10 calls it a failure: %s', (message) => {
    const records = named({ level: 'warning', message }, 'acra.keystore.master_key_failed');
    expectAll(records, {
      'cryptrail.outcome': 'failure',
      'error.type': '_OTHER',
      'cryptrail.category': 'key_management',
    });
  });

  it('C11 names the folder of the keystore', () => {
    const records = named(
      { level: 'info', message: 'Keystore init OK', fields: { path: '.acrakeys' } },
      'acra.keystore.ready',
    );
    expectAll(records, { 'file.path': '.acrakeys', 'cryptrail.outcome': 'success' });
  });

  it('C12 names Redis and keeps its address, not its password', () => {
    const error = 'dial redis://acra:hunter22@10.20.0.30:6379/0: connection refused';
    const records = named(
      { level: 'error', message: 'Cannot connect to Redis keystore', fields: { error } },
      'acra.keystore.redis_failed',
    );
    expectAll(records, { 'acra.keystore.source': 'redis', 'cryptrail.outcome': 'failure' });
    for (const { attributes } of records) {
      expect(attributes.get('exception.message')).toContain('@10.20.0.30:6379/0');
      expect(attributes.get('exception.message')).not.toContain('hunter22');
    }
  });

  it.each([
    [510, 'acra.keys.cant_init_key_store'],
    [511, 'acra.keys.cant_read_keys'],
    [513, 'acra.keys.cant_init_private_keys_encryptor'],
  ])('C13 calls code %i a failure of the keys', (code, name) => {
    for (const record of convert(inAllFormats({ level: 'error', message: 'x', code }).map(([, line]) => line))) {
      expect(record.eventName).toBe(name);
      expect(record.attributes.get('cryptrail.outcome')).toBe('failure');
    }
  });

  it.each([
    ["Can't load symmetric keys", 'encryption'],
    ["Can't load HMAC key", 'hmac'],
    ["Can't load logging key", 'audit_log'],
  ])('C14 C15 C16 says what the key is for: %s', (message, purpose) => {
    for (const record of convert(inAllFormats({ level: 'error', message }).map(([, line]) => line))) {
      expect(record.attributes.get('acra.key.purpose')).toBe(purpose);
      expect(record.attributes.get('cryptrail.outcome')).toBe('failure');
    }
  });

  it.each([
    ['storage_sym_key', 'encryption'],
    ['search_hmac', 'hmac'],
    ['audit log signature key', 'audit_log'],
    ['poison_key', 'poison_record'],
    ['something new', 'other'],
  ])('C17 reads the purpose %j as %s and keeps the text', (purpose, word) => {
    for (const [, line] of inAllFormats({ level: 'error', message: 'Failed to import key', fields: { purpose } })) {
      const { attributes } = convertLine(line);
      expect(attributes.get('acra.key.purpose')).toBe(word);
      expect(attributes.get('acra.details.purpose')).toBe(purpose);
    }
  });

  it('C18 names table and column of a wrong type', () => {
    const records = named(
      { level: 'error', message: "Can't parse default integer value", fields: { table: 'customers', column: 'age' } },
      'acra.schema.wrong_column_type',
    );
    expectAll(records, { 'db.collection.name': 'customers', 'acra.details.column': 'age' });
  });

  it('C19 says whether the configuration is valid', () => {
    expectAll(named({ level: 'info', message: 'Encryptor configuration loaded' }, 'acra.config.loaded'), {
      'cryptrail.outcome': 'success',
    });
    expectAll(named({ level: 'error', message: "Can't load encryptor config" }, 'acra.config.invalid'), {
      'cryptrail.outcome': 'failure',
    });
    expectAll(
      named(
        { level: 'info', message: 'Load encryptor configuration from /etc/acra/e.yaml ...' },
        'acra.config.loading',
      ),
      {
        'file.path': '/etc/acra/e.yaml',
      },
    );
  });

  it.each([
    ['Received incoming SIGTERM or SIGINT signal', 'SIGTERM or SIGINT'],
    ['Received incoming SIGHUP signal', 'SIGHUP'],
    ['Received incoming SIGUSR1 signal', 'SIGUSR1'],
  ])('C20 C21 names the signal: %s', (message, signal) => {
    for (const record of convert(inAllFormats({ level: 'info', message }).map(([, line]) => line))) {
      expect(record.eventName).toMatch(/_signal_received$/);
      expect(record.attributes.get('acra.signal')).toBe(signal);
    }
  });

  it('C22 C23 tells a shutdown from a restart and shows both process ids', () => {
    const messages = [
      'acra-server process forked to PID: 4158',
      'Server graceful restart completed, bye PID: 4121',
      'Starting service acra-server [pid=4158]',
      'Server graceful shutdown completed, bye PID: 4158',
    ];
    const records = convert(messages.map((message) => jsonLine({ level: 'info', message })));
    expect(records.map(({ eventName, attributes }) => [eventName, attributes.get('process.pid')])).toEqual([
      ['acra.service.forked', 4158],
      ['acra.service.restarted', 4121],
      ['acra.service.starting', 4158],
      ['acra.service.stopped', 4158],
    ]);
  });
});

describe('queries', () => {
  const ALLOWED = "Allowed query: 'select id from t where email = :replaced1'";

  it('C24 finds nothing missing in a log without queries', () => {
    const lines = ['Starting service acra-server [pid=1]', 'Keystore init OK'].map((message) =>
      textLine({ level: 'info', message }),
    );
    const records = convert(lines);
    expect(records.flatMap(({ issues }) => issues)).toEqual([]);
    expect(records.some(({ attributes }) => attributes.get('cryptrail.stream') === 'sql_queries')).toBe(false);
  });

  it('C25 keeps the structure of a query in the database attribute', () => {
    const records = named({ level: 'info', message: ALLOWED }, 'acra.censor.query_allowed');
    expectAll(records, {
      'db.query.text': 'select id from t where email = :replaced1',
      'cryptrail.stream': 'sql_queries',
    });
    for (const { body } of records) expect(body).toBe(ALLOWED);
  });

  it('C25 gives a refused query its text, too', () => {
    const entry: Entry = { level: 'error', message: "Denied query: 'drop table t'", code: 560 };
    for (const record of convert(inAllFormats(entry).map(([, line]) => line))) {
      expect(record.eventName).toBe('acra.censor.query_is_not_allowed');
      expect(record.attributes.get('db.query.text')).toBe('drop table t');
      expect(record.attributes.get('cryptrail.outcome')).toBe('failure');
    }
  });

  it('C26 masks what Acra left unmasked', () => {
    for (const record of convert([
      textLine({
        level: 'info',
        message: 'Command complete',
        fields: { command: "{<nil> <nil> <nil> select * from t where pin = '1234'}" },
      }),
      '{"raw_query":"select * from t where pin = \'1234\'"}',
    ])) {
      const { attributes } = record;
      expect(attributes.get('acra.details.command') ?? attributes.get('db.query.text')).toContain(
        'select * from t where pin = ?',
      );
      expect(record.attributes.get('acra.query.masked_by')).toBe('cryptrail');
    }
  });

  it('C26 leaves a masked query as it is, also when it asks for a password', () => {
    const sql = 'select id from t where password = :replaced1 and pin = :replaced2';
    for (const record of convert(
      inAllFormats({ level: 'info', message: `Allowed query: '${sql}'` }).map(([, line]) => line),
      { original: true },
    )) {
      expect(record.body).toBe(`Allowed query: '${sql}'`);
      expect(record.attributes.get('db.query.text')).toBe(sql);
      expect(String(record.attributes.get('log.record.original')).replaceAll('\\', '')).toContain(sql);
    }
  });

  it.each([
    ['select :replaced1', 'source'],
    ['select 5', 'cryptrail'],
  ])('C39 takes the query %j into the stream and says who masked it', (sql, by) => {
    const lines = [textLine({ level: 'info', message: `Allowed query: '${sql}'` }), JSON.stringify({ raw_query: sql })];
    for (const { attributes } of convert(lines)) {
      expect(attributes.get('cryptrail.stream')).toBe('sql_queries');
      expect(attributes.get('acra.query.masked_by')).toBe(by);
    }
  });

  it('C38 gives every record exactly one stream', () => {
    const messages = [
      'Something new',
      'Keystore init OK',
      ALLOWED,
      "Handle client's connection",
      'Recognized poison record',
    ];
    const lines = [...messages.map((message) => textLine({ level: 'info', message })), '{"raw_query":"commit"}'];
    expect(convert(lines).map(({ attributes }) => attributes.get('cryptrail.stream'))).toEqual([
      'operations',
      'lifecycle',
      'sql_queries',
      'access_events',
      'security_events',
      'sql_queries',
    ]);
  });
});
