import { products } from '@cryptrail/catalogue';
import { createPipeline } from '@cryptrail/mapper';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { recordDiagnostics } from '../test/diagnostics.ts';
import { emitEvent } from './emit-event.ts';
import { toSdkAttributes } from './sdk-attributes.ts';

function emitted(
  ...[eventName, details]: Parameters<typeof emitEvent> extends [unknown, ...infer Rest] ? Rest : never
) {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
  emitEvent(provider.getLogger('test'), eventName, details);
  return exporter.getFinishedLogRecords()[0];
}

describe('emitEvent', () => {
  it('F01 fills in what the catalogue knows, as the mapper does for a log line', () => {
    const line =
      '{"level":"error","product":"acra-server","unixTime":"1726560000.950","timestamp":"2024-09-17T08:00:00Z","msg":"m","code":512}';
    const read = createPipeline({ products }).readText(line);
    const common = Object.entries(toSdkAttributes(read?.attributes ?? new Map()));
    const ofEvent = common.filter(([name]) => name !== 'cryptrail.source.format');
    expect(read?.eventName).toBe('acra.keys.cant_load_master_key');
    const record = emitted('acra.keys.cant_load_master_key', { severity: 'error', body: 'm', time: new Date(5) });
    expect(record?.attributes).toEqual(Object.fromEntries(ofEvent));
    expect(record).toMatchObject({ hrTime: [0, 5_000_000], severityNumber: 17, severityText: 'error', body: 'm' });
  });

  it('has a body, a severity and the time of now without being told', () => {
    const before = Math.floor(Date.now() / 1000);
    const record = emitted('acra.decryptor.recognized_poison_record');
    expect(record?.hrTime[0]).toBeGreaterThanOrEqual(before);
    expect(record).toMatchObject({ severityNumber: 20, body: expect.stringMatching(/poison/i) });
    expect(record?.attributes).toMatchObject({
      'cryptrail.code': '587',
      'acra.event.code': 587,
      'cryptrail.category': 'deception',
    });
  });

  it('takes the outcome that the caller knows, with the error type of the catalogue', () => {
    expect(emitted('cesecore.cert_creation', { outcome: 'failure' })?.attributes).toMatchObject({
      'cryptrail.outcome': 'failure',
      'error.type': expect.any(String),
    });
    const granted = emitted('cesecore.cert_creation', { outcome: 'success', application: 'ejbca' })?.attributes;
    expect(granted).toMatchObject({ 'cryptrail.outcome': 'success', 'cryptrail.product': 'ejbca' });
    expect(granted).not.toHaveProperty('error.type');
  });

  it('lets the attributes of the caller win', () => {
    const record = emitted('cesecore.cert_creation', {
      attributes: { 'cryptrail.priority': 'critical', big: 2n ** 60n },
    });
    expect(record?.attributes).toMatchObject({ 'cryptrail.priority': 'critical', big: '1152921504606846976' });
  });

  it('keeps a level word that the product does not know as text', () => {
    expect(emitted('cesecore.cert_creation', { severity: 'odd' })).toMatchObject({
      severityNumber: 9,
      severityText: 'odd',
    });
  });

  it('knows every event of the catalogue', () => {
    const diagnostics = recordDiagnostics();
    const logger = { emit: () => {} };
    for (const product of products) for (const name of product.events.keys()) emitEvent(logger, name);
    expect(diagnostics).toEqual([]);
  });

  it('emits an unknown name as it is and says so', () => {
    const diagnostics = recordDiagnostics();
    const record = emitted('mine.own' as never, { severity: 13, attributes: { a: 1 } });
    expect(record).toMatchObject({ eventName: 'mine.own', severityNumber: 13, attributes: { a: 1 } });
    expect(diagnostics).toEqual([expect.stringContaining('"mine.own" is not in the catalogue')]);
  });

  it('does not throw when the logger does', () => {
    recordDiagnostics();
    const logger = {
      emit() {
        throw new Error('no');
      },
    };
    expect(() => emitEvent(logger, 'cesecore.cert_creation')).not.toThrow();
  });

  it('F01 takes the names of the catalogue as literals', () => {
    expectTypeOf<'acra.decryptor.recognized_poison_record'>().toExtend<Parameters<typeof emitEvent>[1]>();
    expectTypeOf<string>().not.toExtend<Parameters<typeof emitEvent>[1]>();
  });
});
