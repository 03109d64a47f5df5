import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { products } from '@cryptrail/catalogue';
import { createPipeline } from '@cryptrail/mapper';
import { afterAll, describe, expect, it } from 'vitest';
import { exportOf } from '../../packages/agent/test/journal.ts';
import { type Flat, fromCollector, fromMapper } from './support/compare.ts';
import { findCollector, runCollector } from './support/run-collector.ts';

const REMOTE = '/usr/lib/systemd/systemd-journal-remote';
const binary = findCollector() ?? '';
const hasJournal = existsSync(REMOTE) && existsSync('/usr/bin/journalctl');
const root = mkdtempSync(join(tmpdir(), 'cryptrail-journal-'));
const UNIT = 'guard.service';

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Messages as programs write them to the journal, with what its readers leave out by default. */
const MESSAGES: Readonly<Record<string, readonly string[]>> = {
  aqtive: [
    '{"id":"1","created_at":"2024-05-11T03:37:14.123456Z","hostname":"h","level":"info","log_type":"audit","pid":1,"action":"login_attempt","access_granted":false,"username":"ada","message":"denied"}',
    '{"id":"2","created_at":"2024-05-11 03:37:15,5","hostname":"h","level":"error","log_type":"application","pid":1,"message":"a\\u001bb"}',
    '{"id":"3","created_at":"never","hostname":"h","level":"info","log_type":"application","pid":1,"message":"no time"}',
    'Starting the web worker',
    'a sign that does not print: \u001b[1m, password=hunter2hunter2',
    `{"id":"4","created_at":"2024-05-11T03:37:16Z","hostname":"h","level":"debug","log_type":"application","pid":1,"message":"${'long '.repeat(1200)}"}`,
  ],
  acra: [
    'time="2024-09-17T08:00:00Z" level=warning msg="Recognized poison record" code=587 client_id="app one"',
    '{"level":"error","msg":"Denied query","product":"acra-server","timestamp":"2024-09-17T08:00:00Z","unixTime":"1726560000.950","version":"0.96.0","code":560}',
    'CEF:0|cossacklabs|acra-server|0.96.0|100|Starting service|1|unixTime=1726560000.950 pid=7 ',
    'time="2024-09-17T08:00:00Z" level=info msg="a quote \\" and password=hunter2hunter2"',
    'panic: runtime error',
  ],
  cesecore: [
    '2026-10-24 22:53:26,511 INFO  [org.cesecore.audit.impl.log4j.Log4jDevice] (a) 2026-10-24 22:53:26+02:00;CA_CREATION;SUCCESS;CA;CORE;CN=Admin,O=Example;1;;;msg=Created;pin=hunter2hunter2',
    '2026-11-02 06:01:05,129 INFO  [org.signserver.server.log.SignServerLog4jDevice] (a) EVENT: SIGNSERVER_STARTUP; OUTCOME: SUCCESS; MODULE: SERVER; ADMINISTRATOR: null; ISSUER: null; SERIAL_NUMBER: null; WORKER_ID: null; VERSION: SignServer CE 7.3.2; REPLY_TIME:1793595665129',
    '2026-11-02 06:01:06,129 INFO  [org.example.Other] (a) connecting',
  ],
};

/** Places in a file are not those in a journal. */
const PLACES = /^@log\.file\./;
const partsOf = ({ parts }: Flat) => Object.fromEntries([...parts].filter(([name]) => !PLACES.test(name)));

describe.skipIf(binary === '' || !hasJournal)(
  `the fragment of the journal${hasJournal ? '' : ' (left out: journalctl or systemd-journal-remote not installed)'}`,
  () => {
    it.each(Object.entries(MESSAGES))(
      'reads entries of %s in a real journal as the mapper reads what journalctl prints of it',
      async (id, messages) => {
        const folder = mkdtempSync(join(root, id));
        const journal = join(folder, 'journal');
        mkdirSync(journal);
        const input = join(folder, 'input');
        writeFileSync(
          input,
          exportOf(
            messages.map((text, index) => ({
              __REALTIME_TIMESTAMP: String(1_715_398_626_000_001 + index * 1_000_000),
              __MONOTONIC_TIMESTAMP: String(1_000_000 + index * 1000),
              _BOOT_ID: 'b'.repeat(32),
              _SYSTEMD_UNIT: UNIT,
              PRIORITY: '7',
              MESSAGE: text,
            })),
          ),
        );
        execFileSync(REMOTE, ['-o', join(journal, 'one.journal'), input], { stdio: 'pipe' });

        const printed = execFileSync('/usr/bin/journalctl', [`--directory=${journal}`, '--output=json', '--all']);
        const reader = createPipeline({ products, product: id, now: () => 1n }).open({ name: 'journal' });
        const mapped = fromMapper([...reader.push(printed), ...reader.end()]);

        const own = join(folder, 'own.yaml');
        writeFileSync(
          own,
          `exporters: { nop: {} }
receivers: { journald/${id}: { directory: ${journal} } }
service: { extensions: [file_storage/cryptrail], pipelines: { logs/out: { receivers: [forward/cryptrail], exporters: [nop] } } }
`,
        );
        writeFileSync(join(folder, 'empty.log'), '');
        const fragments = 'packages/collector/packs/fragments';
        const { logs, stderr } = await runCollector({
          binary,
          configs: [`${fragments}/${id}.yaml`, `${fragments}/${id}-journal.yaml`, own],
          pipelines: ['logs/out'],
          folder,
          env: {
            CRYPTRAIL_STATE: join(folder, 'state'),
            [`CRYPTRAIL_${id.toUpperCase()}_LOG`]: join(folder, 'empty.log'),
            [`CRYPTRAIL_${id.toUpperCase()}_UNIT`]: UNIT,
          },
          expected: messages.length,
        });
        expect(stderr).toBe('');
        expect(mapped).toHaveLength(messages.length);
        const byTime = (one: Flat, other: Flat) =>
          String(one.parts.get('time')) < String(other.parts.get('time')) ? -1 : 1;
        expect(fromCollector(logs).sort(byTime).map(partsOf)).toEqual(mapped.sort(byTime).map(partsOf));
        expect(readFileSync(join(folder, 'out.jsonl'), 'utf8')).not.toContain('hunter2');
      },
    );
  },
);
