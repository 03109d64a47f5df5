/** How a process of an application ends with records in it, on built packages. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

/** A backend that takes requests while it is told to, and the bodies of all records it took. */
async function startBackend(accepts: () => boolean = () => true) {
  const bodies = new Set<string>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (!accepts()) return void response.writeHead(503).end();
    for (const [body] of Buffer.concat(chunks)
      .toString()
      .matchAll(/record \d+/g))
      bodies.add(body);
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

/** Runs an application that sets up and then does what the text says. */
function startApplication(endpoint: string, options: object, then: string): ChildProcess {
  const text = `
    import { setUpCryptrail } from '@cryptrail/exporter';
    const ready = await setUpCryptrail({ export: { endpoint: ${JSON.stringify(endpoint)}, env: {} }, ...${JSON.stringify(options)} });
    const emit = (count) => { for (let at = 0; at < count; at += 1) ready.logger.emit({ body: 'record ' + at }); };
    ${then}
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function endOf(child: ChildProcess): Promise<{ ended: number | string | null; said: string }> {
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { ended: signal ?? code, said };
}

async function hears(child: ChildProcess, word: string): Promise<void> {
  for await (const chunk of child.stdout ?? []) if (String(chunk).includes(word)) return;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cryptrail-in-process-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'spool');
}

describe('an application with setUpCryptrail', () => {
  it('delivers everything when it ends by itself, without a shutdown', async () => {
    const { endpoint, bodies } = await startBackend();
    const child = startApplication(endpoint, {}, 'emit(100);');
    expect(await endOf(child)).toEqual({ ended: 0, said: '' });
    expect(bodies.size).toBe(100);
  });

  it('ends all the same when the backend stays away', async () => {
    const child = startApplication('http://127.0.0.1:9', { exitMillis: 300 }, 'emit(100);');
    expect(await endOf(child)).toMatchObject({ ended: 0 });
  });

  it('does not stay alive for a delivery that has nothing to do', async () => {
    const { endpoint } = await startBackend();
    const child = startApplication(endpoint, {}, "emit(1); await ready.flush(); process.stdout.write('flushed');");
    expect(await endOf(child)).toMatchObject({ ended: 0 });
  });

  it('delivers before it ends by a signal that was asked for, and ends by that signal', async () => {
    const { endpoint, bodies } = await startBackend();
    const options = { flushOnExit: ['SIGTERM'], batch: { lingerMillis: 60_000 } };
    const child = startApplication(
      endpoint,
      options,
      "emit(100); setInterval(() => {}, 1000); process.stdout.write('ready');",
    );
    await hears(child, 'ready');
    child.kill('SIGTERM');
    expect(await endOf(child)).toMatchObject({ ended: 'SIGTERM' });
    expect(bodies.size).toBe(100);
  });

  it('C30 has lost nothing that was emitted when it was killed, if it is durable', async () => {
    let isUp = false;
    const { endpoint, bodies } = await startBackend(() => isUp);
    const options = { durable: { dir: temporaryFolder() } };
    const child = startApplication(
      endpoint,
      options,
      "emit(500); process.stdout.write('emitted'); setInterval(() => {}, 1000);",
    );
    await hears(child, 'emitted');
    child.kill('SIGKILL');
    await endOf(child);
    expect(bodies.size).toBe(0);
    isUp = true;
    expect(await endOf(startApplication(endpoint, options, ''))).toEqual({ ended: 0, said: '' });
    expect(bodies.size).toBe(500);
  });

  it('C30 has lost nothing after being killed again and again at any moment, if it is durable', async () => {
    const { endpoint, bodies } = await startBackend(() => Math.random() < 0.8);
    const options = { durable: { dir: temporaryFolder() }, batch: { lingerMillis: 1, maxBatchRecords: 50 } };
    let from = 0;
    for (let round = 0; round < 4; round += 1) {
      const count = 2000;
      const text = `for (let at = ${from}; at < ${from + count}; at += 1) {
        ready.logger.emit({ body: 'record ' + at });
        if (at % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      process.stdout.write('emitted'); setInterval(() => {}, 1000);`;
      const child = startApplication(endpoint, options, text);
      await hears(child, 'emitted');
      child.kill('SIGKILL');
      await endOf(child);
      from += count;
    }
    expect(await endOf(startApplication(endpoint, options, ''))).toMatchObject({ ended: 0 });
    expect(bodies.size).toBe(from);
  });

  it('refuses a spool that another process has, with words', async () => {
    const { endpoint } = await startBackend();
    const options = { durable: { dir: temporaryFolder() } };
    const first = startApplication(endpoint, options, "process.stdout.write('open'); setInterval(() => {}, 1000);");
    await hears(first, 'open');
    const { ended, said } = await endOf(startApplication(endpoint, options, ''));
    expect(ended).toBe(1);
    expect(said).toContain('another process uses the spool in');
  });
});
