import { Double, type LogRecord } from '@cryptrail/mapper';
import { InMemoryLogRecordExporter } from '@opentelemetry/sdk-logs';
import { describe, expect, it } from 'vitest';
import { acraServer, ejbca, logRecord } from '../../test/log-records.ts';
import { type Answer, type Received, recordsOf, startReceiver } from '../../test/otlp-receiver.ts';
import { createDelivery, type DeliveryOptions } from './create-delivery.ts';

async function deliver(records: Iterable<LogRecord>, options: DeliveryOptions) {
  const delivery = await createDelivery({ env: {}, ...options });
  for (const record of records) await delivery.push(record);
  return delivery.end();
}

const numbered = (count: number) => Array.from({ length: count }, (_, at) => logRecord({ body: `record ${at}` }));
const bodiesOf = (received: readonly Received[]) => recordsOf(received).map(({ body }) => body?.stringValue);

/** A receiver that gives these answers one after the other, then accepts. */
const startWith = (...answers: Answer[]) => startReceiver((_, at) => answers[at] ?? {});

describe('createDelivery', () => {
  it.each(['http/json', 'http/protobuf'] as const)('F02 E97 delivers exact values over %s', async (protocol) => {
    const receiver = await startReceiver();
    const record = logRecord({ attributes: { memory: new Double(820), sequence: 2n ** 62n } });
    expect(await deliver([record], { protocol, endpoint: receiver.endpoint })).toEqual({ delivered: 1, refused: 0 });
    expect(recordsOf(receiver.received)[0]?.attributes).toEqual([
      { key: 'memory', value: { doubleValue: 820 } },
      { key: 'sequence', value: { intValue: '4611686018427387904' } },
    ]);
  });

  it('groups by resource and keeps the order within one', async () => {
    const receiver = await startReceiver();
    const records = numbered(4).map((record, at) => ({ ...record, resource: at % 2 === 0 ? acraServer : ejbca }));
    await deliver(records, { endpoint: receiver.endpoint });
    expect(receiver.received).toHaveLength(1);
    expect(receiver.received[0]?.request.resourceLogs).toHaveLength(2);
    expect(bodiesOf(receiver.received)).toEqual(['record 0', 'record 2', 'record 1', 'record 3']);
  });

  it('cuts batches by number of records', async () => {
    const receiver = await startReceiver();
    const result = await deliver(numbered(25), { endpoint: receiver.endpoint, maxBatchRecords: 10 });
    expect(result).toEqual({ delivered: 25, refused: 0 });
    const sizes = receiver.received.map((one) => recordsOf([one]).length);
    expect(sizes.sort()).toEqual([10, 10, 5]);
  });

  it('cuts batches by size, and sends a record that is larger by itself', async () => {
    const receiver = await startReceiver();
    const records = [10, 5000, 10, 10].map((length) => logRecord({ body: 'x'.repeat(length) }));
    await deliver(records, { endpoint: receiver.endpoint, maxBatchBytes: 1000 });
    expect(receiver.received.map((one) => recordsOf([one]).length).sort()).toEqual([1, 1, 2]);
  });

  it('has several requests under way, but no more than it may', async () => {
    let waiting: (() => void)[] = [];
    const receiver = await startReceiver(async () => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length < 3) return;
        for (const release of waiting) release();
        waiting = [];
      });
      return {};
    });
    const options = { endpoint: receiver.endpoint, maxBatchRecords: 1, maxInFlight: 3 };
    expect(await deliver(numbered(9), options)).toEqual({ delivered: 9, refused: 0 });
    expect(receiver.mostAtOnce()).toBe(3);
  });

  it('C30 tries again what the backend puts off', async () => {
    const receiver = await startWith({ status: 503 }, { status: 429 });
    expect(await deliver(numbered(2), { endpoint: receiver.endpoint })).toEqual({ delivered: 2, refused: 0 });
    expect(receiver.received).toHaveLength(3);
  });

  it('waits as long as the backend asks', async () => {
    const receiver = await startWith({ status: 429, headers: { 'retry-after': '1' } });
    const start = performance.now();
    expect(await deliver(numbered(1), { endpoint: receiver.endpoint })).toEqual({ delivered: 1, refused: 0 });
    expect(performance.now() - start).toBeGreaterThan(990);
  });

  it('gives up when the time is over, and asks for nothing more', async () => {
    const receiver = await startReceiver(() => ({ status: 503, headers: { 'retry-after': '30' } }));
    const options = { endpoint: receiver.endpoint, timeoutMillis: 100, maxBatchRecords: 1, maxInFlight: 1 };
    expect(await deliver(numbered(3), options)).toEqual({ delivered: 0, refused: 3, error: expect.any(String) });
    expect(receiver.received).toHaveLength(1);
  });

  it('C30 counts every record when nobody listens', async () => {
    const result = await deliver(numbered(3), { endpoint: 'http://127.0.0.1:9', timeoutMillis: 200 });
    expect(result).toEqual({ delivered: 0, refused: 3, error: expect.stringContaining('ECONNREFUSED') });
  });

  it('goes on behind a batch whose content is refused', async () => {
    const receiver = await startWith({ status: 400, body: 'bad\u001b[31m record' });
    const options = { endpoint: receiver.endpoint, maxBatchRecords: 1, maxInFlight: 1 };
    const result = await deliver(numbered(3), options);
    expect(result).toMatchObject({
      delivered: 2,
      refused: 1,
      error: expect.stringMatching(/^status 400 .*bad \[31m record \(/),
    });
  });

  it('asks for nothing more once the backend has refused the sender', async () => {
    const receiver = await startReceiver(() => ({ status: 401 }));
    const options = { endpoint: receiver.endpoint, maxBatchRecords: 1, maxInFlight: 1 };
    const result = await deliver(numbered(3), options);
    expect(result).toMatchObject({ delivered: 0, refused: 3, error: expect.stringContaining('401') });
    expect(receiver.received).toHaveLength(1);
  });

  it('halves a batch that is too large for the backend', async () => {
    const receiver = await startReceiver((one) => (recordsOf([one]).length > 2 ? { status: 413 } : {}));
    expect(await deliver(numbered(5), { endpoint: receiver.endpoint })).toEqual({ delivered: 5, refused: 0 });
  });

  it.each<[DeliveryOptions['protocol'], string | Uint8Array]>([
    ['http/json', '{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}'],
    ['http/protobuf', new Uint8Array([0x0a, 0x0b, 0x08, 2, 0x12, 7, ...new TextEncoder().encode('too old')])],
  ])('F06 counts what the backend rejects of an accepted batch over %s', async (protocol, body) => {
    const receiver = await startWith({ body });
    expect(await deliver(numbered(5), { protocol, endpoint: receiver.endpoint })).toEqual({
      delivered: 3,
      refused: 2,
      error: expect.stringMatching(/^the backend rejected records: too old \(acra\.\S+ of 2024/),
    });
  });

  it('takes an answer that cannot be read for a full success', async () => {
    const receiver = await startWith({ body: 'OK' });
    expect(await deliver(numbered(1), { endpoint: receiver.endpoint })).toEqual({ delivered: 1, refused: 0 });
  });

  it('sends through any exporter of the SDK', async () => {
    const exporter = Object.assign(new InMemoryLogRecordExporter(), { shutdown: async () => {} });
    expect(await deliver(numbered(2), { exporter })).toEqual({ delivered: 2, refused: 0 });
    expect(exporter.getFinishedLogRecords().map(({ body }) => body)).toEqual(['record 0', 'record 1']);
  });

  it('turns what an exporter throws into a result', async () => {
    const exporter = Object.assign(new InMemoryLogRecordExporter(), {
      export() {
        throw new TypeError('broken');
      },
      shutdown: () => Promise.reject(new Error('broken too')),
    });
    expect(await deliver(numbered(2), { exporter })).toEqual({
      delivered: 0,
      refused: 2,
      error: expect.stringMatching(/^broken \(/),
    });
  });

  it('has nothing to report when nothing was pushed', async () => {
    const receiver = await startReceiver();
    expect(await deliver([], { endpoint: receiver.endpoint })).toEqual({ delivered: 0, refused: 0 });
    expect(receiver.received).toEqual([]);
  });

  it('says what is wrong with an option before anything is sent', async () => {
    await expect(createDelivery({ endpoint: 'nowhere', env: {} })).rejects.toMatchObject({ code: 'invalid_option' });
    await expect(createDelivery({ maxInFlight: 0, env: {} })).rejects.toMatchObject({
      message: 'maxInFlight: expected a number above 0, found "0"',
    });
  });
});
