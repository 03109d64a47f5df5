import { describe, expect, it } from 'vitest';
import { cesecore, convert, convertOne, ejbcaLine, row, signserverLine } from './convert.ts';

const attribute = (text: string, name: string) => convertOne(text).attributes.get(name);
const millis = (nanos: bigint) => new Date(Number(nanos / 1_000_000n)).toISOString();

describe('lines of the text devices', () => {
  it('D01 D48 belong to the application that wrote them', () => {
    const of = (text: string) => {
      const { attributes, resource } = convertOne(text);
      return [attributes.get('cryptrail.product'), resource.attributes.get('service.name')];
    };
    expect(of(ejbcaLine({ service: 'CORE' }))).toEqual(['ejbca', 'ejbca']);
    expect(of(ejbcaLine({ service: 'EJBCA' }))).toEqual(['ejbca', 'ejbca']);
    expect(of(ejbcaLine({ service: 'SIGNSERVER' }))).toEqual(['signserver', 'signserver']);
    expect(of(signserverLine({}))).toEqual(['signserver', 'signserver']);
    expect(of(row())).toEqual(['signserver', 'signserver']);
    expect(of(row({ service: 'EJBCA' }))).toEqual(['ejbca', 'ejbca']);
    expect(of(row({ service: 'CORE' }))).toEqual(['cesecore', 'cesecore']);
    expect(convertOne(row({ service: 'CORE' }), { application: 'ejbca' }).attributes.get('cryptrail.product')).toBe(
      'ejbca',
    );
  });

  it('D02 give all fields of a SignServer line, values with separators included', () => {
    const record = convertOne(
      signserverLine({
        event: 'PROCESS',
        status: 'FAILURE',
        module: 'WORKER',
        admin: 'CN="O\'Neil, Inc", OU="PKI; x", C=SE',
        customId: 'CN=Management CA, C=SE',
        detail1: '00ff',
        detail2: '71',
        details: { EXCEPTION: 'no such alias; alias=key1', NOTE: 'a: b', EMPTY: 'null' },
      }),
    );
    expect(record.eventName).toBe('cesecore.process');
    expect(Object.fromEntries(record.attributes)).toMatchObject({
      'cesecore.event.status': 'FAILURE',
      'cesecore.module': 'WORKER',
      'user.name': 'CN="O\'Neil, Inc", OU="PKI; x", C=SE',
      'tls.client.issuer': 'CN=Management CA, C=SE',
      'cesecore.admin.serial_number': '00ff',
      'cesecore.worker.id': '71',
      'exception.message': 'no such alias; alias=key1',
      'cesecore.details.NOTE': 'a: b',
      'cesecore.logger.name': 'org.signserver.server.log.SignServerLog4jDevice',
      'thread.name': 'default task-1',
    });
    expect(record.attributes.has('cesecore.details.EMPTY')).toBe(false);
    expect(millis(record.timeUnixNano)).toBe('2026-11-02T05:01:05.129Z');
    expect(record.parseStatus).toBeUndefined();
  });

  it('D03 give the same attributes in the forms of older versions', () => {
    const today = convertOne(signserverLine({ detail2: '7' }));
    const noOutcome = convertOne(signserverLine({ detail2: '7' }).replace('OUTCOME: SUCCESS; ', ''));
    const glued = convertOne(signserverLine({ detail2: '7' }).replace('OUTCOME: ', 'OUTCOME'));
    const first = convertOne(
      '2012-10-19 08:37:32,213 INFO  [ISystemLogger] EVENT: SET_WORKER_CONFIG; MODULE: WORKER_CONFIG; CUSTOM_ID: 7; REPLY_TIME:1350628652213',
    );
    for (const record of [noOutcome, glued, first]) {
      expect(record.eventName).toBe(today.eventName);
      expect(record.attributes.get('cesecore.worker.id')).toBe('7');
      expect(record.attributes.get('cesecore.module')).toBe('WORKER_CONFIG');
      expect(record.parseStatus).toBeUndefined();
    }
    expect(glued.attributes.get('cryptrail.outcome')).toBe('success');
    expect(noOutcome.attributes.has('cryptrail.outcome')).toBe(false);
    expect([noOutcome.severityNumber, noOutcome.severityText]).toEqual([9, undefined]);
  });

  it('D04 need nothing of the enterprise editions: an unsigned row is no error', () => {
    const record = convertOne(row());
    expect([record.parseStatus, record.issues.length]).toEqual([undefined, 0]);
  });

  it.each([
    ['INFO  [$] (default task-1) ', '.000'],
    ['INFO  [$] ', '.000'],
    ['INFO  [default task-1] [$] ', '.000'],
    ['INFO [$] (default task-1) ', '.000'],
    ['2026-10-24T22:53:26.511+0200 INFO  [$] (default task-1) ', '.511'],
    ['2026-10-24T20:53:26,511Z INFO  [$] ', '.511'],
    ['2026-10-24T22:53:26+02:00 WARN  $ - ', '.000'],
    ['22:53:26.511 [default task-1] INFO  $ - ', '.511'],
    ['INFO  [$] (default task-1) {user=x} ', '.000'],
  ])('D02 keep their own time behind the layout %j', (layout, fraction) => {
    const inner = (line: string) => line.slice(line.indexOf(') ') + 2);
    const ejbca = convertOne(
      layout.replace('$', 'org.cesecore.audit.impl.log4j.Log4jDevice') + inner(ejbcaLine({ event: 'CA_CREATION' })),
    );
    expect([ejbca.eventName, ejbca.parseStatus]).toEqual(['cesecore.ca_creation', undefined]);
    expect(millis(ejbca.timeUnixNano)).toBe(`2026-10-24T20:53:26${fraction}Z`);
    const signserver = convertOne(
      layout.replace('$', 'SignServerLog4jDevice') + inner(signserverLine({ event: 'KEYGEN' })),
    );
    expect([signserver.eventName, signserver.parseStatus]).toEqual(['cesecore.keygen', undefined]);
    expect(millis(signserver.timeUnixNano)).toBe('2026-11-02T05:01:05.129Z');
  });

  it('D02 are told behind a syslog header whose message id is a logger, cut to what the standard allows', () => {
    const inner = (line: string) => line.slice(line.indexOf(') ') + 2);
    const header = (id: string) => `<14>1 2026-10-24T20:53:26.511Z host wildfly 4711 ${id} - `;
    for (const length of [32, 99]) {
      const ejbca = header('org.cesecore.audit.impl.log4j.Log4jDevice'.slice(0, length)) + inner(ejbcaLine({}));
      const id = 'org.signserver.server.log.SignServerLog4jDevice'.slice(0, length);
      expect(convertOne(ejbca).eventName).toBe('cesecore.ca_editing');
      expect(convertOne(header(id) + inner(signserverLine({}))).eventName).toBe('cesecore.set_worker_config');
    }
    const trace = ['java.lang.NullPointerException: null', '\tat a.B.c(B.java:1)', '\tat a.B.d(B.java:2)'];
    expect(convert(trace.map((line) => header('ID1') + line).join('\n'))).toHaveLength(1);
  });

  it('D02 of other loggers are foreign, whatever their text names', () => {
    for (const line of [
      `INFO  [a.B] (t) Log4jDevice ${ejbcaLine({})}`,
      `INFO  [a.B] (t) SignServerLog4jDevice: ${signserverLine({})}`,
    ])
      expect(convertOne(line).parseStatus).toBe('foreign');
  });

  it('D02 keep a record whole whose value looks like its end, and one that was cut', () => {
    const pem = signserverLine({
      event: 'CERTINSTALLED',
      details: { CERTIFICATE: '\nREPLY_TIME:1\n\nEVENT: X\n', SCOPE: 'GLOBAL' },
    });
    expect(convertOne(pem).attributes.get('cesecore.details.SCOPE')).toBe('GLOBAL');
    const [cut, next] = convert(`${pem.slice(0, -40)}\n${ejbcaLine({})}`);
    expect(cut?.parseStatus).toBe('truncated');
    expect(cut?.eventName).toBe('cesecore.certinstalled');
    expect(next?.eventName).toBe('cesecore.ca_editing');
  });
});

