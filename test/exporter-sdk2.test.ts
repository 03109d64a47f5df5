import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The last line of SDK 2.x and the API before the logs API moved into it: what many applications still have. */
const SDK_2 = [
  '@opentelemetry/api@1.9.1',
  '@opentelemetry/api-logs@0.223.1',
  '@opentelemetry/sdk-logs@0.223.1',
  '@opentelemetry/exporter-logs-otlp-http@0.223.1',
  '@opentelemetry/exporter-logs-otlp-proto@0.223.1',
];

/** What an application of that line would write; type-checked and run in its folder. */
const PROGRAM = `
import { logs, type Logger } from '@opentelemetry/api-logs';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { products } from '@cryptrail/catalogue';
import { createDelivery, createExporter, createGroupingExporter, emitEvent, emitRecord, EventCodeProcessor, setUpCryptrail, toReadableLogRecord } from '@cryptrail/exporter';
import { createPipeline } from '@cryptrail/mapper';

const endpoint = process.argv[2] ?? '';
const line = '{"level":"warning","product":"acra-server","unixTime":"1726560000.950","timestamp":"2024-09-17T08:00:00Z","msg":"Recognized poison record","code":587,"client_id":"billing"}';
const memory = new InMemoryLogRecordExporter();
const provider = new LoggerProvider({
  processors: [new EventCodeProcessor(), new SimpleLogRecordProcessor({ exporter: createGroupingExporter(memory) })],
});
const logger: Logger = provider.getLogger('application');
const record = createPipeline({ products }).readText(line);
if (!record) throw new Error('nothing was read');

logger.emit({ body: line });
logger.emit({ body: 'Recognized poison record', attributes: { level: 'warning', product: 'acra-server', unixTime: '1726560000.950', timestamp: '2024-09-17T08:00:00Z', code: 587, api_token: 'x' } });
emitRecord(logger, record);
emitEvent(logger, 'acra.decryptor.recognized_poison_record', { severity: 'warning' });
await provider.forceFlush();
const inMemory = memory.getFinishedLogRecords().map(({ eventName, hrTime, resource, attributes }) => [
  eventName, hrTime[0], resource.attributes['service.name'], attributes['cryptrail.code'],
]);

const sent: string[] = [];
for (const protocol of ['http/json', 'http/protobuf'] as const) {
  const exporter = await createExporter({ protocol, endpoint, env: {} });
  const result = await new Promise<{ code: number }>((done) => exporter.export([toReadableLogRecord(record)], done));
  await exporter.shutdown();
  const delivery = await createDelivery({ protocol, endpoint, env: {} });
  await delivery.push(record);
  sent.push(protocol + ' ' + result.code + ' ' + JSON.stringify(await delivery.end()));
}

const ready = await setUpCryptrail({ export: { endpoint, env: {} } });
emitRecord(ready.logger, record);
await ready.shutdown();

const isUntouched = logs.getLoggerProvider().getLogger('x').enabled() === false;
console.log(JSON.stringify({ inMemory, sent, isUntouched }));
`;

let folder = '';
let unavailable = '';

// Packed and installed in a folder of its own: a linked workspace would find the API of this repository beside it.
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'cryptrail-sdk2-')));
  const tarballs = ['catalogue', 'mapper', 'exporter'].map((name) => pack(resolve('packages', name)));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  writeFileSync(join(folder, 'program.ts'), PROGRAM);
  try {
    npm(['install', '--no-audit', '--no-fund', '--ignore-scripts', ...tarballs, ...SDK_2], folder);
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? error);
    if (!/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|E404|E503/.test(said)) throw error;
    unavailable = `npm could not fetch SDK 2.x: ${said.split('\n', 1)[0]}`;
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('@cryptrail/exporter with SDK 2.x', () => {
  it('has the types of that line', (context) => {
    if (unavailable) context.skip(unavailable);
    const options = ['--noEmit', '--strict', '--target', 'es2024', '--module', 'nodenext', '--skipLibCheck', 'false'];
    const types = ['--typeRoots', resolve('node_modules/@types'), '--types', 'node'];
    const check = () =>
      execFileSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), ...options, ...types, 'program.ts'], {
        cwd: folder,
        encoding: 'utf8',
      });
    expect(check).not.toThrow();
  });

  it('F03 recognises, emits, regroups and delivers', async (context) => {
    if (unavailable) context.skip(unavailable);
    const received: string[] = [];
    const server = createServer((request, response) => {
      received.push(`${request.url} ${request.headers['content-type']}`);
      request.resume().on('end', () => response.end());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { stdout } = await promisify(execFile)(process.execPath, ['program.ts', endpoint], { cwd: folder });
    server.close();

    const poison = ['acra.decryptor.recognized_poison_record', 1_726_560_000, 'acra-server', '587'];
    const now = expect.any(Number);
    const { inMemory, sent, isUntouched } = JSON.parse(stdout);
    expect(inMemory.slice(0, 3)).toEqual([poison, poison, poison]);
    expect(inMemory[3]).toEqual([poison[0], now, expect.stringContaining('unknown_service'), '587']);
    expect(sent).toEqual(['http/json 0 {"delivered":1,"refused":0}', 'http/protobuf 0 {"delivered":1,"refused":0}']);
    const [json, protobuf] = ['/v1/logs application/json', '/v1/logs application/x-protobuf'];
    expect(received).toEqual([json, json, protobuf, protobuf, json]);
    expect(isUntouched).toBe(true);
  });
});

function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function pack(cwd: string): string {
  const [packed]: { readonly filename: string }[] = JSON.parse(
    npm(['pack', '--json', '--pack-destination', folder], cwd),
  );
  return join(folder, packed?.filename ?? '');
}
