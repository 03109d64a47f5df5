/** Everything by which the stock batch processor and exporters are known to lose records, each as it would happen to an application. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InMemoryLogRecordExporter, type LogRecordExporter } from '@opentelemetry/sdk-logs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recordDiagnostics } from '../../test/diagnostics.ts';
import { type Answer, type Received, recordsOf, startReceiver } from '../../test/otlp-receiver.ts';
import type { RecordProblem } from '../grouping-exporter.ts';
import { type SetUpOptions, setUpCryptrail } from '../set-up.ts';

async function setUp(
  answer: (received: Received, at: number) => Answer | Promise<Answer> = () => ({}),
  options: SetUpOptions = {},
) {
  const receiver = await startReceiver(answer);
  const problems: RecordProblem[] = [];
  const ready = await setUpCryptrail({
    export: { endpoint: receiver.endpoint, protocol: 'http/protobuf', env: {} },
    grouping: { report: (problem) => problems.push(problem) },
    ...options,
  });
  onTestFinished(() => ready.shutdown());
  const bodies = () => recordsOf(receiver.received).map(({ body }) => body?.stringValue);
  return { ...ready, receiver, problems, bodies };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cryptrail-durable-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'spool');
}

const later = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

describe('setUpCryptrail, where the stock SDK loses records,', () => {
  it('F06 delivers a burst of 10,000 in one turn', async () => {
    const { logger, shutdown, bodies, counts } = await setUp();
    for (let at = 0; at < 10_000; at += 1) logger.emit({ body: `record ${at}` });
    await shutdown();
    expect(new Set(bodies()).size).toBe(10_000);
    expect(counts()).toMatchObject({ emitted: 10_000, dropped: 0, delivered: 10_000, refused: 0, held: 0 });
  });

  it('delivers a plain loop over lines to a backend that takes 20 ms', async () => {
    const { logger, shutdown, bodies } = await setUp(async () => {
      await later(20);
      return {};
    });
    for (let at = 0; at < 6000; at += 1) {
      logger.emit({ body: `record ${at}` });
      if (at % 1000 === 0) await later(0);
    }
    await shutdown();
    expect(new Set(bodies()).size).toBe(6000);
  });

  it('resolves a second flush only when its records have arrived', async () => {
    const { logger, flush, bodies } = await setUp(async () => {
      await later(50);
      return {};
    });
    logger.emit({ body: 'first' });
    const first = flush();
    logger.emit({ body: 'second' });
    await flush();
    expect(bodies()).toEqual(expect.arrayContaining(['first', 'second']));
    await first;
  });

  it('delivers what is emitted between a flush that nobody awaits and the shutdown', async () => {
    const { logger, flush, shutdown, bodies } = await setUp();
    for (let at = 0; at < 10; at += 1) logger.emit({ body: `record ${at}` });
    void flush();
    for (let at = 10; at < 20; at += 1) logger.emit({ body: `record ${at}` });
    await shutdown();
    expect(new Set(bodies()).size).toBe(20);
  });

  const circular: Record<string, unknown> = {};
  circular.self = circular;
  it.each<[string, object]>([
    ['an invalid date', { timestamp: new Date('not a date') }],
    ['a time before 1970', { timestamp: new Date('1960-01-01') }],
    ['a body that contains itself', { body: circular }],
    ['not a number', { attributes: { value: Number.NaN } }],
    ['infinity', { attributes: { value: Number.NEGATIVE_INFINITY } }],
    ['a number beyond 64 bit', { attributes: { value: 1e300 } }],
    ['a body that is a bigint', { body: 2n ** 70n }],
    ['broken Unicode', { body: 'half a pair \ud800' }],
    ['a function as body', { body: () => {} }],
  ])('delivers 512 records when one of them has %s', async (_, odd) => {
    for (const protocol of ['http/protobuf', 'http/json'] as const) {
      const receiver = await startReceiver();
      const { logger, shutdown, counts } = await setUpCryptrail({
        export: { endpoint: receiver.endpoint, protocol, env: {} },
      });
      for (let at = 0; at < 511; at += 1) logger.emit({ body: `record ${at}` });
      logger.emit({ body: 'odd', ...odd } as never);
      await shutdown();
      expect(recordsOf(receiver.received)).toHaveLength(512);
      expect(counts().delivered).toBe(512);
    }
  });

  it('keeps integers up to 2^53 and beyond as they are', async () => {
    const { logger, shutdown, receiver } = await setUp();
    logger.emit({ body: 'big', attributes: { safe: Number.MAX_SAFE_INTEGER, beyond: 2 ** 60, negative: -(2 ** 62) } });
    await shutdown();
    const values = recordsOf(receiver.received)[0]?.attributes.map(({ value }) => value.intValue);
    expect(values).toEqual(['9007199254740991', '1152921504606846976', '-4611686018427387904']);
  });

  it('C30 waits for a backend that asks for a second, and for one that fails more than five times', async () => {
    const answers: Answer[] = [
      { status: 429, headers: { 'retry-after': '1' } },
      ...Array.from({ length: 6 }, () => ({ status: 503, headers: { 'retry-after': '0' } })),
    ];
    const { logger, flush, counts, receiver } = await setUp((_, at) => answers[at] ?? {});
    logger.emit({ body: 'patient' });
    await flush();
    expect(receiver.received).toHaveLength(8);
    expect(counts()).toMatchObject({ delivered: 1, dropped: 0 });
  });

  it('F06 counts what a backend rejects of a batch that it accepted', async () => {
    const partial = new Uint8Array([0x0a, 0x02, 0x08, 0x02]);
    const { logger, shutdown, counts } = await setUp(() => ({ body: partial }), { batch: { onDeadLetter: () => {} } });
    logger.emit({ body: 'one' });
    logger.emit({ body: 'two' });
    await shutdown();
    expect(counts()).toMatchObject({ delivered: 0, refused: 2 });
  });

  it('survives an exporter that throws over one record', async () => {
    const memory = new InMemoryLogRecordExporter();
    const sent: unknown[] = [];
    const fussy: LogRecordExporter = {
      export(records, done) {
        if (records.some(({ body }) => body === 'bad')) throw new TypeError('cannot serialise');
        sent.push(...records.map(({ body }) => body));
        memory.export(records, done);
      },
      forceFlush: async () => {},
      shutdown: async () => {},
    };
    const { logger, shutdown, counts } = await setUpCryptrail({ export: fussy, batch: { onDeadLetter: () => {} } });
    for (const body of ['a', 'b', 'bad', 'c']) logger.emit({ body });
    await shutdown();
    expect(sent).toEqual(expect.arrayContaining(['a', 'b', 'c']));
    expect(counts()).toMatchObject({ delivered: 3, refused: 1 });
  });

  it('F06 counts, reports and tells of what has no room, and lets a caller wait for room instead', async () => {
    const diagnostics = recordDiagnostics();
    const { logger, room, counts, problems } = await setUp(
      async () => {
        await later(20);
        return {};
      },
      { maxQueueBytes: 20_000, batch: { maxBatchBytes: 4000, maxHeldBytes: 8000 } },
    );
    const body = 'x'.repeat(500);
    for (let at = 0; at < 100; at += 1) logger.emit({ body });
    const { dropped } = counts();
    expect(dropped).toBeGreaterThan(50);
    expect(problems.filter(({ kind }) => kind === 'lost')).toHaveLength(dropped);
    expect(diagnostics.join()).toMatch(/log records are lost: 20000 bytes wait/);
    for (let at = 0; at < 100; at += 1) {
      await room();
      logger.emit({ body });
    }
    expect(counts().dropped).toBe(dropped);
  });

  it('F06 counts what is emitted after the shutdown', async () => {
    const { logger, provider, shutdown, counts } = await setUp();
    const processorSees = provider.getLogger('late');
    await shutdown();
    processorSees.emit({ body: 'late' });
    logger.emit({ body: 'late' });
    // The SDK itself lets nothing through to the processor any more.
    expect(counts()).toMatchObject({ emitted: 0, dropped: 0 });
  });
});

describe('setUpCryptrail, durable,', () => {
  it('has each record on disk when flush resolves, though nobody answers', async () => {
    const dir = temporaryFolder();
    const { logger, flush, counts } = await setUp(() => ({ status: 503 }), { durable: { dir }, exitMillis: 50 });
    logger.emit({ body: 'kept' });
    await flush();
    expect(readdirSync(dir).filter((name) => name.startsWith('spool-0'))).toHaveLength(1);
    expect(counts()).toMatchObject({ emitted: 1, dropped: 0, delivered: 0 });
  });

  it('C30 delivers at the next start what the backend did not take before', async () => {
    const dir = temporaryFolder();
    const before = await setUp(() => ({ status: 503 }), { durable: { dir }, exitMillis: 50 });
    for (let at = 0; at < 100; at += 1) before.logger.emit({ body: `record ${at}` });
    await before.shutdown();
    const after = await setUp(() => ({}), { durable: { dir } });
    after.logger.emit({ body: 'record 100' });
    await after.shutdown();
    expect(new Set(after.bodies()).size).toBe(101);
    expect(readdirSync(dir).filter((name) => name.startsWith('spool-0'))).toEqual([]);
  });

  it('delivers 20,000 records in bounded memory', async () => {
    const { logger, shutdown, bodies, counts } = await setUp(() => ({}), {
      durable: { dir: temporaryFolder() },
      batch: { maxHeldBytes: 200_000 },
    });
    for (let at = 0; at < 20_000; at += 1) {
      logger.emit({ body: `record ${at}` });
      if (at % 500 === 0) {
        await later(0);
        expect(counts().heldBytes).toBeLessThan(600_000);
      }
    }
    await shutdown();
    expect(new Set(bodies()).size).toBe(20_000);
  });

  it('drops, counts and tells of what has no room on disk', async () => {
    const diagnostics = recordDiagnostics();
    const { logger, counts } = await setUp(() => ({ status: 503 }), {
      durable: { dir: temporaryFolder(), maxBytes: 10_000 },
      exitMillis: 50,
    });
    for (let at = 0; at < 50; at += 1) logger.emit({ body: 'x'.repeat(500) });
    expect(counts().dropped).toBeGreaterThan(20);
    expect(diagnostics.join()).toContain('the spool holds');
  });
});