describe('columns', () => {
  it('D42 take the time in milliseconds, as a number or as digits', () => {
    for (const timeStamp of [1359550503607, '1359550503607'])
      expect(millis(convertOne(row({ timeStamp })).timeUnixNano)).toBe('2013-01-30T12:55:03.607Z');
    expect(millis(convertOne(ejbcaLine({}), { timeZone: 'Europe/Stockholm' }).timeUnixNano)).toBe(
      '2026-10-24T20:53:26.000Z',
    );
  });

  it.each([
    ['SUCCESS', 'success', 9, undefined],
    ['FAILURE', 'failure', 17, '_OTHER'],
    ['VOID', 'unknown', 9, undefined],
    ['MAYBE', 'unknown', 9, undefined],
  ])('D43 make %s the outcome %s', (status, outcome, severityNumber, errorType) => {
    for (const text of [ejbcaLine({ status }), signserverLine({ status }), row({ eventStatus: status })]) {
      const record = convertOne(text);
      expect(record.attributes.get('cryptrail.outcome')).toBe(outcome);
      expect(record.attributes.get('cesecore.event.status')).toBe(status);
      expect(record.attributes.get('error.type')).toBe(errorType);
      expect([record.severityNumber, record.severityText]).toEqual([severityNumber, undefined]);
    }
  });

  it.each([...cesecore.codes.keys()])('D44 D45 D46 know the event type %s in every form', (event) => {
    const name = `cesecore.${event.toLowerCase()}`;
    for (const status of ['SUCCESS', 'FAILURE'])
      for (const text of [ejbcaLine({ event, status }), signserverLine({ event, status }), row({ eventType: event })]) {
        const record = convertOne(text);
        expect(record.eventName).toBe(name);
        expect(record.attributes.get('cryptrail.code')).toBe(event);
        expect(record.attributes.has('cryptrail.category')).toBe(true);
      }
  });

  it('D44 D47 keep event types and modules that nobody knows', () => {
    for (const text of [
      ejbcaLine({ event: 'NEW_EVENT', module: 'NEWMOD' }),
      signserverLine({ event: 'NEW_EVENT', module: 'NEWMOD' }),
    ]) {
      const record = convertOne(text);
      expect(record.eventName).toBe('cesecore.new_event');
      expect(record.attributes.get('cesecore.module')).toBe('NEWMOD');
      expect(record.attributes.has('cryptrail.category')).toBe(false);
      expect(record.parseStatus).toBeUndefined();
    }
  });

  it.each(['SERVICE', 'KEY_MANAGEMENT', 'ACCESSCONTROL', 'SECURITY_AUDIT', 'TRUSTED_TIME'])(
    'D47 keep the module %s',
    (module) => {
      for (const text of [ejbcaLine({ module }), signserverLine({ module }), row({ module })])
        expect(attribute(text, 'cesecore.module')).toBe(module);
    },
  );

  const expectActor = (admin: string, subject: string | undefined) => {
    for (const text of [ejbcaLine({ admin }), signserverLine({ admin }), row({ authToken: admin })]) {
      expect(attribute(text, 'user.name')).toBe(admin);
      expect(attribute(text, 'cesecore.admin.name')).toBe(admin);
      expect(attribute(text, 'tls.client.subject')).toBe(subject);
    }
  };

  it.each(['C=SE, O=My Organization, CN=Admin 1', 'CN=Åsa Öberg\\, RA,O="a \\"b\\"",1.2.840.113549.1.9.1=#1601'])(
    'D49 D50 take the certificate name %s whole, as the user and as the subject',
    (admin) => expectActor(admin, admin),
  );

  it('D49 D51 take the command-line user as the actor, who has no certificate', () => {
    expectActor('CLI User', undefined);
  });

  it('D49 D52 take an internal service as the actor, which has no certificate', () => {
    expectActor('StartServicesServlet.init', undefined);
  });

  it('D49 D53 take the client user as the actor, who has no certificate', () => {
    expectActor('Client User', undefined);
  });

  it('D49 know no user where the product names none', () => {
    for (const text of [ejbcaLine({ admin: 'none' }), ejbcaLine({}), signserverLine({})]) {
      expect(attribute(text, 'user.name')).toBeUndefined();
      expect(attribute(text, 'cesecore.admin.name')).toBeUndefined();
    }
  });

  it('D54 keep the serial number as text, leading zeros included', () => {
    for (const serial of ['4a3442e98e3ce428', '0012', '12345678901234567890'])
      for (const text of [signserverLine({ detail1: serial }), row({ searchDetail1: serial })])
        expect(attribute(text, 'cesecore.admin.serial_number')).toBe(serial);
    expect(attribute(signserverLine({}), 'cesecore.admin.serial_number')).toBeUndefined();
  });

  it('D55 take the issuer of the administrator', () => {
    const issuer = 'C=SE, O=My Organization, CN=AdminCA1';
    for (const text of [signserverLine({ customId: issuer }), row({ customId: issuer })]) {
      expect(attribute(text, 'cesecore.admin.issuer')).toBe(issuer);
      expect(attribute(text, 'tls.client.issuer')).toBe(issuer);
    }
  });

  it('D56 mean something else in EJBCA, and stay neutral where nothing tells', () => {
    const columns = { customId: '-17', searchDetail1: 'AB12', searchDetail2: 'anna', eventType: 'CERT_STORED' };
    const ejbca = convertOne(row({ ...columns, service: 'EJBCA' })).attributes;
    expect(ejbca.get('cesecore.ca.id')).toBe('-17');
    expect(ejbca.get('cesecore.certificate.serial_number')).toBe('AB12');
    expect(ejbca.get('cesecore.end_entity.name')).toBe('anna');
    expect(ejbca.has('cesecore.worker.id')).toBe(false);
    const unknown = convertOne(row({ ...columns, service: 'CORE' })).attributes;
    expect(unknown.get('cesecore.custom_id')).toBe('-17');
    expect(unknown.get('cesecore.search_detail1')).toBe('AB12');
    expect(unknown.get('cesecore.search_detail2')).toBe('anna');
    const token = convertOne(ejbcaLine({ event: 'CRYPTOTOKEN_EDIT', customId: '99' })).attributes;
    expect([token.get('cesecore.crypto_token.id'), token.has('cesecore.ca.id')]).toEqual(['99', false]);
  });

  it('D57 keep the worker id as text, be it a name, and leave it out where there is none', () => {
    for (const worker of ['71', '0071', 'PDFSigner'])
      for (const text of [signserverLine({ detail2: worker }), row({ searchDetail2: worker })])
        expect(attribute(text, 'cesecore.worker.id')).toBe(worker);
    expect(attribute(signserverLine({}), 'cesecore.worker.id')).toBeUndefined();
  });

  it('D19 D58 D64 D66 say which node wrote which row', () => {
    const record = convertOne(row().replace('"sequenceNumber":12', '"sequenceNumber":9007199254740993'));
    expect(record.attributes.get('cesecore.sequence_number')).toBe(9007199254740993n);
    expect(record.attributes.get('cesecore.node.id')).toBe('dsstsa1.example.com');
    expect(record.attributes.get('log.record.uid')).toBe('24861ebf7f00010106e5a024d82c694d');
    expect(record.resource.attributes.get('host.name')).toBe('dsstsa1.example.com');
    expect(record.resource.attributes.get('service.instance.id')).toBe('b70448e9-1494-5598-9b6e-dc90c3b1ed65');
    expect(convertOne(row({ nodeId: 'undefined' })).resource.attributes.has('host.name')).toBe(false);
  });
});

