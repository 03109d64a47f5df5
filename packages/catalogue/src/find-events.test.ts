import { describe, expect, it } from 'vitest';
import { findByCode, findByGroup, findByTag, findEvent, listEvents } from './find-events.ts';
import { products } from './products.generated.ts';

describe('look-ups of the main entry', () => {
  it('F01 cover every event of every product', () => {
    const total = products.reduce((sum, { events }) => sum + events.size, 0);
    expect(listEvents()).toHaveLength(total);
    for (const { name } of listEvents()) expect(findEvent(name).name).toBe(name);
  });

  it('A04 lead from every code to names that carry it', () => {
    for (const product of products) {
      for (const [code, names] of product.codes as ReadonlyMap<string, readonly string[]>) {
        const found = findByCode(code, product.id);
        expect(found.events.map(({ name }) => name)).toEqual(names);
        expect(found.default?.entry.code).toBe(code);
      }
    }
  });

  it('give the event, its product and its title', () => {
    expect(findEvent('cesecore.cert_revoked')).toMatchObject({
      product: 'cesecore',
      title: 'Certificate revoked or re-activated',
      entry: { code: 'CERT_REVOKED', category: 'certificate_lifecycle' },
    });
  });

  it('give nothing for what is no event', () => {
    expect(['', 'toString', 'cesecore', 'CERT_REVOKED'].map((text: string) => findEvent(text))).toEqual(
      Array(4).fill(undefined),
    );
  });

  it('A09 find poison records by any of their tags', () => {
    const [one, other] = [findByTag('honeypot'), findByTag('poison-record')];
    expect(one.map(({ name }) => name)).toEqual(other.map(({ name }) => name));
    expect(one.map(({ name }) => name)).toContain('acra.decryptor.recognized_poison_record');
  });

  it('F01 filter over all products with the same words', () => {
    expect(new Set(listEvents({ important: true }).map(({ product }) => product))).toContain('cesecore');
    expect(listEvents({ product: 'cesecore', group: 'audit_log' })).toEqual(findByGroup('audit_log', 'cesecore'));
    expect(listEvents({ product: 'none' })).toEqual([]);
  });
});
