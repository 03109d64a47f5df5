import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedBackend, startBackend } from '../faults/files/scripted-backend.ts';
import { startCryptrail } from '../support/cryptrail.ts';
import { Arrivals, Logs } from './support/numbered-trial.ts';
import { findCollector } from './support/run-collector.ts';
import { quietFile, startCollector } from './support/run-pack.ts';

const binary = findCollector() ?? '';
const STRICT = ['--feature-gates=stanza.synchronousLogEmitter'];

/** A process of an example. */
interface Part {
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

describe.skipIf(binary === '')('the examples with a Collector', () => {
  let folder: string;
  let arrivals: Arrivals;
  let backend: ScriptedBackend;
  let logs: Logs;
  let parts: Part[];
  let events: Set<string>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cryptrail-neighbours-'));
    mkdirSync(join(folder, 'logs'));
    arrivals = new Arrivals();
    events = new Set();
    parts = [];
    backend = await startBackend(({ body, eventName }) => {
      arrivals.take(body?.stringValue ?? '');
      events.add(eventName ?? '');
    });
    logs = new Logs([join(folder, 'logs', 'a.log')]);
  });

  afterEach(async () => {
    await Promise.all(parts.map((part) => part.end('SIGKILL')));
    logs.close();
    backend.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function collector(file: string, env: Readonly<Record<string, string>>, more: readonly string[] = []): Part {
    const running = startCollector(binary, [`examples/${file}`, quietFile(folder)], env, more);
    parts.push(running);
    return running;
  }

  function agent(file: string, env: Readonly<Record<string, string>>): Part {
    const child = startCryptrail(['run', '--config', `examples/${file}`, '--telemetry', 'off'], undefined, env);
    child.stdin.end();
    child.stdout.resume();
    child.stderr.resume();
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const part: Part = {
      end: async (signal) => {
        child.kill(signal);
        await gone;
      },
    };
    parts.push(part);
    return part;
  }

  async function allArrive(): Promise<void> {
    await until(() => arrivals.arrived >= logs.written, 90_000);
    const { lost, altered, others } = arrivals.verdict(logs.written);
    expect({ lost: lost.slice(0, 20), altered, others }).toEqual({ lost: [], altered: [], others: 0 });
    expect([...events]).toEqual(['acra.decryptor.recognized_poison_record']);
  }

  it('collector-before-cryptrail: nothing is acknowledged that the backend does not have', async () => {
    const env = {
      CRYPTRAIL_LISTEN: `127.0.0.1:${await freePort()}`,
      BACKEND: backend.url,
      LOGS: join(folder, 'logs', '*.log*'),
      COLLECTOR_STATE: join(folder, 'collector'),
      CRYPTRAIL_STATE: join(folder, 'agent'),
    };
    const example = 'collector-before-cryptrail';
    const first = [agent(`${example}/agent.yaml`, env), collector(`${example}/collector.yaml`, env, STRICT)];
    await logs.write(1_000);
    await until(() => arrivals.arrived >= 1_000, 60_000);
    expect(arrivals.arrived).toBe(1_000);
    backend.behaviour.isDown = true;
    await logs.write(1_000);
    await sleep(3_000);
    // Whatever either of them had said yes to by now would be gone.
    await Promise.all(first.map((part) => part.end('SIGKILL')));
    expect(arrivals.arrived).toBe(1_000);
    backend.behaviour.isDown = false;
    agent(`${example}/agent.yaml`, env);
    collector(`${example}/collector.yaml`, env, STRICT);
    await allArrive();
  });

  it('collector-as-gateway: what the gateway has answered for is on its disk', async () => {
    const port = await freePort();
    const env = {
      GATEWAY: `http://127.0.0.1:${port}`,
      GATEWAY_LISTEN: `127.0.0.1:${port}`,
      BACKEND: backend.url,
      LOGS: join(folder, 'logs', '*.log*'),
      GATEWAY_STATE: join(folder, 'gateway'),
      CRYPTRAIL_STATE: join(folder, 'agent'),
    };
    const host = agent('collector-as-gateway/agent.yaml', env);
    const gateway = collector('collector-as-gateway/gateway.yaml', env);
    await logs.write(1_000);
    await until(() => arrivals.arrived >= 1_000, 60_000);
    expect(arrivals.arrived).toBe(1_000);
    backend.behaviour.isDown = true;
    await logs.write(1_000);
    await sleep(3_000);
    await Promise.all([host.end('SIGKILL'), gateway.end('SIGKILL')]);
    backend.behaviour.isDown = false;
    collector('collector-as-gateway/gateway.yaml', env);
    agent('collector-as-gateway/agent.yaml', env);
    await allArrive();
  });

  it('gateway-tier: what gateways that are gone have not answered for waits at the front', async () => {
    const [listen, one, two] = [await freePort(), await freePort(), await freePort()];
    const env = {
      GATEWAY: `http://127.0.0.1:${listen}`,
      FRONT_LISTEN: `127.0.0.1:${listen}`,
      GATEWAY_1: `127.0.0.1:${one}`,
      GATEWAY_2: `127.0.0.1:${two}`,
      BACKEND: backend.url,
      LOGS: join(folder, 'logs', '*.log*'),
      FRONT_STATE: join(folder, 'front'),
      CRYPTRAIL_STATE: join(folder, 'agent'),
    };
    const gateway = (number: 1 | 2) =>
      collector('gateway-tier/gateway.yaml', {
        GATEWAY_LISTEN: number === 1 ? env.GATEWAY_1 : env.GATEWAY_2,
        GATEWAY_STATE: join(folder, `gateway-${number}`),
        BACKEND: backend.url,
      });
    const gateways = [gateway(1), gateway(2)];
    collector('gateway-tier/front.yaml', env);
    agent('collector-as-gateway/agent.yaml', env);
    await logs.write(1_000);
    await until(() => arrivals.arrived >= 1_000, 60_000);
    expect(arrivals.arrived).toBe(1_000);
    await Promise.all(gateways.map((part) => part.end('SIGKILL')));
    await logs.write(1_000);
    gateway(1);
    gateway(2);
    await allArrive();
  });
});

/** A port that nothing listens on for now. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Waits until it holds, or for so long at most. */
async function until(holds: () => boolean, millis: number): Promise<void> {
  const end = performance.now() + millis;
  while (!holds() && performance.now() < end) await sleep(50);
}
