import { setImmediate as turn } from 'node:timers/promises';
import { products } from '@cryptrail/catalogue';
import { describe, expect, it } from 'vitest';
import { createHeldDelivery, memorySource, record, stretches } from '../../test/memory-source.ts';
import type { CommonOptions } from '../sources/options.ts';
import type { Settlement, Source } from '../sources/source.ts';
import type { PositionChange } from '../state/position-store.ts';
import { Counters } from '../telemetry/counters.ts';
import { startEngine } from './engine.ts';
import { createPreparation, type PreparationOptions } from './preparation.ts';

interface Arrangement {
  readonly sources: readonly Source[];
  readonly options?: CommonOptions;
  readonly preparation?: PreparationOptions;
  readonly untilIdle?: boolean;
  readonly atOnce?: boolean;
  readonly room?: Promise<void>;
}

function start({
  sources,
  options = {},
  preparation = { dropForeign: false },
  untilIdle = true,
  ...rest
}: Arrangement) {
  const delivery = createHeldDelivery(rest);
  const saved: PositionChange[] = [];
  const warnings: string[] = [];
  const health = new Map<string, string | undefined>();
  const counters = new Counters();
  const engine = startEngine({
    sources: sources.map((source) => ({
      source,
      options,
      pipeline: () => ({ products }),
      prepare: createPreparation(preparation, options),
      encodes: false,
    })),
    delivery,
    positions: {
      table: new Map([['memory', new Map([['old', 3]])]]),
      save: (changes) => void saved.push(...changes),
      copy: async () => {},
      close: () => {},
    },
    counters,
    warn: (message) => void warnings.push(message),
    clock: () => performance.now(),
    untilIdle,
    onHealth: (name, problem) => void health.set(name, problem),
  });
  return { engine, delivery, saved, warnings, health, counters };
}

const pushAll = (count: number) =>
  memorySource(async ({ push }) => {
    for (const stretch of stretches(count)) await push(stretch);
  });

