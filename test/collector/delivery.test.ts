import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STRICT_GATE } from '@cryptrail/collector';
import { afterAll, describe, expect, it } from 'vitest';
import { startBackend } from '../faults/files/scripted-backend.ts';
import { Arrivals, Logs } from './support/numbered-trial.ts';
import { findCollector } from './support/run-collector.ts';
import { quietFile, startCollector } from './support/run-pack.ts';

const binary = findCollector() ?? '';
const folder = mkdtempSync(join(tmpdir(), 'cryptrail-strict-'));
const PACK = 'packages/collector/packs/acra.yaml';
/** What the first lines of a pack ask for. */
const STRICT = [`--feature-gates=${STRICT_GATE}`];
/** Two more rounds end by SIGTERM, one of them while the backend is away. */
const ROUNDS = 14;
const SIGTERM_ROUNDS = new Set([6, 12]);
const LINES_A_ROUND = 1_500;
const OUTAGE_MILLIS = 10_000;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(binary === '')('the delivery settings of a pack', () => {
  it('F06 lose and alter no line over twelve kills, an outage and rotations', async ({ annotate }) => {
    const arrivals = new Arrivals();
    const backend = await startBackend(({ body }) => arrivals.take(body?.stringValue ?? ''));
    backend.behaviour.latencyMillis = 5;
    mkdirSync(join(folder, 'logs'));
    const logs = new Logs([join(folder, 'logs', 'a.log'), join(folder, 'logs', 'b.log')]);
    const configs = [PACK, quietFile(folder)];
    const env = {
      CRYPTRAIL_ACRA_LOG: join(folder, 'logs', '*.log*'),
      CRYPTRAIL_STATE: join(folder, 'state'),
      CRYPTRAIL_ENDPOINT: backend.url,
    };
    const faults = [
      { round: 3, act: () => logs.rename(0) },
      { round: 4, act: () => void playOutage(backend.behaviour) },
      { round: 10, act: () => logs.copyAndTruncate(1) },
    ];
    try {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const collector = startCollector(binary, configs, env, STRICT);
        const before = arrivals.arrived;
        await logs.write(LINES_A_ROUND);
        await until(() => arrivals.arrived > before, 3_000);
        faults.find((fault) => fault.round === round)?.act();
        await sleep(Math.random() * 800);
        expect(collector.child.exitCode, collector.said()).toBe(null);
        await collector.end(SIGTERM_ROUNDS.has(round) ? 'SIGTERM' : 'SIGKILL');
        await logs.write(100);
      }
      // Nothing is expected to come twice here, but it may: what was under way at a kill is sent again.
      const last = startCollector(binary, configs, env, STRICT);
      await until(() => arrivals.arrived >= logs.written && !backend.behaviour.isDown, 40_000);
      // Time for repeats to arrive, too.
      await sleep(1_500);
      await last.end('SIGTERM');
      const { lost, repeated, altered, others, written } = arrivals.verdict(logs.written);
      await annotate(`${written} lines: ${lost.length} lost, ${repeated} repeated`);
      expect({ lost: lost.slice(0, 20), altered, others }).toEqual({ lost: [], altered: [], others: 0 });
    } finally {
      logs.close();
      backend.close();
    }
  });
});

async function playOutage(behaviour: { isDown: boolean }): Promise<void> {
  behaviour.isDown = true;
  await sleep(OUTAGE_MILLIS);
  behaviour.isDown = false;
}

/** Waits until it holds, or for so long at most. */
async function until(holds: () => boolean, millis: number): Promise<void> {
  const end = performance.now() + millis;
  while (!holds() && performance.now() < end) await sleep(50);
}
