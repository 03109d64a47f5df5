import type { LabelledFormat } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuMillis } from '../../../../test/support/cpu-millis.ts';
import { decodeLabelled } from './labelled.ts';

const RULE: LabelledFormat = {
  decoder: 'labelled',
  id: 'made_up',
  start: 'EVENT: ',
  separator: '; ',
  assign: ': ',
  columns: [
    ['EVENT', 'event'],
    ['OUTCOME', 'status'],
    ['WHO', 'who'],
    ['ISSUER', 'issuer'],
    ['UNIT', 'unit'],
  ],
  optional: ['OUTCOME', 'ISSUER'],
  open: ['WHO', 'ISSUER'],
  glued: ['OUTCOME'],
  repeated: ['UNIT'],
  shapes: { event: 'upper_name' },
  keyPrefixes: ['added:'],
  end: ['TIME:', 'time'],
  absent: ['null'],
  time: [],
  severity: 'none',
};

function texts(values: ReadonlyMap<string, { text: string }> | undefined) {
  return values && Object.fromEntries([...values].map(([key, { text }]) => [key, text]));
}

function codes(text: string, announced = false) {
  return decodeLabelled(text, RULE, announced)?.issues.map(({ code }) => code);
}

describe('decodeLabelled', () => {
  it('gives the columns, the details and the end mark', () => {
    const decoded = decodeLabelled(
      'EVENT: KEY_MADE; OUTCOME: SUCCESS; WHO: CN=a, O=b; ISSUER: null; UNIT: 3; ALIAS: key 1; added:X Y: z: 1; TIME:1793595665129',
      RULE,
    );
    expect(texts(decoded?.fields)).toEqual({
      event: 'KEY_MADE',
      status: 'SUCCESS',
      who: 'CN=a, O=b',
      issuer: 'null',
      unit: '3',
      time: '1793595665129',
    });
    expect(decoded?.fields.get('issuer')?.kind).toBe('null');
    expect(texts(decoded?.details)).toEqual({ ALIAS: 'key 1', 'added:X Y': 'z: 1' });
    expect(decoded?.issues).toEqual([]);
  });

  it('reads records without an optional label, and with one that lost its assignment', () => {
    expect(texts(decodeLabelled('EVENT: A; WHO: b; UNIT: ; TIME:1', RULE)?.fields)).toEqual({
      event: 'A',
      who: 'b',
      unit: '',
      time: '1',
    });
    expect(texts(decodeLabelled('EVENT: A; OUTCOMESUCCESS; WHO: b; UNIT: ; TIME:1', RULE)?.fields)?.status).toBe(
      'SUCCESS',
    );
  });

  it('keeps the line breaks of a value', () => {
    const decoded = decodeLabelled('EVENT: A; WHO: b; UNIT: 1; PEM: -----BEGIN X-----\nAAAA\n; SCOPE: G; TIME:5', RULE);
    expect(texts(decoded?.details)).toEqual({ PEM: '-----BEGIN X-----\nAAAA\n', SCOPE: 'G' });
  });

  it('gives a text without a key, or with a sentence in its place, back to the value before it', () => {
    const decoded = decodeLabelled('EVENT: A; WHO: b; UNIT: 1; E: no alias; alias=1; caused by: x; F: 2; TIME:5', RULE);
    expect(texts(decoded?.details)).toEqual({ E: 'no alias; alias=1; caused by: x', F: '2' });
  });

  it('does not end a quoted value of a name at a label inside the quotes', () => {
    const decoded = decodeLabelled(
      'EVENT: A; WHO: CN="a; ISSUER: evil; \\"", O=x; ISSUER: CN=CA; UNIT: 1; TIME:5',
      RULE,
    );
    expect(texts(decoded?.fields)).toMatchObject({ who: 'CN="a; ISSUER: evil; \\"", O=x', issuer: 'CN=CA' });
  });

  it('ends a value with an unclosed quote at the next label', () => {
    const decoded = decodeLabelled('EVENT: A; WHO: CN="a; ISSUER: b; UNIT: 1; TIME:5', RULE);
    expect(texts(decoded?.fields)).toMatchObject({ who: 'CN="a', issuer: 'b' });
  });

  it('never takes a detail for a column, and says when one looks like it', () => {
    const text =
      'EVENT: A; OUTCOME: SUCCESS; WHO: b; UNIT: 1; FILE: x; OUTCOME: FAILURE; WHO: Mallory; TIME:1; TIME:99';
    const decoded = decodeLabelled(text, RULE);
    expect(texts(decoded?.fields)).toMatchObject({ status: 'SUCCESS', who: 'b', time: '99' });
    expect(texts(decoded?.details)).toEqual({ FILE: 'x', OUTCOME: 'FAILURE', WHO: 'Mallory; TIME:1' });
    expect(codes(text)).toEqual(['unknown_field_order']);
    expect(codes('EVENT: A; WHO: b; UNIT: 1; UNIT: 2; TIME:1')).toEqual([]);
  });

  it('keeps a text behind the last column that is no pair', () => {
    const decoded = decodeLabelled('EVENT: A; WHO: b; UNIT: my; unit; F: 2; TIME:1', RULE);
    expect(texts(decoded?.fields)?.unit).toBe('my; unit');
    expect(texts(decoded?.details)).toEqual({ F: '2' });
  });

  it('keeps an end mark that is no number as it is', () => {
    expect(texts(decodeLabelled('EVENT: A; WHO: b; UNIT: 1; TIME:soon', RULE)?.fields)?.time).toBe('soon');
  });

  it('reads a record that begins with a name and has no columns', () => {
    const rule = { ...RULE, start: 'MyLogger; ', preface: true, columns: [] };
    const decoded = decodeLabelled('MyLogger; A: 1; B: x; TIME:5', rule);
    expect(texts(decoded?.fields)).toEqual({ time: '5' });
    expect(texts(decoded?.details)).toEqual({ A: '1', B: 'x' });
  });

  it('reads a record without its end mark and says so', () => {
    const decoded = decodeLabelled('EVENT: A; WHO: b; UNIT: 1; ALIAS: key', RULE);
    expect(texts(decoded?.details)).toEqual({ ALIAS: 'key' });
    expect(decoded?.issues.map(({ code }) => code)).toEqual(['truncated_upstream']);
  });

  it('reads a record cut in its columns as far as it is whole, when something announced it', () => {
    const cut = (text: string) => texts(decodeLabelled(text, RULE, true)?.fields);
    expect(cut('EVENT: A; OUTCOME: SUCC')).toEqual({ event: 'A' });
    expect(cut('EVENT: A; OUTC')).toEqual({ event: 'A' });
    expect(cut('EVENT: A; OUTCOME: SUCCESS; ')).toEqual({ event: 'A', status: 'SUCCESS' });
    expect(cut('EVENT: A')).toBeUndefined();
    expect(decodeLabelled('EVENT: A; OUTCOME: SUCC', RULE)).toBeUndefined();
    expect(codes('EVENT: A; OUTC', true)).toEqual(['truncated_upstream']);
  });

  it.each(['', 'EVENT: ', 'EVENT: a; WHO: b; UNIT: 1; TIME:1', 'EVENT: A; TIME:1', 'event: A; who: b; TIME:1'])(
    'refuses %j',
    (text) => {
      expect(decodeLabelled(text, RULE, true)).toBeUndefined();
    },
  );

  it('keeps keys that objects know of as data', () => {
    const decoded = decodeLabelled('EVENT: A; WHO: b; UNIT: 1; __proto__: x; constructor: y; TIME:1', RULE);
    expect([...(decoded?.details.keys() ?? [])]).toEqual(['__proto__', 'constructor']);
  });

  it('gives back what was joined, when no value holds the separator', () => {
    const value = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/;|=/g, ''));
    const key = fc.stringMatching(/^[a-zA-Z0-9_][\w./-]{0,20}$/);
    const known = new Set(RULE.columns.map(([label]) => label));
    const pairs = fc
      .dictionary(key, value)
      .map((object) => Object.entries(object).filter(([name]) => !known.has(name)));
    fc.assert(
      fc.property(value, pairs, (who, details) => {
        const body = details.map(([name, text]) => `${name}: ${text}; `).join('');
        const decoded = decodeLabelled(`EVENT: A; WHO: ${who}; UNIT: 1; ${body}TIME:17`, RULE);
        expect(decoded?.fields.get('who')?.text).toBe(who);
        expect([...(decoded?.details ?? [])].map(([name, { text }]) => [name, text])).toEqual(details);
        expect(decoded?.issues).toEqual([]);
      }),
    );
  });

  it('never throws, wherever a record is cut and whatever it holds', () => {
    const line = 'EVENT: A; OUTCOME: SUCCESS; WHO: CN="x"; ISSUER: CN=y; UNIT: 1; PEM: a\nb\n; TIME:17';
    for (let end = 0; end <= line.length; end += 1) decodeLabelled(line.slice(0, end), RULE, true);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, announced) => {
        decodeLabelled(text, RULE, announced);
        decodeLabelled(`EVENT: A; WHO: ${text}`, RULE, announced);
        decodeLabelled(`EVENT: A; WHO: x; UNIT: 1; ${text}`, RULE, announced);
      }),
    );
  });

  it('takes time in proportion to the length', () => {
    const line = `EVENT: A; WHO: ${'="\\'.repeat(100_000)}${'="" '.repeat(100_000)}; UNIT: 1; ${'k: v; '.repeat(100_000)}`;
    const millis = cpuMillis(() => {
      expect(decodeLabelled(line, RULE)?.details.size).toBe(4096);
    });
    expect(millis).toBeLessThan(3_000);
  });
});
