import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decodeLogsRequest, type OtlpLogRecord } from '@cryptrail/exporter/otlp';
import { expect, it } from 'vitest';
import {
  insertRows,
  keyOf,
  missingServer,
  READER_PASSWORD,
  range,
  startDatabase,
} from '../../packages/agent/test/databases.ts';
import { cryptrail, startCryptrail } from '../support/cryptrail.ts';

const NODES = ['node1', 'node2', 'node3'];
const KILLS = 8;

/** A backend that keeps records and refuses one request of twenty, at times after it kept them. */
async function startBackend() {
  const records: OtlpLogRecord[] = [];
  let requests = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
    const decoded = decodeLogsRequest(body, request.headers['content-type']);
    requests += 1;
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (requests % 40 === 20) return void response.writeHead(503, { 'retry-after': '0' }).end();
    if (decoded.ok)
      records.push(
        ...decoded.request.resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)),
      );
    if (requests % 40 === 0) return void response.socket?.resetAndDestroy();
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    records,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}

const attribute = (record: OtlpLogRecord, name: string) => {
  const value = record.attributes.find(({ key }) => key === name)?.value;
  return value?.stringValue ?? value?.intValue;
};

for (const kind of ['postgres', 'mariadb'] as const) {
  const missing = missingServer(kind);
  it.skipIf(missing)(
    `fault 18, 34, 35, 36 the agent, killed at random while rows are committed out of order, loses no row of ${kind}${missing ? ` (left out: ${missing})` : ''}`,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'cryptrail-sql-agent-'));
      const server = await startDatabase(kind);
      const backend = await startBackend();
      const config = join(folder, 'cryptrail.yaml');
      writeFileSync(
        config,
        `sources:
  - { type: sql, url: "\${env:PKI_DB_URL}", application: ejbca, poll_interval: 50ms, page_rows: 50, gap_after: 3s }
export: { otlp: { endpoint: "${backend.endpoint}" } }
state: state
telemetry: { listen: "off" }
`,
      );
      const environment = { PKI_DB_URL: server.url };
      const run = (...more: string[]) => cryptrail(['run', '--config', config, ...more], '', folder, environment);
      const written = new Set<string>();
      const rolledBack = new Set<string>();
      const next = new Map(NODES.map((node) => [node, 0]));
      const [writer, late] = [await server.connect(), await server.connect()];
      let isOver = false;
      let said = '';
      /** Rows of which some are committed later than those behind them, and some never. */
      async function write(): Promise<void> {
        for (let round = 0; !isOver; round += 1) {
          const node = NODES[round % (round < 6 ? 2 : 3)] ?? 'node1';
          const from = next.get(node) ?? 0;
          next.set(node, from + 30);
          const rows = range(from, from + 29).map((sequence) => ({ node, sequence, time: Date.now() }));
          const delayed = rows.filter(({ sequence }) => sequence % 7 === round % 7);
          const failed = rows.filter((row) => !delayed.includes(row) && row.sequence % 29 === 5);
          await late.run('BEGIN');
          await insertRows(late, delayed);
          await insertRows(
            writer,
            rows.filter((row) => !delayed.includes(row) && !failed.includes(row)),
          );
          await new Promise((resolve) => setTimeout(resolve, 40));
          await late.run('COMMIT');
          for (const row of rows) (failed.includes(row) ? rolledBack : written).add(keyOf(row));
        }
      }
      try {
        const writing = write();
        for (let kill = 0; kill < KILLS; kill += 1) {
          const agent = startCryptrail(['run', '--config', config], folder, environment);
          agent.stderr.on('data', (chunk: Buffer) => {
            said += chunk;
          });
          await new Promise((resolve) => setTimeout(resolve, 1000 + ((kill * 397) % 900)));
          agent.kill('SIGKILL');
          await once(agent, 'close');
        }
        isOver = true;
        await writing;
        expect(await run('--until-idle')).toMatchObject({ status: 0 });
        await new Promise((resolve) => setTimeout(resolve, 3500));
        const last = await run('--until-idle');
        expect(last).toMatchObject({ status: 0 });

        const rows = backend.records.filter((record) => attribute(record, 'log.record.uid') !== undefined);
        const arrived = new Set(rows.map((record) => String(attribute(record, 'log.record.uid'))));
        expect([...written].filter((key) => !arrived.has(key))).toEqual([]);
        expect([...arrived].filter((key) => !written.has(key))).toEqual([]);
        // Every copy is the same record.
        for (const copies of Map.groupBy(rows, (record) => attribute(record, 'log.record.uid')).values())
          expect(new Set(copies.map(({ observedTimeUnixNano: _, ...record }) => JSON.stringify(record))).size).toBe(1);
        const gaps = backend.records.filter(({ eventName }) => eventName === 'cryptrail.integrity.sequence_gap');
        const reported = new Set(
          gaps.flatMap((gap) => {
            const [from, to] = ['sequence_number', 'last_sequence_number'].map((name) =>
              Number(attribute(gap, `cryptrail.integrity.${name}`)),
            );
            const node = String(attribute(gap, 'cryptrail.integrity.node'));
            return range(from ?? 0, to ?? -1).map((sequence) => keyOf({ node, sequence }));
          }),
        );
        expect([...reported].filter((key) => !rolledBack.has(key))).toEqual([]);
        expect([...rolledBack].filter((key) => !reported.has(key))).toEqual([]);
        for (const secret of [READER_PASSWORD, encodeURIComponent(READER_PASSWORD)])
          expect(said + last.stderr).not.toContain(secret);
      } finally {
        isOver = true;
        backend.close();
        await writer.close();
        await late.close();
        await server.remove();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
}
