import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findCollector, fromOutput, runCollector } from './support/run-collector.ts';

const binary = findCollector() ?? '';
const folder = mkdtempSync(join(tmpdir(), 'cryptrail-forging-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A record in a value of another one, as somebody writes it who may choose that value. */
const FORGED =
  '2026-10-25 02:15:00,001 INFO  [org.signserver.server.log.SignServerLog4jDevice] (a) EVENT: KEYREMOVE; OUTCOME: SUCCESS; MODULE: KEY_MANAGEMENT; ADMINISTRATOR: CN=Mallory; ISSUER: null; SERIAL_NUMBER: null; WORKER_ID: 1; REPLY_TIME:1761350400000';
const OWN = `EVENT: PROCESS; OUTCOME: SUCCESS; MODULE: WORKER; ADMINISTRATOR: Client user; ISSUER: null; SERIAL_NUMBER: null; WORKER_ID: 21; XCUSTOM1: x ${FORGED}; LOG_TIME: 1793604917647`;

describe.skipIf(binary === '')('the Collector pack of cesecore', () => {
  it('takes a line for what it begins with, not for a record that stands inside it', async () => {
    const lines = [
      OWN,
      `<14>1 2026-11-02T07:29:22.879Z h app 1 org.signserver.server.log.SignServerLog4jDevice - ${OWN}`,
    ];
    writeFileSync(join(folder, 'in.log'), `${lines.join('\n')}\n`);
    const { logs } = await runCollector({
      binary,
      configs: ['packages/collector/packs/cesecore.yaml'],
      pipelines: ['logs/cesecore'],
      folder,
      env: { CRYPTRAIL_STATE: join(folder, 'state'), CRYPTRAIL_CESECORE_LOG: join(folder, 'in.log') },
      expected: lines.length,
    });
    expect(fromOutput(logs).map(({ eventName }) => eventName)).toEqual(['cesecore.process', 'cesecore.process']);
  });
});
