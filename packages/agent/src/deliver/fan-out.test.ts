import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settlement } from '@cryptrail/exporter';
import { describe, expect, it } from 'vitest';
import { bodiesOf, numbered, startBackend, temporaryFolder } from '../../test/delivered-records.ts';
import { fanOut } from './fan-out.ts';
import { createFileDelivery } from './file-delivery.ts';
import { openAgentDelivery } from './open-agent-delivery.ts';
import { openDelivery } from './open-delivery.ts';

describe('fanOut', () => {
  it('settles records when every destination has settled them', async () => {
    let answer: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { endpoint, taken } = await startBackend(() => 200);
    const path = join(temporaryFolder(), 'a.jsonl');
    const backend = await openDelivery({ endpoint, environment: {} });
    const slow = {
      ...backend,
      push: (...given: Parameters<typeof backend.push>) => void held.then(() => backend.push(...given)),
    };
    const both = fanOut([
      createFileDelivery({ path, warn: () => {}, lingerMillis: 1 }),
      { ...slow, end: (limit) => backend.end(limit) },
    ]);
    const settlements: Settlement[] = [];
    const settled = new Promise<void>((resolve) => {
      both.push(numbered(3), {
        onSettled: (settlement) => {
          settlements.push(settlement);
          resolve();
        },
      });
    });
    await expect.poll(() => readFileSync(path, 'utf8')).not.toBe('');
    expect(settlements).toEqual([]);
    answer();
    await settled;
    expect(settlements).toEqual([{ accepted: 3, deadLettered: 0 }]);
    expect(taken).toHaveLength(3);
    await both.end({ withinMillis: undefined });
  });
});

describe('openAgentDelivery', () => {
  const around = (directory: string, environment: Record<string, string> = {}) => ({
    directory,
    environment,
    warn: () => {},
    onHealth: () => {},
  });

  it('F06 keeps a refused record in the state directory, and counts it once over all destinations', async () => {
    const { endpoint } = await startBackend((bodies) => (bodies.includes('record 1') ? 400 : 200));
    const folder = temporaryFolder();
    const path = join(folder, 'out.jsonl');
    const delivery = await openAgentDelivery({ otlp: { endpoint }, file: { path } }, around(folder));
    const settled = new Promise<Settlement>((onSettled) => void delivery.push(numbered(3), { onSettled }));
    expect(await settled).toEqual({
      accepted: 2,
      deadLettered: 1,
      reason: 'status 400 (/var/log/acra.log record 2)',
    });
    await delivery.end({ withinMillis: undefined });
    expect(readFileSync(path, 'utf8').split('\n').filter(Boolean).flatMap(bodiesOf)).toHaveLength(3);
    expect(bodiesOf(readFileSync(join(folder, 'dead-letters.jsonl'), 'utf8'))).toEqual(['record 1']);
  });

  it('takes files for the only destination when no backend is named', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'out.jsonl');
    const delivery = await openAgentDelivery({ file: { path } }, around(folder));
    const settled = new Promise<Settlement>((onSettled) => void delivery.push(numbered(1), { onSettled }));
    expect(await settled).toEqual({ accepted: 1, deadLettered: 0 });
    await delivery.end({ withinMillis: undefined });
  });
});
