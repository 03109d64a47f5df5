import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { describe, expect, it } from 'vitest';
import { recordDiagnostics } from '../test/diagnostics.ts';
import { logRecord } from '../test/log-records.ts';
import { safe, safeLine } from '../test/made-up-product.ts';
import { emitRecord } from './emit-record.ts';
import { EventCodeProcessor, type EventCodeProcessorOptions } from './event-code-processor.ts';
import { productResourceOf } from './product-resource.ts';

function setUp(options: EventCodeProcessorOptions = {}, limits = {}) {
  const exporter = new InMemoryLogRecordExporter();
  const processor = new EventCodeProcessor({ products: [safe], ...options });
  const provider = new LoggerProvider({
    processors: [processor, new SimpleLogRecordProcessor({ exporter })],
    logRecordLimits: limits,
  });
  return { exporter, processor, provider, logger: provider.getLogger('test') };
}

function emitted(record: Parameters<ReturnType<typeof setUp>['logger']['emit']>[0], options = {}, limits = {}) {
  const { logger, exporter } = setUp(options, limits);
  logger.emit(record);
  return exporter.getFinishedLogRecords()[0];
}

const text = (members = {}) => JSON.stringify(safeLine(members));

describe('EventCodeProcessor', () => {
  it('F03 completes a record whose body is a line of a product', () => {
    expect(emitted({ body: text() })).toMatchObject({
      eventName: 'safe.door.opened',
      severityNumber: 13,
      severityText: 'warning',
      hrTime: [1_772_359_200, 1],
      body: 'opened by hand',
      attributes: {
        'cryptrail.product': 'safe',
        'cryptrail.code': '7',
        'cryptrail.category': 'authorization',
        'safe.code': 7,
        'user.name': 'ann',
      },
    });
  });

  it('completes a record whose body is the parsed line', () => {
    expect(emitted({ body: safeLine() })).toMatchObject({
      eventName: 'safe.door.opened',
      body: 'opened by hand',
      attributes: { 'user.name': 'ann' },
    });
  });

  it('completes a record whose attributes are the parsed line and whose body is its message', () => {
    const { note, ...attributes } = safeLine({ code: 8 });
    const record = emitted({ body: 'knock knock', attributes: { ...attributes, 'thread.id': 5 } });
    expect(record).toMatchObject({ eventName: 'safe.door.knocked', body: 'knock knock' });
    expect(record?.attributes).toMatchObject({ 'user.name': 'ann', 'thread.id': 5 });
    expect(record?.attributes).not.toHaveProperty('who');
  });

  it('F04 lets no secret of a product out, wherever the line stood', () => {
    const records = [
      emitted({ body: text({ pin: '4711' }) }),
      emitted({ body: safeLine({ pin: '4711' }) }),
      emitted({ body: 'x', attributes: safeLine({ pin: '4711' }) }),
    ];
    for (const record of records) {
      expect(record?.eventName).toBe('safe.door.opened');
      expect(JSON.stringify([record?.body, record?.attributes])).not.toContain('4711');
    }
  });

  it('F04 lets nothing of a broken product line out, since nobody can tell where its secrets are', () => {
    const record = emitted({ body: `${text({ pin: '4711' }).slice(0, -1)}, "more` });
    expect(record?.attributes).toMatchObject({ 'cryptrail.product': 'safe', 'cryptrail.parse.status': 'unparsed' });
    expect(JSON.stringify([record?.body, record?.attributes])).not.toContain('4711');
  });

  it('keeps the severity that the record has', () => {
    const record = emitted({ body: text(), severityNumber: 21, severityText: 'ALERT' });
    expect(record).toMatchObject({ severityNumber: 21, severityText: 'ALERT' });
  });

  it('keeps the product line within the trace that it names', () => {
    const line = text({ trace: 'a'.repeat(32), span: 'b'.repeat(16) });
    const host = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16), traceFlags: 1 };
    const context = trace.setSpanContext(ROOT_CONTEXT, host);
    expect(emitted({ body: line, context })?.spanContext).toMatchObject({ traceId: 'a'.repeat(32) });
    expect(emitted({ body: text(), context })?.spanContext).toMatchObject({ traceId: 'c'.repeat(32) });
  });

  it.each([
    ['text of another program', { body: 'listening on port 80', attributes: { port: 80 } }],
    ['an event that has its name', { body: text(), eventName: 'mine' }],
    ['no body', {}],
    ['a number', { body: 7 }],
    ['a list', { body: [1, 2] }],
    ['blank text', { body: '  ' }],
  ])('leaves a record with %s as it is', (_, record) => {
    const attributes = 'attributes' in record ? record.attributes : {};
    const after = emitted(record);
    expect(after?.body).toEqual('body' in record ? record.body : undefined);
    expect(after?.attributes).toEqual(attributes);
    expect(after?.eventName).toBe('eventName' in record ? record.eventName : undefined);
  });

  it('never touches the resource, but remembers which product instance a record is about', () => {
    const { logger, exporter, provider } = setUp();
    logger.emit({ body: text() });
    logger.emit({ body: 'something else' });
    const [found, other] = exporter.getFinishedLogRecords();
    expect(found?.resource).toBe(other?.resource);
    expect(found?.resource.attributes['service.name']).not.toBe('safe-door');
    expect(found && productResourceOf(found)?.attributes).toEqual(
      new Map([
        ['service.name', 'safe-door'],
        ['service.version', '1.0'],
      ]),
    );
    expect(other && productResourceOf(other)).toBeUndefined();
    return provider.shutdown();
  });

  it('remembers the product instance of a record that emitRecord sent', () => {
    const { logger, exporter } = setUp();
    const record = logRecord();
    emitRecord(logger, record);
    const [after] = exporter.getFinishedLogRecords();
    expect(after && productResourceOf(after)).toBe(record.resource);
  });

  it('passes what the skip option names', () => {
    const skip = ({ attributes }: { attributes: Readonly<Record<string, unknown>> }) => attributes.raw === true;
    expect(emitted({ body: text(), attributes: { raw: true } }, { skip })?.eventName).toBeUndefined();
    expect(emitted({ body: text() }, { skip })?.eventName).toBe('safe.door.opened');
  });

  it('keeps within the attribute limits of the SDK', () => {
    const record = emitted({ body: text() }, {}, { attributeCountLimit: 2, attributeValueLengthLimit: 3 });
    expect(record?.attributes).toEqual({ 'cryptrail.product': 'saf', 'cryptrail.code': '7' });
    expect(record?.droppedAttributesCount).toBeGreaterThan(0);
  });

  it('changes nothing of a record that was emitted before', () => {
    const { logger, exporter } = setUp({ skip: () => true });
    logger.emit({ body: 'x', attributes: safeLine() });
    const [frozen] = exporter.getFinishedLogRecords();
    const before = { ...frozen?.attributes };
    new EventCodeProcessor({ products: [safe] }).onEmit(frozen as never);
    expect(frozen).toMatchObject({ body: 'x', attributes: before });
    expect(frozen?.eventName).toBeUndefined();
  });

  it('does not throw at the application, whatever goes wrong, and says so once', () => {
    const diagnostics = recordDiagnostics();
    const skip = () => {
      throw new Error('mistake of the application');
    };
    const { logger, exporter } = setUp({ skip });
    logger.emit({ body: text() });
    logger.emit({ body: text() });
    expect(exporter.getFinishedLogRecords()).toHaveLength(2);
    expect(diagnostics.filter((line) => line.includes('EventCodeProcessor'))).toHaveLength(1);
  });

  it('does nothing after shutdown', async () => {
    const { logger, exporter, processor } = setUp();
    await processor.shutdown();
    logger.emit({ body: text() });
    expect(exporter.getFinishedLogRecords()[0]?.eventName).toBeUndefined();
  });

  it('hands records, flush and shutdown on to the next processor', async () => {
    const calls: string[] = [];
    const next = {
      onEmit: (record: { eventName?: string }) => calls.push(`emit ${record.eventName}`),
      forceFlush: async () => void calls.push('flush'),
      shutdown: async () => void calls.push('shutdown'),
    };
    const provider = new LoggerProvider({
      processors: [new EventCodeProcessor({ products: [safe], next: next as never })],
    });
    provider.getLogger('test').emit({ body: text() });
    await provider.forceFlush();
    await provider.shutdown();
    expect(calls).toEqual(['emit safe.door.opened', 'flush', 'shutdown']);
  });

  it('keeps no logger enabled that nobody else listens to', () => {
    const alone = new LoggerProvider({ processors: [new EventCodeProcessor({ products: [safe] })] });
    expect(alone.getLogger('test').enabled()).toBe(false);
    expect(setUp().logger.enabled()).toBe(true);
  });
});