describe('details', () => {
  it('D61 become attributes under their own key', () => {
    const details = {
      GLOBALCONFIG_PROPERTY: 'GLOB.WORKER1.CLASSPATH',
      GLOBALCONFIG_VALUE: 'org.signserver.module.xmlsigner.XMLSigner',
    };
    const { attributes, parseStatus } = convertOne(signserverLine({ event: 'SET_GLOBAL_PROPERTY', details }));
    for (const [key, value] of Object.entries(details)) expect(attributes.get(`cesecore.details.${key}`)).toBe(value);
    expect(parseStatus).toBeUndefined();
  });

  it('D61 give the message as body, and a sentence where there is none', () => {
    expect(convertOne(ejbcaLine({ details: { msg: 'CA edited.' } })).body).toBe('CA edited.');
    expect(convertOne(signserverLine({ event: 'KEYGEN', admin: 'CLI user', detail2: '7' })).body).toBe(
      'Signer key pair generated: success, by CLI user, on 7',
    );
  });

  it.each([
    ['KEYALIAS', 'cesecore.key.alias'],
    ['CRYPTOTOKEN', 'cesecore.crypto_token.name'],
    ['ERROR', 'exception.message'],
    ['SCOPE', 'cesecore.details.SCOPE'],
    ['NODE', 'cesecore.details.NODE'],
    ['SUCCESS', 'cesecore.details.SUCCESS'],
    ['KEYALG', 'cesecore.details.KEYALG'],
    ['KEYSPEC', 'cesecore.details.KEYSPEC'],
    ['FOR_DEFAULTKEY', 'cesecore.details.FOR_DEFAULTKEY'],
    ['TESTRESULTS', 'cesecore.details.TESTRESULTS'],
  ])('D63 put %s into %s', (key, name) => {
    expect(attribute(signserverLine({ details: { [key]: 'some value' } }), name)).toBe('some value');
  });

  it.each(['CERTIFICATE', 'CERTIFICATECHAIN', 'CSR'])('D63 keep the large %s only on request, and cut it', (key) => {
    const value = `-----BEGIN X-----\n${'MIIB\n'.repeat(4000)}-----END X-----\n`;
    const text = signserverLine({ details: { [key]: value, SCOPE: 'GLOBAL' } });
    expect(attribute(text, `cesecore.details.${key}`)).toBeUndefined();
    const kept = convertOne(text, { blobs: true });
    expect(kept.attributes.get(`cesecore.details.${key}`)).toBe(value.slice(0, 8192));
    expect(kept.parseStatus).toBe('truncated');
    expect(kept.attributes.get('cesecore.details.SCOPE')).toBe('GLOBAL');
  });

  it('never pass for columns', () => {
    const details = { eventType: 'KEYREMOVE', customId: 'x', service: 'SIGNSERVER', searchDetail2: 'Mallory' };
    for (const text of [ejbcaLine({ details, admin: 'anna' }), signserverLine({ details, admin: 'anna' })]) {
      const record = convertOne(text);
      expect(record.attributes.get('user.name')).toBe('anna');
      expect(record.attributes.get('cryptrail.code')).not.toBe('KEYREMOVE');
      expect(record.attributes.get('cesecore.details.searchDetail2')).toBe('Mallory');
    }
    expect(attribute(ejbcaLine({ details }), 'cryptrail.product')).toBe('ejbca');
  });
});

