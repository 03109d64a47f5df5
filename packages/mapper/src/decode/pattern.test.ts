// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the patterns of the products are written so
import type { PatternFormat } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuMillis } from '../../../../test/support/cpu-millis.ts';
import { compilePattern, patternStart } from './pattern.ts';

function rule(order: string, more: Partial<PatternFormat> = {}): PatternFormat {
  return { decoder: 'pattern', id: 'made_up', order, categories: ['a.B'], time: [], severity: 'none', ...more };
}

function details(order: string, message: string, more: Partial<PatternFormat> = {}) {
  const decoded = compilePattern(rule(order, more))(message);
  return (
    decoded &&
    Object.fromEntries([...decoded.details].map(([name, { kind, text }]) => [name, kind === 'null' ? null : text]))
  );
}

describe('compilePattern', () => {
  it('gives the values between the literal texts by their names', () => {
    expect(details('AUDIT;${LOG_ID};"${FILE}";${OK}', 'AUDIT;17;"a;b";true')).toEqual({
      LOG_ID: '17',
      FILE: 'a;b',
      OK: 'true',
    });
    expect(details('ID: ${ID}; E: ${E}; ', 'ID: 1; E: no alias; alias=2; ')).toEqual({
      ID: '1',
      E: 'no alias; alias=2',
    });
  });

  it('takes what was not set, empty texts and the words for "no value" as null', () => {
    const order = '${A};${B};${C};${D}';
    expect(details(order, '${A};none;;0', { absent: ['none'], absentIn: { D: ['0'] } })).toEqual({
      A: null,
      B: null,
      C: null,
      D: null,
    });
    expect(details(order, '0;${A};x;1', { absentIn: { D: ['0'] } })).toEqual({ A: '0', B: '${A}', C: 'x', D: '1' });
  });

  it('reads records of several lines', () => {
    expect(details('ID:${ID};\nREQ:\n"${REQ}";\nSTATUS:${S}', 'ID:7;\nREQ:\n"00ff";\nSTATUS:0')).toEqual({
      ID: '7',
      REQ: '00ff',
      S: '0',
    });
  });

  it('ends a value before a distinguished name where one begins', () => {
    const order = '${ERROR};${WHO};${BY}';
    const shapes = { WHO: 'distinguished_name', BY: 'distinguished_name' } as const;
    expect(details(order, 'no; not;CN=a,OU=P;K,C=SE;CN=CA', { shapes })).toEqual({
      ERROR: 'no; not',
      WHO: 'CN=a,OU=P;K,C=SE',
      BY: 'CN=CA',
    });
    expect(details(order, 'no;nobody;nothing', { shapes })).toEqual({ ERROR: 'no', WHO: 'nobody', BY: 'nothing' });
  });

  it('puts named values into the fields and keeps the first of a repeated name', () => {
    const decoded = compilePattern(rule('${T};${A};${A}', { fields: ['T'] }))('5;x;y');
    expect(decoded?.fields.get('T')?.text).toBe('5');
    expect([...(decoded?.details ?? [])].map(([name, { text }]) => [name, text])).toEqual([['A', 'x']]);
  });

  it('takes a message without the white space that a shipper cut', () => {
    expect(details('A: ${A}; ', 'A: 1;')).toEqual({ A: '1' });
  });

  it.each([
    ['A;${X};B', 'A;1;C'],
    ['A;${X}', 'B;1'],
    ['${X};${Y}', 'x'],
    ['N: ${N}; X: ${X}', 'N: many; X: 1'],
  ])('%s refuses %s', (order, message) => {
    expect(details(order, message, { shapes: { N: 'digits' } })).toBeUndefined();
  });

  it('keeps names that objects know of as data', () => {
    expect(
      compilePattern(rule('${__proto__};${constructor}', { shapes: {} }))('1;2')?.details.get('__proto__')?.text,
    ).toBe('1');
  });

  it('tells the text with which every message begins', () => {
    expect(patternStart('AUDIT; ${A}')).toBe('AUDIT; ');
    expect(patternStart('${A} x')).toBe('');
  });

  it('gives back what was printed, when no value holds the text behind it', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => text.replaceAll(/[;\s]/g, '_'));
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        const decoded = compilePattern(rule('X;${A};${B};${C}!'))(`X;${a};${b};${c}!`);
        expect([...(decoded?.details.values() ?? [])].map(({ text }) => text)).toEqual([a, b, c]);
      }),
    );
  });

  it('never throws, whatever the order and the message are', () => {
    const piece = fc.oneof(fc.constantFrom('${A}', '${B}', '${', '}', ';', '$', '${A}${B}'), fc.string());
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.string(), (order, message) => {
        const decode = compilePattern(rule(order.join(''), { shapes: { B: 'distinguished_name' } }));
        decode(message);
        decode(order.join(''));
      }),
    );
  });

  it('takes time in proportion to the length', () => {
    const decode = compilePattern(
      rule('${A};${B};${C};${D}', { shapes: { B: 'distinguished_name', C: 'distinguished_name' } }),
    );
    const millis = cpuMillis(() => {
      decode(';'.repeat(300_000));
      decode('CN=a;'.repeat(100_000));
    });
    expect(millis).toBeLessThan(3_000);
  });
});
