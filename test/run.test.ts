import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeLogsRequest } from '@cryptrail/exporter/otlp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cryptrail, startCryptrail } from './support/cryptrail.ts';

/** A backend that remembers what it accepted, and can be told to misbehave. */
interface Backend {
  readonly url: string;
  /** Bodies of accepted records, in order of arrival; one that came twice is there twice. */
  readonly bodies: string[];
  /** Answers a request; 200 unless a test says otherwise. */
  status: (bodies: readonly string[]) => number;
}

let folder: string;
let backend: Backend;
let server: Server;
const children: ChildProcessWithoutNullStreams[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cryptrail-run-'));
  mkdirSync(join(folder, 'logs'));
  const bodies: string[] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    answer(response, request.headers['content-type'], Buffer.concat(chunks));
  });
  const answer = (response: ServerResponse, type: string | undefined, body: Uint8Array) => {
    const decoded = decodeLogsRequest(body, type);
    const records = decoded.ok ? decoded.request.resourceLogs : [];
    const texts = records.flatMap(({ scopeLogs }) =>
      scopeLogs.flatMap(({ logRecords }) => logRecords.map((record) => record.body?.stringValue ?? '')),
    );
    const status = backend.status(texts);
    if (status === 200) bodies.push(...texts);
    response.writeHead(status).end();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  backend = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, status: () => 200 };
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const logs = () => join(folder, 'logs', 'acra.log');
const line = (number: number) =>
  `${JSON.stringify({ level: 'warning', msg: `record ${number}`, code: 587, unixTime: `170000${String(number).padStart(4, '0')}.000`, product: 'acra-server' })}\n`;
const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const write = (from: number, to: number) => appendFileSync(logs(), numbered(from, to).map(line).join(''));
const args = (...more: string[]) => [
  ...['run', '--file', join(folder, 'logs', '*.log'), '--endpoint', backend.url, '--state', join(folder, 'state')],
  ...more,
];

function start(given: readonly string[]) {
  const child = startCryptrail(given, folder);
  children.push(child);
  child.stdin.end();
  const said = { text: '' };
  child.stderr.on('data', (chunk) => {
    said.text += chunk;
  });
  return { child, said };
}

