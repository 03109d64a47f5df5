import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type DatabaseServer,
  insertRows,
  missingServer,
  range,
  rowsOf,
  startDatabase,
  type Writer,
} from '../../packages/agent/test/databases.ts';
import { type ScriptedBackend, startBackend } from '../faults/files/scripted-backend.ts';
import { quietFile, type RunningCollector, startCollector } from './support/run-pack.ts';

const PACK = 'packages/collector/packs/cesecore-sql.yaml';
const binary = findSqlCollector();
const missing =
  binary === undefined
    ? 'no Collector that reads databases: node scripts/build-collector.mjs --sql'
    : missingServer('postgres');

describe.skipIf(missing)(`the pack of rows and a real database${missing ? ` (left out: ${missing})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'cryptrail-sql-'));
  let server: DatabaseServer;
  let writer: Writer;
  let backend: ScriptedBackend;
  let arrived: Map<number, number>;
  let events: Set<string>;

  beforeAll(async () => {
    server = await startDatabase('postgres');
    writer = await server.connect();
  });

  afterAll(async () => {
    await writer?.close();
    await server?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    await writer.run('TRUNCATE TABLE AuditRecordData');
    arrived = new Map();
    events = new Set();
    backend = await startBackend(({ attributes, eventName }) => {
      const number = Number(attributes.find(({ key }) => key === 'cesecore.sequence_number')?.value?.intValue);
      arrived.set(number, (arrived.get(number) ?? 0) + 1);
      events.add(eventName ?? '');
    });
    return () => backend.close();
  });

  /** Starts the pack as it is, but for the time between two looks. */
  function start(state: string): RunningCollector {
    const sooner = join(folder, 'sooner.yaml');
    writeFileSync(sooner, 'receivers: { sqlquery/cesecore: { collection_interval: 500ms } }\n');
    return startCollector(binary ?? '', [PACK, sooner, quietFile(folder)], {
      CRYPTRAIL_CESECORE_SQL: `${server.url}?sslmode=disable`,
      CRYPTRAIL_CESECORE_NODE: 'node1',
      CRYPTRAIL_STATE: join(folder, state),
      CRYPTRAIL_ENDPOINT: backend.url,
    });
  }

  it('is valid', () => {
    const { status, stderr } = spawnSync(binary ?? '', ['validate', '--config', PACK], {
      encoding: 'utf8',
      env: { ...process.env, CRYPTRAIL_CESECORE_SQL: server.url, CRYPTRAIL_STATE: folder },
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
  });

  it('reads every row of its node once, and goes on there after a kill while the backend is away', async () => {
    await insertRows(writer, [...rowsOf(range(0, 999)), ...rowsOf(range(0, 9), { node: 'node2' })]);
    const first = start('kill');
    await until(() => arrived.size === 1_000);
    backend.behaviour.isDown = true;
    await insertRows(writer, rowsOf(range(1_000, 1_099)));
    await sleep(3_000);
    await first.end('SIGKILL');
    backend.behaviour.isDown = false;
    await insertRows(writer, rowsOf(range(1_100, 1_199)));
    const second = start('kill');
    await until(() => arrived.size === 1_200);
    await second.end('SIGTERM');
    expect([...arrived.keys()].sort((a, b) => a - b)).toEqual(range(0, 1_199));
    expect([...events]).toEqual(['cesecore.cert_creation']);
  });

  it('loses a row that is committed late, as its first lines say', async () => {
    const slow = await server.connect();
    await insertRows(writer, rowsOf(range(0, 4)));
    await slow.run('BEGIN');
    await insertRows(slow, rowsOf([5]));
    await insertRows(writer, rowsOf([6, 7]));
    const collector = start('late');
    await until(() => arrived.has(7));
    await slow.run('COMMIT');
    await insertRows(writer, rowsOf([8]));
    await until(() => arrived.has(8));
    await collector.end('SIGTERM');
    await slow.close();
    expect([...arrived.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 6, 7, 8]);
  });
});

function findSqlCollector(): string | undefined {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/build-collector.mjs', '--sql', '--print'], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** Waits until it holds, or for half a minute. */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 300 && !holds(); turn += 1) await sleep(100);
}
