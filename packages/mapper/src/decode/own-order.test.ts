// biome-ignore-all lint/suspicious/noTemplateCurlyInString: orders are written so
import type { PatternFormat, Product } from '@cryptrail/catalogue';
import { describe, expect, it } from 'vitest';
import { isOrder, withOrder } from './own-order.ts';

const pattern = (id: string, category: string, configurable: boolean): PatternFormat => ({
  decoder: 'pattern',
  id,
  order: '${A}',
  configurable,
  categories: [category],
  time: [],
  severity: 'none',
});

const product = (...formats: PatternFormat[]) => ({ id: 'made-up', formats }) as unknown as Product;

describe('withOrder', () => {
  it('puts the order before the known ones, once for each category', () => {
    const given = product(pattern('one', 'x', true), pattern('two', 'x', true), pattern('three', 'y', true));
    const orders = withOrder(given, '${B}').formats.map((format) => 'order' in format && [format.id, format.order]);
    expect(orders).toEqual([
      ['one', '${B}'],
      ['three', '${B}'],
      ['one', '${A}'],
      ['two', '${A}'],
      ['three', '${A}'],
    ]);
  });

  it('leaves products alone whose orders nobody configures', () => {
    const given = product(pattern('one', 'x', false));
    expect(withOrder(given, '${B}')).toBe(given);
  });
});

describe('isOrder', () => {
  it('asks for at least one named value', () => {
    expect(isOrder('AUDIT;${LOG_ID}')).toBe(true);
    expect(isOrder('AUDIT;LOG_ID')).toBe(false);
    expect(isOrder('AUDIT;${}')).toBe(false);
  });
});