describe('startEngine', () => {
  it('saves a position only when the records before it have arrived', async () => {
    const { engine, delivery, saved } = start({ sources: [pushAll(3)] });
    await engine.ended;
    delivery.pushes[1]?.settle();
    delivery.pushes[0]?.settle();
    expect(await engine.stop(0)).toBe(false);
    expect(saved).toEqual([{ source: 'memory', stream: 'a', position: 2 }]);
  });

  it('ends when every source is read and everything has arrived', async () => {
    const { engine, saved, counters } = start({ sources: [pushAll(3)], atOnce: true });
    expect(await engine.ended).toBe(true);
    expect(await engine.stop(undefined)).toBe(true);
    expect(saved).toEqual([{ source: 'memory', stream: 'a', position: 3 }]);
    expect(counters.total()).toMatchObject({ read: 3, exported: 3, filtered: 0, deadLettered: 0 });
  });

  it('sends soon what somebody waits for, though more may come', async () => {
    const told = Promise.withResolvers<Settlement>();
    const source = memorySource(async ({ push, signal }) => {
      await push({ stream: 'a', logs: [record('one')], onSettled: told.resolve });
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    });
    const { engine, delivery } = start({ sources: [source], untilIdle: false });
    await delivery.flushed;
    delivery.pushes[0]?.settle();
    expect(await told.promise).toEqual({ accepted: 1, deadLettered: 0 });
    expect(await engine.stop(undefined)).toBe(true);
  });

  it('gives a source the positions of its own name, and saves under it', async () => {
    let found: unknown;
    const source = memorySource(async ({ positions, push }) => {
      found = [...positions.entries()];
      positions.forget('old');
      await push({ stream: 'new', logs: [], position: 1 });
    }, 'other');
    const { engine, saved } = start({ sources: [source], options: { id: 'memory' } });
    await engine.ended;
    await engine.stop(0);
    expect(found).toEqual([['old', 3]]);
    expect(saved).toEqual([
      { source: 'memory', stream: 'old', position: undefined },
      { source: 'memory', stream: 'new', position: 1 },
    ]);
  });

  it('makes a source wait while there is no room', async () => {
    let go = () => {};
    const room = new Promise<void>((resolve) => {
      go = resolve;
    });
    const { engine, delivery } = start({ sources: [pushAll(2)], room });
    await turn();
    expect(delivery.pushes).toHaveLength(1);
    go();
    await engine.ended;
    expect(delivery.pushes).toHaveLength(2);
    await engine.stop(0);
  });

  it('rejects what is pushed when the agent ends', async () => {
    let outcome: unknown;
    const source = memorySource(async ({ push }) => {
      outcome = await push({ stream: 'a', logs: [record('x')] }).catch((error: Error) => error.message);
    });
    const { engine } = start({ sources: [source], room: new Promise(() => {}), untilIdle: false });
    await engine.stop(10);
    await engine.ended;
    expect(outcome).toBe('the agent has ended');
  });

  it('passes over what is not wanted, settles it, and tells the sender', async () => {
    const told: Settlement[] = [];
    const source = memorySource(async ({ push }) => {
      const logs = [record('old', { timeUnixNano: 5n }), record('foreign', { parseStatus: 'foreign' }), record('good')];
      await push({ stream: 'a', logs, position: 1, onSettled: (settlement) => void told.push(settlement) });
      await push({ stream: 'a', logs: logs.slice(0, 2), position: 2 });
    });
    const { engine, delivery, saved, counters } = start({
      sources: [source],
      options: { sinceUnixNano: 6n },
      preparation: { dropForeign: true },
      atOnce: true,
    });
    await engine.ended;
    await engine.stop(0);
    expect(delivery.pushes.map(({ bodies }) => bodies)).toEqual([['good']]);
    expect(told).toEqual([{ accepted: 3, deadLettered: 0 }]);
    expect(saved.map(({ position }) => position)).toEqual([2]);
    expect(counters.total()).toMatchObject({ read: 5, filtered: 4, exported: 1 });
  });

  it('begins a failed source anew behind what has arrived, and says what was wrong', async () => {
    let runs = 0;
    const source = memorySource(async ({ push, signal }) => {
      runs += 1;
      if (runs === 1) throw new Error('the door is locked');
      await push({ stream: 'a', logs: [record('x')] });
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    });
    const { engine, delivery, warnings, health, counters } = start({ sources: [source], untilIdle: false });
    while (delivery.pushes.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(warnings).toEqual(['memory: the door is locked']);
    expect(health.get('memory')).toBeUndefined();
    expect(counters.total().failures).toBe(1);
    await engine.stop(0);
  });

  it('does not try a failed source again when all is to end', async () => {
    const source = memorySource(async () => {
      throw new Error('the door is locked');
    });
    const { engine } = start({ sources: [source] });
    expect(await engine.ended).toBe(false);
    await engine.stop(0);
  });

  it('F09 makes a record of a source that has fallen silent, once', async () => {
    const source = memorySource(
      ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    );
    const { engine, delivery } = start({ sources: [source], options: { silentAfterMillis: 50 }, untilIdle: false });
    while (delivery.pushes.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(delivery.pushes.map(({ bodies }) => bodies)).toEqual([['the source has been silent for 0 s']]);
    await engine.stop(0);
  });

  it('keeps a position behind a report until the report has arrived', async () => {
    const source = memorySource(async ({ report, push }) => {
      await report({ event: 'cryptrail.source.silent', message: 'something was lost', fields: new Map() });
      await push({ stream: 'a', logs: [record('x')], position: 9 });
    });
    const { engine, delivery, saved } = start({ sources: [source] });
    await engine.ended;
    delivery.pushes[1]?.settle();
    await turn();
    expect(delivery.pushes.map(({ bodies }) => bodies)).toEqual([['something was lost'], ['x']]);
    delivery.pushes[0]?.settle();
    await engine.stop(0);
    expect(saved).toEqual([{ source: 'memory', stream: 'a', position: 9 }]);
  });
});
