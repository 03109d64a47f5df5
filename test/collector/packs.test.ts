import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { products } from '@cryptrail/catalogue';
import { collectorPack, hasPack, logVariable } from '@cryptrail/collector';
import { afterAll, describe, expect, it } from 'vitest';
import { type ExportedRecord, findCollector, fromOutput, runCollector } from './support/run-collector.ts';

const binary = findCollector() ?? '';
const folder = mkdtempSync(join(tmpdir(), 'cryptrail-packs-'));
const own = products.filter(hasPack);
const env = {
  CRYPTRAIL_STATE: join(folder, 'state'),
  ...Object.fromEntries(own.map((product) => [logVariable(product), join(folder, 'in', `${product.id}*.log`)])),
};

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FRAGMENTS = 'packages/collector/packs/fragments';
/** Fragments that work on the records of all products, and where a user's own pipelines take what they give. */
const SHARED: ReadonlyMap<string, string> = new Map([
  ['important', 'logs/more: { receivers: [forward/cryptrail_important], exporters: [nop] }'],
  ['metrics', 'metrics/out: { receivers: [forward/cryptrail], exporters: [nop] }'],
  ['event-name', 'logs/more: { receivers: [forward/cryptrail_event_name], exporters: [nop] }'],
  ['ecs', 'logs/more: { receivers: [forward/cryptrail_ecs], exporters: [nop] }'],
  ['ocsf', 'logs/more: { receivers: [forward/cryptrail_ocsf], exporters: [nop] }'],
]);

/** What a user's own file adds to a fragment. */
function userFile(name: string, more = ''): string {
  const file = join(folder, `user-${name}.yaml`);
  const out = 'logs/out: { receivers: [forward/cryptrail], exporters: [nop] }';
  const pipelines = [out, more].filter(Boolean).map((line) => `    ${line}\n`);
  writeFileSync(
    file,
    `exporters: { nop: {} }\nservice:\n  extensions: [file_storage/cryptrail]\n  pipelines:\n${pipelines.join('')}`,
  );
  return file;
}

describe.skipIf(binary === '')('every file that is generated', () => {
  // Packs of rows need another Collector: sql.test.ts.
  it.each(globSync('packages/collector/packs/!(*-sql).yaml'))('%s is valid', (file) => {
    expect(validate([file])).toBe('');
  });

  it.each(globSync(`${FRAGMENTS}/*.yaml`))('%s is valid beside a file of the user', (file) => {
    const name = basename(file, '.yaml');
    const shared = SHARED.get(name);
    const base = shared === undefined ? file.replace('-journal.yaml', '.yaml') : `${FRAGMENTS}/aqtive.yaml`;
    expect(validate([userFile(name, shared), base, file])).toBe('');
  });

  it('is valid with all fragments of products at once', () => {
    const files = globSync(`${FRAGMENTS}/*.yaml`).filter((file) => !SHARED.has(basename(file, '.yaml')));
    expect(validate([userFile('all'), ...files])).toBe('');
  });
});

/** A denied login, a failed request and a plain message. */
const LINES = [
  '{"id":"1","created_at":"2024-05-11T03:37:14Z","hostname":"h","level":"info","log_type":"audit","pid":1,"action":"login_attempt","access_granted":false,"username":"ada","message":"denied"}',
  '{"id":"2","created_at":"2024-05-11T03:37:15Z","hostname":"h","level":"error","log_type":"application","pid":1,"message":"out of disk"}',
  '{"id":"3","created_at":"2024-05-11T03:37:16Z","hostname":"h","level":"info","log_type":"audit","pid":1,"action":"access","access_granted":true,"username":"ada","message":"report 7"}',
];

/** Runs configurations of aqtive over {@link LINES} and gives what comes out of a pipeline. */
async function runOver(name: string, configs: readonly string[], pipeline: string, expected?: number) {
  const home = mkdtempSync(join(folder, `${name}-`));
  writeFileSync(join(home, 'in.log'), `${LINES.join('\n')}\n`);
  return runCollector({
    binary,
    configs,
    pipelines: [pipeline],
    folder: home,
    env: { CRYPTRAIL_STATE: join(home, 'state'), CRYPTRAIL_AQTIVE_LOG: join(home, 'in.log') },
    ...(expected === undefined ? {} : { expected }),
  });
}

/** Attributes as plain values. */
function attributesOf({ attributes = [] }: ExportedRecord): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

