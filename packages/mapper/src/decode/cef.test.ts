import type { CefFormat } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuMillis } from '../../../../test/support/cpu-millis.ts';
import { decodeCef } from './cef.ts';

const FORMAT: CefFormat = {
  id: 'sample_cef',
  decoder: 'cef',
  header: ['vendor', 'product', 'version', 'code', 'msg', 'severity'],
  escapes: 'goquoted',
  claims: [],
  time: [],
  severity: 'cef',
};
const STANDARD: CefFormat = { ...FORMAT, escapes: 'standard' };

const LINE =
  'CEF:0|cossacklabs|acra-server|0.96.0|560|a \\= b \\| c \\\\ d|6|client_id=crm frontend error=x session_id=1 ';

function texts(line: string, format = FORMAT): Record<string, string> | undefined {
  const decoded = decodeCef(line, format);
  return decoded && Object.fromEntries([...decoded.fields].map(([key, value]) => [key, value.text]));
}

/** What the product's formatter makes of a text: trimmed, line breaks and tabs to blanks, three signs escaped, empty to a blank. */
function prepare(text: string): string {
  const flat = text.trim().replaceAll('\n', ' ').replaceAll('\t', ' ');
  return flat.replace(/[\\|=]/g, (sign) => `\\${sign}`) || ' ';
}

