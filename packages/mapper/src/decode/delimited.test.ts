import type { DelimitedFormat } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuMillis } from '../../../../test/support/cpu-millis.ts';
import { decodeDelimited } from './delimited.ts';

const RULE: DelimitedFormat = {
  decoder: 'delimited',
  id: 'made_up',
  delimiter: ';',
  columns: ['time', 'event', 'status', 'who', 'number', 'what'],
  firstOptional: true,
  detailSeparator: '=',
  shapes: { time: 'iso_time', event: 'upper_name', status: 'upper_name' },
  expected: { number: 'integer' },
  escaped: ['who'],
  encodedPrefix: 'B64:',
  absent: ['null'],
  time: [],
  severity: 'none',
};

function texts(values: ReadonlyMap<string, { text: string }> | undefined) {
  return values && Object.fromEntries([...values].map(([key, { text }]) => [key, text]));
}

const LINE = '2026-10-24 22:53:26+02:00;KEY_MADE;SUCCESS;CN=anna,O=x;-17;box';

describe('decodeDelimited', () => {
  it('gives the columns by place and the details by key', () => {
    const decoded = decodeDelimited(`${LINE};msg=All well.;eq=a=b;empty=`, RULE);
    expect(texts(decoded?.fields)).toEqual({
      time: '2026-10-24 22:53:26+02:00',
      event: 'KEY_MADE',
      status: 'SUCCESS',
      who: 'CN=anna,O=x',
      number: '-17',
      what: 'box',
    });
    expect(texts(decoded?.details)).toEqual({ msg: 'All well.', eq: 'a=b', empty: '' });
    expect(decoded?.details.get('empty')?.kind).toBe('null');
    expect(decoded?.issues).toEqual([]);
  });

  it('reads a line without details, and one without its time', () => {
    expect(decodeDelimited(LINE, RULE)?.details.size).toBe(0);
    expect(texts(decodeDelimited(LINE.slice(26), RULE)?.fields)).toMatchObject({ event: 'KEY_MADE', what: 'box' });
  });

  it('takes empty texts and the words for "no value" as null', () => {
    const fields = decodeDelimited('KEY_MADE;SUCCESS;;null;', RULE)?.fields;
    expect(fields?.get('who')?.kind).toBe('null');
    expect(fields?.get('number')?.kind).toBe('null');
    expect(fields?.get('event')?.kind).toBe('text');
  });

  it('gives a text without a key back to the value before it', () => {
    const decoded = decodeDelimited(`${LINE};note=one; two;three;next=4`, RULE);
    expect(texts(decoded?.details)).toEqual({ note: 'one; two;three', next: '4' });
  });

  it('takes what cannot be a key as part of the value before it, but for free names behind a prefix', () => {
    const decoded = decodeDelimited(`${LINE};uri=a;b?c=d; e=f;=g;added:h i=j`, { ...RULE, keyPrefixes: ['added:'] });
    expect(texts(decoded?.details)).toEqual({ uri: 'a;b?c=d; e=f;=g', 'added:h i': 'j' });
  });

  it('takes an escaped delimiter of a detail as part of it', () => {
    const decoded = decodeDelimited(`${LINE};dn=CN=a\\;b\\=c;path=x\\\\;end=y`, RULE);
    expect(texts(decoded?.details)).toEqual({ dn: 'CN=a\\;b\\=c', path: 'x\\\\', end: 'y' });
  });

  it('keeps both values of a repeated key and says so', () => {
    const decoded = decodeDelimited(`${LINE};a=1;a_2=x;a=2;a=3`, RULE);
    expect(texts(decoded?.details)).toEqual({ a: '1', a_2: 'x', a_3: '2', a_4: '3' });
    expect(decoded?.issues.map(({ code }) => code)).toEqual(['unknown_field_order']);
  });

  it('decodes details that are base64 by their prefix', () => {
    expect(texts(decodeDelimited(`${LINE};dn=B64:aGVqIMOl`, RULE)?.details)).toEqual({ dn: 'hej å' });
  });

  it('takes an escaped delimiter of a name as part of it', () => {
    const fields = decodeDelimited('KEY_MADE;SUCCESS;CN=a\\;b\\\\\\;c\\\\;5;box', RULE)?.fields;
    expect(texts(fields)).toMatchObject({ who: 'CN=a\\;b\\\\\\;c\\\\', number: '5', what: 'box' });
    expect(decodeDelimited('KEY_MADE;SUCCESS;a\\', RULE, true)?.fields.has('who')).toBe(false);
  });

  it('says that the order is not certain when a column holds the delimiter', () => {
    const tail = decodeDelimited(`${LINE};and more;msg=x`, RULE);
    expect(texts(tail?.fields)?.what).toBe('box;and more');
    expect(tail?.issues.map(({ code }) => code)).toEqual(['unknown_field_order']);

    const shifted = decodeDelimited('KEY_MADE;SUCCESS;CN=a;KEY_GONE;17;box;msg=x', RULE);
    expect(texts(shifted?.fields)).toEqual({ event: 'KEY_MADE', status: 'SUCCESS', who: 'CN=a;KEY_GONE;17;box' });
    expect(texts(shifted?.details)).toEqual({ msg: 'x' });
    expect(shifted?.issues.map(({ code }) => code)).toEqual(['unknown_field_order']);
  });

  it('reads a line whose texts were set apart by blanks', () => {
    const decoded = decodeDelimited(LINE.replaceAll(';', '; ').concat('; a=1'), RULE);
    expect(texts(decoded?.fields)).toMatchObject({ event: 'KEY_MADE', what: 'box' });
    expect(texts(decoded?.details)).toEqual({ a: '1' });
  });

  it('reads a cut line as far as it is whole when something announced it', () => {
    const cut = decodeDelimited('2026-10-24 22:53:26+02:00;KEY_MADE;SUCC', RULE, true);
    expect(texts(cut?.fields)).toEqual({ time: '2026-10-24 22:53:26+02:00', event: 'KEY_MADE' });
    expect(cut?.issues.map(({ code }) => code)).toEqual(['truncated_upstream']);
    expect(decodeDelimited('2026-10-24 22:53:26+02:00;KEY_MADE;SUCC', RULE)).toBeUndefined();
    expect(decodeDelimited('2026-10-24 22:53:26+02:00;KEY_MA', RULE, true)).toBeUndefined();
  });

  it.each(['', ';', ';;;;;;;;', 'key_made;success;a;1;b', 'Some; text; with; six; parts; here', 'KEY_MADE;SUCCESS'])(
    'refuses %j',
    (text) => {
      expect(decodeDelimited(text, RULE)).toBeUndefined();
    },
  );

  it('keeps keys that objects know of as data', () => {
    const decoded = decodeDelimited(`${LINE};__proto__=x;constructor=y`, RULE);
    expect([...(decoded?.details.keys() ?? [])]).toEqual(['__proto__', 'constructor']);
  });

  it('gives back what was joined, when no value holds a delimiter', () => {
    const value = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[;=\\\\]|^ +|^b64:/gi, ''));
    const pairs = fc
      .dictionary(fc.stringMatching(/^[a-zA-Z0-9_][\w.:/-]{0,20}$/), value)
      .map((object) => Object.entries(object));
    fc.assert(
      fc.property(value, value, pairs, (who, what, details) => {
        const line = ['X', 'OK', who, '1', what, ...details.map(([key, text]) => `${key}=${text}`)].join(';');
        const decoded = decodeDelimited(line, RULE);
        expect(decoded?.fields.get('who')?.text).toBe(who);
        expect(decoded?.fields.get('what')?.text).toBe(what);
        expect([...(decoded?.details ?? [])].map(([key, { text }]) => [key, text])).toEqual(details);
      }),
    );
  });

  it('never throws, wherever a line is cut and whatever it holds', () => {
    const line = `${LINE};a=1;b=2`;
    for (let end = 0; end <= line.length; end += 1) decodeDelimited(line.slice(0, end), RULE, true);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, announced) => {
        decodeDelimited(text, RULE, announced);
        decodeDelimited(`${LINE};${text}`, RULE, announced);
      }),
    );
  });

  it('takes time in proportion to the length', () => {
    const line = LINE + ';a=1'.repeat(200_000) + ';'.repeat(200_000);
    const millis = cpuMillis(() => {
      expect(decodeDelimited(line, RULE)?.details.size).toBe(4096);
    });
    expect(millis).toBeLessThan(3_000);
  });
});
