import { products } from '@cryptrail/catalogue';
import { entries } from '@cryptrail/catalogue/entries';
import { createPipeline } from '@cryptrail/mapper';
import { describe, expect, it } from 'vitest';
import { createCoverage } from './coverage.ts';

/** Coverage of Acra lines at these levels, all with the code of a poison record. */
function coverOf(levels: readonly string[], options = { important: false }) {
  const counted = createCoverage(entries, options);
  const pipeline = createPipeline({ products });
  for (const level of levels) {
    const record = pipeline.readText(
      `{"code":587,"level":"${level}","msg":"Recognized poison record","product":"acra-server"}`,
    );
    if (record) counted.add(record);
  }
  return counted.result();
}

describe('createCoverage', () => {
  it('F10 counts what was seen and says of the rest why not', () => {
    const [acra, ...others] = coverOf(['warning', 'warning']);
    expect(others).toEqual([]);
    expect(acra).toMatchObject({ product: 'acra', records: 2, withoutEvent: 0, lowestLevel: 'warning' });
    expect(acra?.seen).toMatchObject([{ event: 'acra.decryptor.recognized_poison_record', code: '587', count: 2 }]);
    const reasons = new Map(acra?.unseen.map(({ event, reason }) => [event, reason]));
    expect(reasons.get('acra.service.starting')).toBe('below_level');
    expect(reasons.get('acra.keys.cant_load_master_key')).toBe('not_emitted');
    expect(reasons.get('acra.censor.query_is_not_allowed')).toBe('not_seen');
    expect(reasons.has('acra.decryptor.recognized_poison_record')).toBe(false);
  });

  it('takes no level for hidden of which there is a record', () => {
    const [acra] = coverOf(['warning', 'debug']);
    expect(acra?.unseen.some(({ reason }) => reason === 'below_level')).toBe(false);
  });

  it('E08 says which levels cannot be present in a log whose lowest level is error', () => {
    const aqtive = (level: string) => {
      const counted = createCoverage(entries, { important: false });
      const created = '"created_at":"2024-05-13T08:00:00","hostname":"h","pid":1';
      const record = createPipeline({ products }).readText(
        `{"id":"0c5b1c4e-5f0d-4c86-9f7c-3a1f1f2b7a10",${created},"level":"${level}","log_type":"application","message":"m"}`,
      );
      if (record) counted.add(record);
      return counted.result()[0];
    };
    expect(aqtive('error')).toMatchObject({ lowestLevel: 'error', levelsBelow: ['debug', 'info', 'warning'] });
    expect(aqtive('info')).toMatchObject({ lowestLevel: 'info', levelsBelow: ['debug'] });
    expect(aqtive('debug')).toMatchObject({ levelsBelow: [] });
  });

  it('looks at important events only when asked, and at a product without records when it was named', () => {
    const [acra] = coverOf(['warning'], { important: true });
    expect(acra?.unseen.every(({ important }) => important)).toBe(true);
    const named = createCoverage(entries, { important: false, product: 'aqtive' }).result();
    expect(named).toMatchObject([{ product: 'aqtive', records: 0, seen: [] }]);
  });
});
