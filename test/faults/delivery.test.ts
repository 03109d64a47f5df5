/**
 * Faults of a backend, on built packages. Numbers are those of the list of fault cases.
 */
import { spawn } from 'node:child_process';
import dns, { type LookupAddress, type LookupOptions } from 'node:dns';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDelivery, type DeadLetter, type DeliveryOptions, type Settlement } from '@cryptrail/exporter';
import type { LogRecord, Resource } from '@cryptrail/mapper';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { cryptrail } from '../support/cryptrail.ts';
import { ACCEPT, type Act, partialSuccess, type Seen, startScriptedBackend } from '../support/scripted-backend.ts';

const resource: Resource = { attributes: new Map([['service.name', 'acra-server']]) };

const numbered = (count: number, from = 0): LogRecord[] =>
  Array.from({ length: count }, (_, at) => ({
    timeUnixNano: BigInt(from + at + 1),
    observedTimeUnixNano: 1n,
    severityNumber: 9,
    body: `record ${from + at}`,
    attributes: new Map<string, string | number>([
      ['log.file.path', '/var/log/acra.log'],
      ['log.file.record_number', from + at + 1],
    ]),
    resource,
    issues: [],
  }));

const names = (count: number) => numbered(count).map(({ body }) => body);

/** Delivers records, as an agent would, to a backend that follows a script; everything is settled when this resolves. */
async function deliver(
  records: readonly LogRecord[],
  script: (seen: Seen) => Act | Promise<Act>,
  options: DeliveryOptions = {},
) {
  const backend = await startScriptedBackend(script);
  const letters: DeadLetter[] = [];
  const delivery = await createDelivery({
    env: {},
    endpoint: backend.endpoint,
    protocol: 'http/protobuf',
    forever: true,
    lingerMillis: 5,
    onDeadLetter: (letter) => void letters.push(letter),
    ...options,
  });
  const settlement = await new Promise<Settlement>((onSettled) => void delivery.push(records, { onSettled }));
  const result = await delivery.end();
  return { ...backend, letters, settlement, result };
}

/** The acts one after the other, then it accepts. */
const first =
  (...acts: Act[]) =>
  ({ at }: Seen): Act =>
    acts[at] ?? ACCEPT;

const ALL = { accepted: 100, deadLettered: 0 };

/** A name that no name server knows. */
const BACKEND = 'backend.invalid';

/** Has the resolver of this process know the backend's name, for the time of a test. */
function resolveTo(address: string) {
  const known = { address };
  const { lookup } = dns;
  vi.spyOn(dns, 'lookup').mockImplementation(((name: string, options: LookupOptions, callback: Resolved) => {
    if (name !== BACKEND) return Reflect.apply(lookup, dns, [name, options, callback]);
    const found = { address: known.address, family: 4 };
    // As the system's does, later.
    setImmediate(() => (options.all ? callback(null, [found]) : callback(null, found.address, found.family)));
  }) as typeof lookup);
  onTestFinished(() => void vi.restoreAllMocks());
  return known;
}

type Resolved = (error: null, found: string | LookupAddress[], family?: number) => void;