describe('decodeCef', () => {
  it('reads header and extension, escapes removed', () => {
    expect(texts(LINE)).toEqual({
      vendor: 'cossacklabs',
      product: 'acra-server',
      version: '0.96.0',
      code: '560',
      msg: 'a = b | c \\ d',
      severity: '6',
      client_id: 'crm frontend',
      error: 'x',
      session_id: '1',
    });
  });

  it('reads the blank that stands for an empty value', () => {
    expect(texts('CEF:0|v|p|1|2| |6|client_id=  context=  unixTime=1.000 ')).toMatchObject({
      msg: '',
      client_id: '',
      context: '',
      unixTime: '1.000',
    });
  });

  it('reads a line whose last blank is missing', () => {
    expect(texts('CEF:0|v|p|1|2|m|6|a=1 integrity=00ff chain=new')).toMatchObject({ integrity: '00ff', chain: 'new' });
    expect(texts('CEF:0|v|p|1|2|m|6|a=1 table=')).toMatchObject({ a: '1', table: '' });
  });

  it('reads quoted keys, also those that hold the sign itself', () => {
    const line = 'CEF:0|v|p|1|2|m|6|""=6 "Key ID"=a b "a\\"b"=4 "a\\\\=b"=2 "a\\\\|b"=3 x="y" z=1 ';
    expect(texts(line)).toMatchObject({
      '': '6',
      'Key ID': 'a b',
      'a"b': '4',
      'a=b': '2',
      'a|b': '3',
      x: '"y"',
      z: '1',
    });
  });

  it('does not take a key out of a value', () => {
    const line = 'CEF:0|v|p|1|2|m|6|error=x code\\=587 "severity"\\=10 \\| client_id=real ';
    expect(texts(line)).toMatchObject({
      code: '2',
      severity: '6',
      error: 'x code=587 "severity"=10 |',
      client_id: 'real',
    });
  });

  it('keeps an extension key with the name of a column apart', () => {
    const decoded = decodeCef('CEF:0|v|p|1|2|real|6|msg=forged code=587 unixTime=1.0 ', FORMAT);
    expect(decoded?.fields.get('msg')?.text).toBe('real');
    expect(decoded?.fields.get('code')?.text).toBe('2');
    expect(decoded?.details.get('msg')?.text).toBe('forged');
    expect(decoded?.details.get('code')?.text).toBe('587');
  });

  it('takes the last of a repeated key, keeps the other and says so', () => {
    const decoded = decodeCef('CEF:0|v|p|1|2|m|6|a=1 a=2 ', FORMAT);
    expect(decoded?.fields.get('a')?.text).toBe('2');
    expect(decoded?.details.get('a')?.text).toBe('1');
    expect(decoded?.issues.map(({ code }) => code)).toEqual(['duplicate_field']);
  });

  it('reads no escape that the format does not have', () => {
    expect(texts('CEF:0|v|p|1|2|a\\nb|6|path=C:\\\\new ')).toMatchObject({ msg: 'a\\nb', path: 'C:\\new' });
  });

  it('reads line breaks of standard CEF', () => {
    expect(texts('CEF:0|v|p|1|2|a\\|b|6|msg2=one\\ntwo a=b\\=c', STANDARD)).toMatchObject({
      msg: 'a|b',
      msg2: 'one\ntwo',
      a: 'b=c',
    });
  });

  it('keeps the columns of a cut header and says so', () => {
    const decoded = decodeCef('CEF:0|cossacklabs|acra-server|0.96.0|560|Denied qu', FORMAT);
    expect(decoded?.fields.get('code')?.text).toBe('560');
    expect(decoded?.fields.get('msg')?.text).toBe('Denied qu');
    expect(decoded?.fields.has('severity')).toBe(false);
    expect(decoded?.issues.map(({ code }) => code)).toEqual(['malformed_line']);
  });

  it('keeps an extension without any key', () => {
    const decoded = decodeCef('CEF:0|v|p|1|2|m|6|just words', FORMAT);
    expect(decoded?.details.get('unread')?.text).toBe('just words');
  });

  it('refuses what is no CEF', () => {
    for (const line of ['', 'CEF', 'CEF:', 'CEF:0', 'CEF:x|a|b', ' CEF:0|a|b', 'cef:0|a|b']) {
      expect(decodeCef(line, FORMAT)).toBeUndefined();
    }
  });

  it('reads a line cut at any place and says when the header is not complete', () => {
    const headerEnd = LINE.indexOf('|client_id') + 1;
    for (let cut = 'CEF:0|'.length; cut <= LINE.length; cut += 1) {
      const decoded = decodeCef(LINE.slice(0, cut), FORMAT);
      const whole = decoded?.issues.every(({ message }) => message !== 'the CEF header is not complete');
      expect(whole).toBe(cut >= headerEnd);
      if (cut >= headerEnd) expect(decoded?.fields.get('severity')?.text).toBe('6');
    }
  });

  it('treats hostile keys as data', () => {
    const fields = decodeCef('CEF:0|v|p|1|2|m|6|__proto__=1 constructor=2 ', FORMAT)?.fields;
    expect(fields?.get('__proto__')?.text).toBe('1');
    expect(fields?.get('constructor')?.text).toBe('2');
  });

  it('gives back any fields that the formatter can print', () => {
    const plainKey = fc.stringMatching(/^[A-Za-z0-9._/@^+-]{1,10}$/);
    const oddKey = fc.stringMatching(/^[A-Za-z0-9 |\\="']{1,10}$/);
    const value = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(plainKey, oddKey), value), value, (given, message) => {
        const fields = Object.entries(given).filter(
          ([key]) => key === key.trim() && !FORMAT.header.some((name) => name === key),
        );
        const pairs = fields.map(([key, text]) => {
          const name = prepare(key);
          return `${/^[A-Za-z0-9._/@^+-]+$/.test(name) ? name : JSON.stringify(name)}=${prepare(text)} `;
        });
        const decoded = decodeCef(`CEF:0|v|p|1|2|${prepare(message)}|6|${pairs.join('')}`, FORMAT);
        expect(decoded?.fields.get('msg')?.text).toBe(message.trim().replaceAll(/[\n\t]/g, ' '));
        for (const [key, text] of fields) {
          expect(decoded?.fields.get(key)?.text).toBe(text.trim().replaceAll(/[\n\t]/g, ' '));
        }
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (tail) => {
        expect(decodeCef(`CEF:0|${tail}`, FORMAT)).toBeDefined();
      }),
    );
  });

  it('needs time in proportion to the length of the line', () => {
    for (const piece of [' "a', ' "\\" ', 'a=', '\\', ' a']) {
      const millis = cpuMillis(() => {
        decodeCef(`CEF:0|v|p|1|2|m|6|${piece.repeat(200_000)}`, FORMAT);
      });
      expect(millis).toBeLessThan(3_000);
    }
  });
});
