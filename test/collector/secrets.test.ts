import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findCollector, fromOutput, runCollector } from './support/run-collector.ts';

const binary = findCollector() ?? '';
const folder = mkdtempSync(join(tmpdir(), 'cryptrail-secrets-'));
const SECRET = 'Tr0ub4dor';

/** Lines with a secret where products and people leave one; each holds it at least once. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  acra: [
    `time="2024-09-17T08:00:00Z" level=info msg="Backup master key: ${SECRET}"`,
    `time="2024-09-17T08:00:00Z" level=error msg="open postgres://acra:${SECRET}@db/x failed" code=512 error="password=${SECRET}"`,
    `{"level":"error","msg":"Denied query: 'select * from t where name = '${SECRET}''","product":"acra-server","timestamp":"2024-09-17T08:00:00Z","unixTime":"1726560000.950","code":560}`,
    `{"level":"info","msg":"token ${SECRET} was used","product":"acra-server","timestamp":"2024-09-17T08:00:00Z","unixTime":"1726560000.950","auth_token":"${SECRET}"}`,
    `{"level":"info","password":"${SECRET}", broken`,
    // What an escape hides from who looks at the line.
    ...[
      `passw\\u006frd=${SECRET}`,
      `\\u0055serP\\u0069nCode: ${SECRET}`,
      `postgres:\\/\\/acra:${SECRET}\\u0040db`,
      `\\u0062earer ${SECRET}.${SECRET}`,
    ].map(
      (text) =>
        `{"level":"info","msg":"${text}","product":"acra-server","timestamp":"2024-09-17T08:00:00Z","unixTime":"1726560000.950"}`,
    ),
    `{"level":"info","msg":"x","p\\u0061ssword":"${SECRET}","product":"acra-server","timestamp":"2024-09-17T08:00:00Z","unixTime":"1726560000.950"}`,
    `time="2024-09-17T08:00:00Z" level=info msg="p\\x61ssword=${SECRET}"`,
  ],
  aqtive: [
    `{"id":"1","created_at":"2024-05-11T03:37:14Z","hostname":"h","level":"info","log_type":"audit","pid":1,"action":"setting_change","setting":"LDAP bind pass-word","old_value":"${SECRET}","message":"was ${SECRET}"}`,
    `{"id":"2","created_at":"2024-05-11T03:37:14Z","hostname":"h","level":"info","log_type":"audit","pid":1,"action":"api_request","api_key":"${SECRET}","message":"bad key ${SECRET}","note":"${SECRET}"}`,
    `{"id":"4","created_at":"2024-05-11T03:37:14Z","hostname":"h","level":"info","log_type":"application","pid":1,"message":"p\\u0061ssword=${SECRET}"}`,
    `{"id":"3","created_at":"2024-05-11T03:37:14Z","hostname":"h","level":"info","log_type":"web","pid":1,"method":"GET","path":"/x?access_token=${SECRET}&page=2"}`,
  ],
  cesecore: [
    `2026-10-24 22:53:26,511 INFO  [org.cesecore.audit.impl.log4j.Log4jDevice] (a) 2026-10-24 22:53:26+02:00;CRYPTOTOKEN_EDIT;SUCCESS;CRYPTOTOKEN;CORE;CLI;1;;;msg=pin=${SECRET};keystorepassword=${SECRET}`,
    `2026-11-02 06:01:05,129 INFO  [org.signserver.server.log.SignServerLog4jDevice] (a) EVENT: SET_WORKER_CONFIG; OUTCOME: SUCCESS; MODULE: WORKER_CONFIG; ADMINISTRATOR: CLI; ISSUER: null; SERIAL_NUMBER: null; WORKER_ID: 1; added:KEYSTOREPASSWORD: ${SECRET}; changed:PIN: ${SECRET}; REPLY_TIME:1793595665129`,
    `2026-11-02 06:01:06,129 INFO  [org.example.Other] (a) connecting with password: ${SECRET}`,
  ],
};

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(binary === '').each(Object.entries(LINES))('the Collector pack of %s', (id, lines) => {
  it('lets none of the planted secrets out, and keeps every line', async () => {
    const home = mkdtempSync(join(folder, id));
    writeFileSync(join(home, 'in.log'), `${lines.join('\n')}\n`);
    const { logs, stderr } = await runCollector({
      binary,
      configs: [`packages/collector/packs/${id}.yaml`],
      pipelines: [`logs/${id}`],
      folder: home,
      env: { CRYPTRAIL_STATE: join(home, 'state'), [`CRYPTRAIL_${id.toUpperCase()}_LOG`]: join(home, 'in.log') },
      expected: lines.length,
    });
    expect(stderr).toBe('');
    expect(fromOutput(logs)).toHaveLength(lines.length);
    expect(fromOutput(logs).filter((record) => JSON.stringify(record).includes(SECRET))).toEqual([]);
  });
});
