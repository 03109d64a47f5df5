import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { decodeLogsRequest } from '@cryptrail/exporter/otlp';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { cryptrail } from './support/cryptrail.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cryptrail-workers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);

function lines(count: number, product: string): string {
  return Array.from(
    { length: count },
    (_, index) =>
      `{"code":${index % 3 === 0 ? 587 : 560},"level":"warning","msg":"m ${index}","product":"${product}","unixTime":"17265600${10 + (index % 80)}.250"}\n`,
  ).join('');
}

/** A backend that keeps the records of each file, in the order in which they stand there. */
async function startBackend() {
  const byFile = new Map<string, string[]>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const decoded = decodeLogsRequest(Buffer.concat(chunks), request.headers['content-type']);
    if (!decoded.ok) throw new Error(decoded.error.message);
    for (const { resource, scopeLogs } of decoded.request.resourceLogs)
      for (const { scope, logRecords } of scopeLogs)
        for (const { observedTimeUnixNano: _, ...record } of logRecords) {
          const path = record.attributes.find(({ key }) => key === 'log.file.path')?.value.stringValue ?? '';
          byFile.set(path, [...(byFile.get(path) ?? []), JSON.stringify({ resource, scope, record })]);
        }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { byFile, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** What arrives, is said and is counted. Requests under way may overtake one another, records of a file are told by their place. */
async function convert(...more: string[]) {
  const { byFile, endpoint } = await startBackend();
  const summary = at(`summary-${more.length}.json`);
  const { status, stderr } = await cryptrail([
    'convert',
    at('*.log*'),
    at('missing.log'),
    '--endpoint',
    endpoint,
    '--summary',
    summary,
    ...more,
  ]);
  const records = [...byFile].sort().map(([path, all]) => [path, all.sort()]);
  return { status, warnings: stderr.split('\n').sort(), records, summary: readFileSync(summary, 'utf8') };
}

describe('cryptrail convert --workers', () => {
  it('sends, says and counts with two threads what it does with none', async () => {
    writeFileSync(at('a.log'), lines(3000, 'acra-server'));
    writeFileSync(at('b.log'), lines(20, 'acra-translator'));
    writeFileSync(at('c.log.gz'), gzipSync(lines(2000, 'acra-server')));
    writeFileSync(at('d.log'), Buffer.from('%PDF-1.7\n'));
    const alone = await convert();
    const together = await convert('--workers', '2');
    expect(alone.records.map(([, all]) => all?.length)).toEqual([3000, 20, 2000]);
    expect(alone.status).toBe(1);
    expect(together).toEqual(alone);
  }, 60_000);

  it.each([
    [['--output', 'ndjson'], '--workers needs --endpoint'],
    [['--endpoint', 'http://127.0.0.1:9', '--merge'], '--workers and --merge exclude each other'],
    [['--endpoint', 'http://127.0.0.1:9', '--rejects', 'r'], '--workers and --rejects exclude each other'],
    [['--endpoint', 'http://127.0.0.1:9', '--audit-names'], 'evidence needs them in the order of writing'],
    [['--endpoint', 'http://127.0.0.1:9', '-'], 'standard input is one stream'],
  ])(
    'refuses %j',
    async (more, message) => {
      writeFileSync(at('a.log'), lines(1, 'acra-server'));
      const { status, stderr } = await cryptrail(['convert', at('a.log'), '--workers', '2', ...more], '', folder);
      expect(stderr).toContain(message);
      expect(status).toBe(2);
    },
    60_000,
  );

  it('counts the records that nobody looks at as written', async () => {
    writeFileSync(at('a.log'), lines(30, 'acra-server'));
    const { summary } = await convert();
    expect(JSON.parse(summary)).toMatchObject({ records: 30, written: 30 });
  }, 60_000);
});
