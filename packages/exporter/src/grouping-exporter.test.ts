import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import {
  BatchLogRecordProcessor,
  InMemoryLogRecordExporter,
  LoggerProvider,
  type LogRecordExporter,
  type ReadableLogRecord,
} from '@opentelemetry/sdk-logs';
import { describe, expect, it } from 'vitest';
import { recordDiagnostics } from '../test/diagnostics.ts';
import { logRecord } from '../test/log-records.ts';
import { safe, safeLine } from '../test/made-up-product.ts';
import { EventCodeProcessor } from './event-code-processor.ts';
import { createGroupingExporter, type GroupingExporterOptions, type RecordProblem } from './grouping-exporter.ts';
import { sdkResource } from './sdk-resource.ts';
import { toReadableLogRecord } from './to-readable-log-record.ts';

function readable(changes: object = {}): ReadableLogRecord {
  return { ...toReadableLogRecord(logRecord()), ...changes };
}

function exportAll(exporter: LogRecordExporter, records: ReadableLogRecord[]) {
  return new Promise((resolve) => exporter.export(records, resolve));
}

/** An exporter of someone else that serialises first, as the stock ones do, and fails where the text says so. */
function touchyExporter() {
  const sent: unknown[][] = [];
  const exporter = new InMemoryLogRecordExporter();
  return {
    sent,
    exporter: Object.assign(exporter, {
      export(records: ReadableLogRecord[], done: (result: { code: number; error?: Error }) => void) {
        if (records.some(({ body }) => body === 'poison')) throw new TypeError('cannot serialise poison');
        sent.push(records.map(({ body }) => body));
        const failed = records.some(({ body }) => body === 'unwanted');
        done(failed ? { code: 1, error: new Error('unwanted') } : { code: 0 });
      },
    }) as LogRecordExporter,
  };
}

/** What a host application with our processor and wrapper sends for these bodies. */
async function sentByHost(bodies: unknown[], options: GroupingExporterOptions = {}) {
  const inner = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({
    resource: sdkResource({ 'service.name': 'forwarder', 'deployment.environment.name': 'staging' }),
    processors: [
      new EventCodeProcessor({ products: [safe] }),
      new BatchLogRecordProcessor({ exporter: createGroupingExporter(inner, options) }),
    ],
  });
  const logger = provider.getLogger('app');
  for (const body of bodies) logger.emit({ body: body as string });
  await provider.forceFlush();
  return inner.getFinishedLogRecords();
}

describe('createGroupingExporter', () => {
  it('sends recognised records under the resource of their product instance and others under the application', async () => {
    const line = (version: string) => JSON.stringify(safeLine({ safe_version: version }));
    const records = await sentByHost([line('1.0'), 'plain', line('2.0'), line('1.0')]);
    expect(records.map(({ resource }) => resource.attributes)).toEqual([
      { 'service.name': 'safe-door', 'service.version': '1.0' },
      { 'service.name': 'forwarder', 'deployment.environment.name': 'staging' },
      { 'service.name': 'safe-door', 'service.version': '2.0' },
      { 'service.name': 'safe-door', 'service.version': '1.0' },
    ]);
    expect(records[0]?.resource).toBe(records[3]?.resource);
    expect(records[0]).toMatchObject({ eventName: 'safe.door.opened', instrumentationScope: { name: 'app' } });
    expect(ProtobufLogsSerializer.serializeRequest(records)?.length).toBeGreaterThan(0);
  });

  it('lets product resources inherit what the application alone knows', async () => {
    const line = JSON.stringify(safeLine());
    const records = await sentByHost([line, line], {
      inherit: ['deployment.environment.name', 'service.name', 'absent'],
    });
    expect(records[0]?.resource.attributes).toEqual({
      'service.name': 'safe-door',
      'service.version': '1.0',
      'deployment.environment.name': 'staging',
    });
    expect(records[0]?.resource).toBe(records[1]?.resource);
  });

  it('F06 lets one bad record cost itself only', async () => {
    const { exporter, sent } = touchyExporter();
    const problems: RecordProblem[] = [];
    const wrapped = createGroupingExporter(exporter, { report: (problem) => problems.push(problem) });
    const records = ['a', 'b', 'poison', 'c', 'd'].map((body) => readable({ body }));
    expect(await exportAll(wrapped, records)).toEqual({ code: 0 });
    expect(sent.flat().sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(problems).toEqual([{ kind: 'lost', reason: 'TypeError', record: records[2] }]);
  });

  it('mends a record that would spoil the batch, and reports it', async () => {
    const inner = new InMemoryLogRecordExporter();
    const problems: RecordProblem[] = [];
    const wrapped = createGroupingExporter(inner, { report: (problem) => problems.push(problem) });
    const bad = readable({ hrTime: [Number.NaN, Number.NaN], attributes: { ratio: Number.NaN } });
    const good = readable();
    expect(await exportAll(wrapped, [good, bad])).toEqual({ code: 0 });
    expect(inner.getFinishedLogRecords()[0]).toBe(good);
    expect(inner.getFinishedLogRecords()[1]).toMatchObject({ hrTime: [0, 0], attributes: { ratio: 'NaN' } });
    expect(problems).toEqual([{ kind: 'mended', reason: 'hrTime, attributes', record: bad }]);
  });

  it('gives up a record that cannot even be read', async () => {
    const { exporter, sent } = touchyExporter();
    const unreadable = Object.defineProperty(readable(), 'body', {
      get() {
        throw new RangeError('no');
      },
    });
    const diagnostics = recordDiagnostics();
    expect(await exportAll(createGroupingExporter(exporter), [unreadable, readable({ body: 'a' })])).toEqual({
      code: 0,
    });
    expect(sent).toEqual([['a']]);
    expect(diagnostics).toEqual(['cryptrail: a log record was lost: RangeError']);
  });

  it('answers with a failure when no record of the batch could be sent', async () => {
    const wrapped = createGroupingExporter(touchyExporter().exporter, { report: () => {} });
    expect(await exportAll(wrapped, [readable({ body: 'poison' })])).toMatchObject({
      code: 1,
      error: expect.any(Error),
    });
  });

  it('passes the failure of the exporter on, also that of a part', async () => {
    const wrapped = createGroupingExporter(touchyExporter().exporter, { report: () => {} });
    const records = ['a', 'poison', 'unwanted'].map((body) => readable({ body }));
    expect(await exportAll(wrapped, records)).toMatchObject({ code: 1, error: { message: 'unwanted' } });
  });

  it('survives a report callback that throws', async () => {
    const diagnostics = recordDiagnostics();
    const report = () => {
      throw new Error('mistake');
    };
    const wrapped = createGroupingExporter(touchyExporter().exporter, { report });
    expect(await exportAll(wrapped, [readable({ hrTime: [Number.NaN, 0] })])).toEqual({ code: 0 });
    expect(diagnostics).toEqual([expect.stringContaining('report callback')]);
  });

  it('answers an empty batch as the exporter does', async () => {
    expect(await exportAll(createGroupingExporter(new InMemoryLogRecordExporter()), [])).toEqual({ code: 0 });
  });

  it('hands flush and shutdown on', async () => {
    const calls: string[] = [];
    const inner = Object.assign(new InMemoryLogRecordExporter(), {
      forceFlush: async () => void calls.push('flush'),
      shutdown: async () => void calls.push('shutdown'),
    });
    const wrapped = createGroupingExporter(inner);
    await wrapped.forceFlush();
    await wrapped.shutdown();
    expect(calls).toEqual(['flush', 'shutdown']);
  });
});