describe('lines of other loggers', () => {
  it('are foreign, whatever they quote', () => {
    const quoting = ejbcaLine({ event: 'LOG_DELETE' }).replace('org.cesecore.audit.impl.log4j.Log4jDevice', 'a.B');
    const record = convertOne(quoting);
    expect([record.parseStatus, record.eventName]).toEqual(['foreign', undefined]);
    expect(record.severityText).toBe('INFO');
  });
});

describe('logs beside the audit log', () => {
  const worker = '2026-11-21 21:10:10,959 WARN  [org.signserver.server.log.IWorkerLogger] (t) ';

  it('are read by the order that was configured', () => {
    const line = `${worker}AUDIT;17;PDFSigner;192.0.2.168;"a;b.pdf";true;\${NO_SUCH_KEY};8`;
    const names = ['LOG_ID', 'WORKER_NAME', 'CLIENT_IP', 'FILENAME', 'PROCESS_SUCCESS', 'NO_SUCH_KEY', 'REPLY_TIME'];
    const [id, name, ip, file, ...rest] = names.map((one) => `\${${one}}`);
    const record = convertOne(line, { logOrder: `AUDIT;${id};${name};${ip};"${file}";${rest.join(';')}` });
    expect(record.eventName).toBe('cesecore.worker.request');
    expect(Object.fromEntries(record.attributes)).toMatchObject({
      'cryptrail.outcome': 'success',
      'cesecore.worker.name': 'PDFSigner',
      'client.address': '192.0.2.168',
      'file.name': 'a;b.pdf',
      'cesecore.elapsed_ms': 8,
    });
    expect([record.severityNumber, record.severityText]).toEqual([13, 'WARN']);
  });

  it('keep their line as body where the order is not known', () => {
    const record = convertOne(`${worker}any;order`);
    expect([record.eventName, record.body, record.parseStatus]).toEqual([
      'cesecore.worker.request',
      'any;order',
      undefined,
    ]);
    expect(record.attributes.has('cesecore.details.MESSAGE')).toBe(false);
  });
});