describe.skipIf(binary === '')('a fragment for the records of all products', () => {
  const through = (name: string, pipeline = 'logs/more', expected?: number) =>
    runOver(
      name,
      [userFile(name, SHARED.get(name)), `${FRAGMENTS}/aqtive.yaml`, `${FRAGMENTS}/${name}.yaml`],
      pipeline,
      expected,
    );

  it('lets the important records alone through', async () => {
    const { logs, stderr } = await through('important', 'logs/more', 1);
    expect(stderr).toBe('');
    expect(fromOutput(logs).map(({ eventName }) => eventName)).toEqual(['aqtive.application.message']);
  });

  it('counts by name, and tells how late events come', async () => {
    const { logs, stderr } = await through('metrics', 'metrics/out');
    expect(stderr).toBe('');
    const text = JSON.stringify(logs);
    for (const name of ['cryptrail.events.important', 'cryptrail.events.failed', 'cryptrail.event.delay'])
      expect(text).toContain(`"name":"${name}"`);
    expect(text).toContain('"stringValue":"aqtive.audit.login_attempt"');
    expect(text).not.toContain('cryptrail.lines.unread');
  });

  it('gives the event name as an attribute', async () => {
    const { logs } = await through('event-name', 'logs/more', LINES.length);
    const names = fromOutput(logs).map((record) => attributesOf(record)['otel.event.name']);
    expect(names).toEqual(['aqtive.audit.login_attempt', 'aqtive.application.message', 'aqtive.audit.access']);
  });

  it('gives fields of ECS and classes of OCSF', async () => {
    const [login] = fromOutput((await through('ecs', 'logs/more', LINES.length)).logs);
    expect(login && attributesOf(login)).toMatchObject({
      'event.kind': 'event',
      'event.category': { values: [{ stringValue: 'authentication' }] },
      'event.outcome': 'failure',
      'event.action': 'aqtive.audit.login_attempt',
      'event.module': 'aqtive_guard',
    });
    const [same] = fromOutput((await through('ocsf', 'logs/more', LINES.length)).logs);
    expect(same && attributesOf(same)).toMatchObject({
      'ocsf.class_uid': '3002',
      'ocsf.category_uid': '3',
      'ocsf.activity_id': '1',
      'ocsf.type_uid': '300201',
      'ocsf.status_id': '2',
    });
  });

  it('gives what a pack with profiles gives, and leaves nothing of its tables behind', async () => {
    const pack = join(folder, 'profiles.yaml');
    const chosen = own.filter(({ id }) => id === 'aqtive');
    writeFileSync(pack, collectorPack({ products: chosen, profiles: ['event-name', 'ecs', 'ocsf'] }));
    const { logs, stderr } = await runOver('profiles', [pack], 'logs/aqtive', LINES.length);
    expect(stderr).toBe('');
    const [login] = fromOutput(logs);
    expect(Object.keys(login ? attributesOf(login) : {})).toEqual(
      expect.arrayContaining(['otel.event.name', 'event.kind', 'ocsf.class_uid']),
    );
    expect(JSON.stringify(logs.map(({ resourceLogs }) => resourceLogs.map(({ resource }) => resource)))).not.toContain(
      '"_p"',
    );
  });
});

describe.skipIf(binary === '')('every pack', () => {
  it.each([...own.map(({ id }) => [id]), own.map(({ id }) => id)])('starts and delivers: %s', async (...ids) => {
    const home = mkdtempSync(join(folder, 'start-'));
    const chosen = own.filter(({ id }) => ids.includes(id));
    for (const { id } of chosen) writeFileSync(join(home, `${id}.log`), `a line of nobody in the log of ${id}\n`);
    const pack = join(home, 'pack.yaml');
    writeFileSync(pack, collectorPack({ products: chosen }));
    const { logs, stderr } = await runCollector({
      binary,
      configs: [pack],
      pipelines: chosen.map(({ id }) => `logs/${id}`),
      folder: home,
      env: {
        CRYPTRAIL_STATE: join(home, 'state'),
        ...Object.fromEntries(chosen.map((product) => [logVariable(product), join(home, `${product.id}.log`)])),
      },
      expected: chosen.length,
    });
    expect(stderr).toBe('');
    expect(fromOutput(logs)).toHaveLength(chosen.length);
  });
});

function validate(files: readonly string[]): string {
  const args = ['validate', ...files.flatMap((file) => ['--config', file])];
  const { status, stderr } = spawnSync(binary, args, { encoding: 'utf8', env: { ...process.env, ...env } });
  return status === 0 ? '' : stderr;
}