describe('a backend that is busy or away', () => {
  it.each([429, 502, 503, 504])('(24) says %i: it is asked again, and nothing is lost or doubled', async (status) => {
    const { kept, settlement, seen } = await deliver(numbered(100), first({ status }, { status }));
    expect(settlement).toEqual(ALL);
    expect(kept).toEqual(names(100));
    expect(seen).toHaveLength(3);
  });

  it('(24) names seconds in Retry-After: it is not asked before', async () => {
    const { seen, kept } = await deliver(numbered(100), first({ status: 429, headers: { 'retry-after': '1' } }));
    expect((seen[1]?.millis ?? 0) - (seen[0]?.millis ?? 0)).toBeGreaterThan(990);
    expect(kept).toEqual(names(100));
  });

  it('(24) names a date in Retry-After: it is not asked before', async () => {
    // A date has whole seconds: the one after next is at least a second away.
    const date = new Date(Math.ceil(Date.now() / 1000) * 1000 + 2000);
    const headers = { 'retry-after': date.toUTCString() };
    const { seen, kept } = await deliver(numbered(100), async ({ at }) =>
      at === 0 ? { status: 503, headers } : ACCEPT,
    );
    expect(Date.now()).toBeGreaterThanOrEqual(date.getTime() - 5);
    expect(seen).toHaveLength(2);
    expect(kept).toEqual(names(100));
  });

  it('(26) breaks the connection before it kept the records: they come again', async () => {
    const { kept, settlement } = await deliver(numbered(100), first({ resets: true }, { resets: true }));
    expect(settlement).toEqual(ALL);
    expect(kept).toEqual(names(100));
  });

  it('(26) breaks the connection after it kept the records: they come twice, and equal', async () => {
    const { kept, settlement, result } = await deliver(numbered(100), first({ resets: true, commits: true }));
    expect(settlement).toEqual(ALL);
    expect(result).toEqual({ delivered: 100, refused: 0 });
    expect(kept).toEqual([...names(100), ...names(100)]);
  });

  it('(26) breaks off in the middle of its answer: that is no answer', async () => {
    const { settlement, seen } = await deliver(numbered(100), first({ breaksOff: true }));
    expect(settlement).toEqual(ALL);
    expect(seen).toHaveLength(2);
  });

  it.each<[string, Act]>([
    ['hangs', { hangs: true }],
    ['drips its answer byte by byte', { drips: true }],
  ])('(27) %s: it is asked again after the time for a request', async (_, act) => {
    const { settlement, kept } = await deliver(numbered(100), first(act), { timeoutMillis: 200 });
    expect(settlement).toEqual(ALL);
    expect(kept).toEqual(names(100));
  });

  // All of 127.0.0.0/8 is this machine on Linux; elsewhere only its first address is.
  it.skipIf(process.platform !== 'linux').each<[string, Act, (server: Server) => void]>([
    ['is shut down at the old one', ACCEPT, (server) => server.close()],
    ['says nothing more at the old one, where connections stay open', { hangs: true }, () => {}],
  ])('(31) moves to another address and %s: the next connection goes to the new one', async (_, act, leave) => {
    const resolver = resolveTo('127.0.0.1');
    const former = await startScriptedBackend(first(ACCEPT, act, act, act, act));
    const port = Number(new URL(former.endpoint).port);
    const latter = await startScriptedBackend(() => ACCEPT, port, '127.0.0.2');
    const delivery = await createDelivery({
      env: {},
      endpoint: `http://${BACKEND}:${port}`,
      protocol: 'http/protobuf',
      forever: true,
      lingerMillis: 5,
      timeoutMillis: 300,
    });
    const settled = (records: readonly LogRecord[]) =>
      new Promise<Settlement>((onSettled) => void delivery.push(records, { onSettled }));
    expect(await settled(numbered(50))).toEqual({ accepted: 50, deadLettered: 0 });
    resolver.address = '127.0.0.2';
    leave(former.server);
    expect(await settled(numbered(50, 50))).toEqual({ accepted: 50, deadLettered: 0 });
    await delivery.end();
    expect([former.kept, latter.kept]).toEqual([names(100).slice(0, 50), names(100).slice(50)]);
  });

  it('(32) is away while records are pushed: they wait in bounded memory and arrive afterwards', async () => {
    const port = await freePort();
    const total = 200_000;
    const child = spawn(process.execPath, ['--input-type=module', '-e', pushing(port, total)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    await expect.poll(() => said, { timeout: 30_000 }).toContain('waiting');
    const { kept } = await startScriptedBackend(() => ACCEPT, port);
    await once(child, 'close');
    const { result, peakMebibytes } = JSON.parse(said.split('\n').at(-2) ?? '{}');
    expect(result).toEqual({ delivered: total, refused: 0 });
    expect(new Set(kept).size).toBe(total);
    expect(peakMebibytes).toBeLessThan(192);
  });
});

describe('a backend that refuses content', () => {
  it('(28) takes only small requests: they are halved', async () => {
    const { kept, settlement } = await deliver(numbered(100), ({ bodies }) =>
      bodies.length > 7 ? { status: 413 } : ACCEPT,
    );
    expect(settlement).toEqual(ALL);
    expect(kept).toEqual(names(100));
  });

  it('(29) refuses one poison record of 4,000: it costs exactly that, with its place', async () => {
    const { kept, letters, settlement, seen } = await deliver(numbered(4000), ({ bodies }) =>
      bodies.includes('record 2718') ? { status: 400 } : ACCEPT,
    );
    expect(settlement).toEqual({
      accepted: 3999,
      deadLettered: 1,
      reason: 'status 400 (/var/log/acra.log record 2719)',
    });
    expect(letters).toHaveLength(1);
    expect(letters[0]?.logs).toMatchObject([{ count: 1 }]);
    expect(new Set(kept)).toEqual(new Set(names(4000).filter((name) => name !== 'record 2718')));
    expect(kept).toHaveLength(3999);
    expect(seen.length).toBeLessThanOrEqual(25);
  });

  it('(25) takes a request but for one record: that is found, and the others come at most once more', async () => {
    const { kept, letters, settlement } = await deliver(numbered(4000), ({ bodies }) =>
      bodies.includes('record 2718') ? { status: 200, body: partialSuccess(1), commits: true } : ACCEPT,
    );
    expect(settlement).toMatchObject({ accepted: 3999, deadLettered: 1 });
    expect(letters[0]?.reason).toContain('/var/log/acra.log record 2719');
    expect(kept.length).toBeLessThanOrEqual(8000);
    expect(new Set(kept).size).toBe(4000);
  });

  it('(29) refuses every record: all of them are kept elsewhere, none is lost', async () => {
    const { letters, settlement } = await deliver(numbered(20), () => ({ status: 400 }));
    expect(settlement).toMatchObject({ accepted: 0, deadLettered: 20 });
    expect(letters).toHaveLength(20);
  });
});

describe('cryptrail run and replay', () => {
  const line = (at: number) =>
    `${JSON.stringify({ level: 'warning', product: 'acra-server', unixTime: '1726560000.950', msg: `record ${at}`, code: 587 })}\n`;

  it('(29) F06 keeps a poison record of 4,000 in the state directory, and sends it again when asked to', async () => {
    const state = mkdtempSync(join(tmpdir(), 'cryptrail-faults-'));
    onTestFinished(() => rmSync(state, { recursive: true, force: true }));
    let isMended = false;
    const { endpoint, kept } = await startScriptedBackend(({ bodies }) =>
      !isMended && bodies.includes('record 2718') ? { status: 400 } : ACCEPT,
    );
    const lines = Array.from({ length: 4000 }, (_, at) => line(at)).join('');
    const run = await cryptrail(
      ['run', '--file', '-', '--endpoint', endpoint, '--state', state, '--until-idle'],
      lines,
    );
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(
      /refuses a record for good: status 400 \(.*(record 2719|acra\.\S+ of 2024-09-17T08:00:00\.950Z)/,
    );
    expect(new Set(kept).size).toBe(3999);
    const letters = join(state, 'dead-letters.jsonl');
    expect(readFileSync(letters, 'utf8').split('\n')).toHaveLength(2);

    expect(await cryptrail(['replay', letters, '--json'])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('"refused":1'),
    });
    isMended = true;
    expect(await cryptrail(['replay', letters])).toMatchObject({
      status: 0,
      stdout: 'records: 1 accepted, 0 refused again, 0 not answered\n',
    });
    expect(new Set(kept).size).toBe(4000);
    expect(existsSync(letters)).toBe(false);
    expect(await cryptrail(['replay', letters])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('there is no such file'),
    });
  });

  it('(24) loses nothing when 5 % of requests are refused and there is an outage', async () => {
    const state = mkdtempSync(join(tmpdir(), 'cryptrail-faults-'));
    onTestFinished(() => rmSync(state, { recursive: true, force: true }));
    const began = performance.now();
    const isAway = () => performance.now() - began > 1500 && performance.now() - began < 3000;
    const { endpoint, kept } = await startScriptedBackend(({ at }) =>
      isAway() ? { resets: true } : at % 20 === 3 ? { status: 503 } : ACCEPT,
    );
    const total = 50_000;
    const lines = Array.from({ length: total }, (_, at) => line(at)).join('');
    const run = await cryptrail(
      ['run', '--file', '-', '--endpoint', endpoint, '--state', state, '--until-idle'],
      lines,
    );
    expect(run.status).toBe(0);
    expect(new Set(kept).size).toBe(total);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** A program that pushes records of a kilobyte as fast as it may, tells when it has to wait for seconds, and how much memory it took. */
function pushing(port: number, total: number): string {
  return `
    import { createDelivery } from '@cryptrail/exporter';
    const delivery = await createDelivery({
      env: {}, endpoint: 'http://127.0.0.1:${port}', protocol: 'http/protobuf', forever: true,
      onCondition: ({ status }) => console.log(status),
    });
    const resource = { attributes: new Map([['service.name', 'acra-server']]) };
    const padding = new Map([['padding', 'x'.repeat(1000)]]);
    for (let at = 0; at < ${total}; at += 100) {
      await delivery.push(Array.from({ length: 100 }, (_, more) => ({
        timeUnixNano: 1n, observedTimeUnixNano: 1n, severityNumber: 9, body: 'record ' + (at + more), attributes: padding, resource, issues: [],
      })));
    }
    const result = await delivery.end();
    console.log(JSON.stringify({ result, peakMebibytes: process.resourceUsage().maxRSS / 1024 }));
  `;
}
