import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, context, type Logger, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recordDiagnostics } from '../test/diagnostics.ts';
import { logRecord } from '../test/log-records.ts';
import { emitRecord, type LoggerLike } from './emit-record.ts';

function emitted(record = logRecord()) {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
  emitRecord(provider.getLogger('test'), record);
  return exporter.getFinishedLogRecords()[0];
}

/** Makes a span active, as an instrumented application has one while it handles a request. */
function activate(active: Context): void {
  const storage = new AsyncLocalStorage<Context>();
  context.setGlobalContextManager({
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (inner, run, self, ...args) => storage.run(inner, () => run.call(self as never, ...args)),
    bind: (_, target) => target,
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  });
  storage.enterWith(active);
  onTestFinished(() => {
    context.disable();
    storage.disable();
  });
}

describe('emitRecord', () => {
  it('F03 emits every part of a record', () => {
    const record = logRecord({
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      attributes: { 'cryptrail.code': '587' },
    });
    expect(emitted(record)).toMatchObject({
      hrTime: [1_726_560_000, 950_000_001],
      hrTimeObserved: [1_726_560_001, 0],
      severityNumber: 13,
      severityText: 'warning',
      eventName: 'acra.decryptor.recognized_poison_record',
      body: 'Recognized poison record',
      attributes: { 'cryptrail.code': '587' },
      spanContext: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
    });
  });

  it('keeps an unknown time unknown, where the SDK would put the present', () => {
    expect(emitted(logRecord({ timeUnixNano: 0n }))?.hrTime).toEqual([0, 0]);
  });

  it('attaches no span that happens to be active', () => {
    activate(trace.setSpanContext(ROOT_CONTEXT, { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16), traceFlags: 1 }));
    expect(emitted()?.spanContext).toBeUndefined();
  });

  it('does not throw when the logger does', () => {
    const diagnostics = recordDiagnostics();
    const logger: LoggerLike = {
      emit() {
        throw new Error('no');
      },
    };
    expect(() => emitRecord(logger, logRecord())).not.toThrow();
    expect(diagnostics).toEqual([expect.stringContaining('refused a record')]);
  });

  it('takes the Logger of @opentelemetry/api', () => {
    const take = (logger: Logger): LoggerLike => logger;
    expect(take).toBeTypeOf('function');
  });
});
