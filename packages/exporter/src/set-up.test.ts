import { logs } from '@opentelemetry/api';
import { InMemoryLogRecordExporter } from '@opentelemetry/sdk-logs';
import { describe, expect, it, vi } from 'vitest';
import { recordDiagnostics } from '../test/diagnostics.ts';
import { logRecord } from '../test/log-records.ts';
import { safe, safeLine } from '../test/made-up-product.ts';
import { startReceiver } from '../test/otlp-receiver.ts';
import { emitRecord } from './emit-record.ts';
import { setUpCryptrail } from './set-up.ts';

describe('setUpCryptrail', () => {
  it('F03 takes lines from a logger to an OTLP backend, grouped by product instance', async () => {
    const receiver = await startReceiver();
    const { logger, shutdown } = await setUpCryptrail({
      export: { endpoint: receiver.endpoint, protocol: 'http/protobuf', env: {} },
      processor: { products: [safe] },
    });
    logger.emit({ body: JSON.stringify(safeLine()) });
    emitRecord(logger, logRecord());
    await shutdown();
    const services = receiver.received.flatMap(({ request }) =>
      request.resourceLogs.map(({ resource, scopeLogs }) => [
        resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue,
        scopeLogs.flatMap(({ logRecords }) => logRecords.map(({ eventName }) => eventName)),
      ]),
    );
    expect(services).toEqual([
      ['safe-door', ['safe.door.opened']],
      ['acra-server', ['acra.decryptor.recognized_poison_record']],
    ]);
  });

  it('reads all products of the catalogue unless told otherwise', async () => {
    const exporter = new InMemoryLogRecordExporter();
    const { logger, flush } = await setUpCryptrail({ export: exporter });
    logger.emit({ body: 'time="2024-09-17T08:00:00Z" level=warning msg="Recognized poison record" code=587' });
    await flush();
    expect(exporter.getFinishedLogRecords()).toMatchObject([
      { eventName: 'acra.decryptor.recognized_poison_record', instrumentationScope: { name: 'cryptrail' } },
    ]);
  });

  it('sets no globals', async () => {
    const before = logs.getLoggerProvider();
    const { shutdown } = await setUpCryptrail({ export: new InMemoryLogRecordExporter() });
    expect(logs.getLoggerProvider()).toBe(before);
    await shutdown();
  });

  it('says in the diagnostics, and only there, that a flush or shutdown failed', async () => {
    const diagnostics = recordDiagnostics();
    const exporter = Object.assign(new InMemoryLogRecordExporter(), {
      shutdown: () => Promise.reject(new Error('no')),
    });
    const { shutdown } = await setUpCryptrail({ export: exporter });
    await expect(shutdown()).resolves.toBeUndefined();
    await vi.waitFor(() => expect(diagnostics).toEqual([expect.stringContaining('could not be closed')]));
  });

  it('rejects a wrong option while setting up', async () => {
    await expect(setUpCryptrail({ export: { protocol: 'smoke' as never, env: {} } })).rejects.toMatchObject({
      code: 'invalid_option',
    });
  });
});