/** Waits until something holds; the time limit of the test ends it otherwise. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function exitOf(child: ChildProcessWithoutNullStreams): Promise<number | string | null> {
  if (child.exitCode !== null) return child.exitCode;
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal ?? code;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const distinct = () => [...new Set(backend.bodies)].sort();
const expected = (from: number, to: number) =>
  numbered(from, to)
    .map((number) => `record ${number}`)
    .sort();

describe('cryptrail run', () => {
  it('reads to the end, delivers, and goes on behind it at the next start', async () => {
    write(1, 50);
    expect(await cryptrail(args('--until-idle'))).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(backend.bodies).toEqual(numbered(1, 50).map((number) => `record ${number}`));
    write(51, 60);
    expect(await cryptrail(args('--until-idle'))).toMatchObject({ status: 0, stderr: '' });
    expect(backend.bodies).toEqual(numbered(1, 60).map((number) => `record ${number}`));
  });

  it('F06 loses nothing when it is killed again and again while the backend refuses some requests', async () => {
    let requests = 0;
    backend.status = () => {
      requests += 1;
      return requests % 4 === 0 ? 503 : 200;
    };
    write(1, 3000);
    for (const round of numbered(1, 4)) {
      const before = backend.bodies.length;
      const { child } = start(args('--telemetry', 'off'));
      await until(() => backend.bodies.length > before);
      write(3000 + (round - 1) * 500 + 1, 3000 + round * 500);
      child.kill('SIGKILL');
      await exitOf(child);
    }
    expect((await cryptrail(args('--until-idle'))).status).toBe(0);
    expect(distinct()).toEqual(expected(1, 5000));
  });

  it('refuses a second agent on one state, and names the first', async () => {
    write(1, 1);
    const { child } = start(args('--telemetry', 'off'));
    await until(() => backend.bodies.length > 0);
    const second = await cryptrail(args('--until-idle'));
    expect(second.status).toBe(1);
    expect(second.stderr).toContain(`(process ${child.pid})`);
    expect(second.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('delivers what is under way and ends with 0 at SIGTERM', async () => {
    write(1, 20);
    const { child } = start(args('--telemetry', 'off'));
    await until(() => backend.bodies.length > 0);
    child.kill('SIGTERM');
    expect(await exitOf(child)).toBe(0);
    expect((await cryptrail(args('--until-idle'))).status).toBe(0);
    expect(backend.bodies).toEqual(numbered(1, 20).map((number) => `record ${number}`));
  });

  it('ends at once at a second signal, and sends what was not acknowledged again', async () => {
    write(1, 5);
    let asked = false;
    backend.status = () => {
      asked = true;
      return 503;
    };
    const { child } = start(args('--telemetry', 'off'));
    await until(() => asked);
    child.kill('SIGTERM');
    child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.kill('SIGTERM');
    expect(await exitOf(child)).toBe('SIGTERM');
    backend.status = () => 200;
    expect((await cryptrail(args('--until-idle'))).status).toBe(0);
    expect(distinct()).toEqual(expected(1, 5));
  });

  it('ends with 1 when the backend refuses a record for good, keeps that one apart, and delivers the rest', async () => {
    backend.status = (bodies) => (bodies.includes('record 7') ? 400 : 200);
    write(1, 30);
    const { status, stderr } = await cryptrail(args('--until-idle'));
    expect(status).toBe(1);
    expect(stderr).toContain('dead letters');
    expect(distinct()).toEqual(expected(1, 30).filter((body) => body !== 'record 7'));
    expect(readFileSync(join(folder, 'state', 'dead-letters.jsonl'), 'utf8')).toContain('record 7');
  });

  it('ends with 1 when the backend refuses the sender, and loses nothing', async () => {
    backend.status = () => 401;
    write(1, 5);
    const refused = await cryptrail(args('--until-idle'));
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('401');
    backend.status = () => 200;
    expect((await cryptrail(args('--until-idle'))).status).toBe(0);
    expect(distinct()).toEqual(expected(1, 5));
  });

  it('says that its state was damaged, and goes on from the copy', async () => {
    write(1, 5);
    await cryptrail(args('--until-idle'));
    writeFileSync(join(folder, 'state', 'positions.db'), 'damaged '.repeat(1000));
    write(6, 7);
    const { status, stderr } = await cryptrail(args('--until-idle'));
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /cannot be used: it is no database; the damaged file is kept as .*; the copy of .* stands in/,
    );
    expect(backend.bodies.filter((body) => body.startsWith('record'))).toEqual(
      numbered(1, 7).map((number) => `record ${number}`),
    );
    expect(backend.bodies.filter((body) => body.startsWith('the saved positions'))).toHaveLength(1);
  });

  it('shows and forgets positions', async () => {
    write(1, 5);
    const state = ['--state', join(folder, 'state'), '--json'];
    expect(JSON.parse((await cryptrail(['state', 'show', ...state])).stdout).positions).toEqual([]);
    await cryptrail(args('--until-idle'));
    const { positions } = JSON.parse((await cryptrail(['state', 'show', ...state])).stdout);
    expect(JSON.stringify(positions)).toContain(logs());
    expect((await cryptrail(['state', 'reset', '--source', 'other', ...state])).stdout).toContain('"forgotten":0');
    await cryptrail(['state', 'reset', ...state]);
    await cryptrail(args('--until-idle'));
    expect(backend.bodies).toHaveLength(10);
  });

  it('reads its configuration again at SIGHUP, and keeps the old one when the new one is bad', async () => {
    const config = join(folder, 'agent.yaml');
    const configure = (more: string) =>
      writeFileSync(
        config,
        `sources: [{ type: file, id: logs, include: [logs/*.log], poll_interval: 100ms ${more} }]\nexport: { otlp: { endpoint: "${backend.url}" } }\nstate: state\ntelemetry: { listen: "off" }\n`,
      );
    configure('');
    write(1, 3);
    const { child, said } = start(['run', '--config', config]);
    await until(() => backend.bodies.length === 3);
    configure(', prodcut: acra');
    child.kill('SIGHUP');
    await until(() => said.text.includes('Did you mean product?'));
    expect(said.text).toContain('agent.yaml:1:');
    configure(', since: 2030-01-01');
    child.kill('SIGHUP');
    await until(() => said.text.includes('holds now'));
    write(4, 6);
    configure('');
    child.kill('SIGHUP');
    await until(() => said.text.split('holds now').length === 3);
    write(7, 9);
    await until(() => backend.bodies.includes('record 9'));
    child.kill('SIGTERM');
    expect(await exitOf(child)).toBe(0);
    expect(distinct().length).toBeLessThanOrEqual(9);
    expect(distinct()).toEqual(
      expect.arrayContaining(['record 1', 'record 2', 'record 3', 'record 7', 'record 8', 'record 9']),
    );
  });

  it('serves counts, and is alive but not ready while the backend is away', async () => {
    backend.status = () => 503;
    write(1, 5);
    const address = `127.0.0.1:${await freePort()}`;
    const { said } = start(args('--telemetry', address));
    const get = async (path: string) => {
      const response = await fetch(`http://${address}${path}`);
      return { status: response.status, text: await response.text() };
    };
    await until(() => said.text.includes('503'));
    expect(await get('/healthz')).toMatchObject({ status: 200 });
    expect(await get('/readyz')).toEqual({ status: 503, text: expect.stringContaining('503') });
    expect((await get('/metrics')).text).toContain('cryptrail_records_read_total{source_type="file"} 5');
    backend.status = () => 200;
    await until(() => backend.bodies.length > 0);
    await until(() => said.text.includes('takes records again'));
    expect(await get('/readyz')).toMatchObject({ status: 200 });
    expect((await get('/metrics')).text).toContain('cryptrail_records_exported_total{source_type="file"} 5');
  });

  it('says what is wrong with a configuration, and with flags beside one', async () => {
    const config = join(folder, 'agent.yaml');
    writeFileSync(config, 'sources: [{ type: file }]\n');
    const bad = await cryptrail(['run', '--config', config]);
    expect(bad).toMatchObject({ status: 1, stdout: '' });
    expect(bad.stderr).toContain(`${config}:1:11: sources[0].include is missing`);
    expect((await cryptrail(['run', '--config', config, '--file', 'x'])).status).toBe(2);
    expect((await cryptrail(['run'])).status).toBe(2);
  });
});
