import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cryptrail } from '../support/cryptrail.ts';
import { Ledger } from './files/ledger.ts';
import { lineOf } from './files/numbered-lines.ts';
import { startBackend } from './files/scripted-backend.ts';
import { STAGES, type Stage } from './stages/stages.ts';

const LINES = 1500;
const KILLER = resolve('test/faults/stages/kill-at.ts');

/** A log, a backend that counts what it is sent, and an agent to read the one into the other. */
async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'cryptrail-stages-'));
  const ledger = new Ledger(LINES, () => 'acra-json');
  let records = 0;
  const backend = await startBackend((record) => {
    records += 1;
    ledger.take(record);
  });
  // Positions are saved while other requests are under way.
  backend.behaviour.latencyMillis = 50;
  onTestFinished(() => {
    backend.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const lines = Array.from({ length: LINES }, (_, index) => `${lineOf('acra-json', index + 1)}\n`);
  writeFileSync(join(folder, 'acra.log'), lines.join(''));
  writeFileSync(
    join(folder, 'agent.yaml'),
    `sources: [{ type: file, include: ["${folder}/acra.log"] }]
export: { otlp: { endpoint: "${backend.url}", max_batch_bytes: 16KiB } }
state: state
original: true
telemetry: { listen: off }
`,
  );
  const run = (environment: Readonly<Record<string, string>> = {}) =>
    cryptrail(['run', '--config', join(folder, 'agent.yaml'), '--until-idle'], '', undefined, environment);
  return { ledger, run, records: () => records };
}

/** Runs the agent to its death at a stage, and then to its end. */
async function killAt(stage: Stage, times: number) {
  const { ledger, run, records } = await setUp();
  const killed = await run({ KILL_AT: `${stage}:${times}`, NODE_OPTIONS: `--import "${KILLER}"` });
  const healed = await run();
  const sent = records();
  const again = await run();
  const { lost, altered, unequal, duplicates, others } = ledger.verdict();
  return {
    ends: [killed.status, healed.status, again.status],
    duplicates,
    sentAgain: records() - sent,
    verdict: { lost, altered, unequal, others: [...others] },
  };
}

const WHOLE = { lost: [], altered: [], unequal: 0, others: [] };
const NOTHING_SENT = ['creating:1', 'copying:1', 'read:1'];
const cases = (Object.keys(STAGES) as Stage[]).flatMap((stage) =>
  (stage === 'creating' || stage === 'copying' ? [1] : [1, 3]).map((times) => ({ stage, times, when: STAGES[stage] })),
);

describe('an agent that is killed', () => {
  for (const { stage, times, when } of cases)
    it(`fault 18 ${when}, loses nothing (time ${times})`, async () => {
      const { ends, duplicates, sentAgain, verdict } = await killAt(stage, times);
      // That it died shows that the stage was reached.
      expect({ ends, verdict, sentAgain }).toEqual({ ends: ['SIGKILL', 0, 0], verdict: WHOLE, sentAgain: 0 });
      if (NOTHING_SENT.includes(`${stage}:${times}`)) expect(duplicates).toBe(0);
    });

  it('fault 18 sends nothing, and so is not killed, once everything was saved', async () => {
    const { run, records } = await setUp();
    await run();
    const again = await run({ KILL_AT: 'read', NODE_OPTIONS: `--import "${KILLER}"` });
    expect([again.status, records()]).toEqual([0, LINES]);
  });
});
