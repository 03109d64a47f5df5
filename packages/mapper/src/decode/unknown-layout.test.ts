import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuMillis } from '../../../../test/support/cpu-millis.ts';
import { compileUnknownLayout } from './unknown-layout.ts';

const read = compileUnknownLayout([
  { categories: ['a.b.Log'], begins: (message) => message.startsWith('EVENT: ') },
  { categories: ['a.b.Other'], begins: (message) => /^\d+;/.test(message) },
]);

describe('compileUnknownLayout', () => {
  it('finds the message behind a category, whatever stands round it', () => {
    expect(read('2026-10-24 22:53:27,002 | INFO | a.b.Log | worker 1 | EVENT: x')).toEqual({
      layout: { category: 'a.b.Log', time: '2026-10-24 22:53:27,002' },
      message: 'EVENT: x',
    });
    expect(read('[22:53:27] <Log> EVENT: x')).toEqual({
      layout: { category: 'Log', time: '22:53:27' },
      message: 'EVENT: x',
    });
    expect(read('10-24 INFO\ufffd(\ufffd [a.b.Other] (t) 17;x')?.message).toBe('17;x');
  });

  it('believes a level that is one of the words of the products, and a time with its zone', () => {
    const levelled = compileUnknownLayout(
      [{ categories: ['a.b.Log'], begins: (message) => message.startsWith('EVENT: ') }],
      new Set(['WARN']),
    );
    expect(levelled('2026-10-24T22:53:27.002+02:00 CEST WARN Log - EVENT: WARN')?.layout).toEqual({
      category: 'Log',
      time: '2026-10-24T22:53:27.002+02:00',
      level: 'WARN',
    });
    expect(levelled('22:53:27.0021234567 INFO Log - EVENT: WARN')?.layout).toEqual({ category: 'Log' });
  });

  it.each([
    'EVENT: x',
    'MyLog EVENT: x',
    'Log2 EVENT: x',
    'Log 17;x',
    'Other EVENT: x',
    'Log: EVENT:x',
    `${'x'.repeat(600)} Log EVENT: x`,
  ])('refuses %j', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('gives back the message it was printed before, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, message) => {
        read(before);
        const printed = `${before} Log EVENT: ${message}`;
        expect(printed.endsWith(read(printed)?.message ?? 'nothing')).toBe(true);
      }),
    );
  });

  it('takes bounded time on long lines', () => {
    const millis = cpuMillis(() => {
      for (let i = 0; i < 100; i += 1) read(`Log ${' x'.repeat(500_000)}`);
    });
    expect(millis).toBeLessThan(3_000);
  });
});
