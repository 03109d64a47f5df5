import type { LogfmtFormat } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuMillis } from '../../../../test/support/cpu-millis.ts';
import { decodeLogfmt } from './logfmt.ts';

const FORMAT: LogfmtFormat = {
  id: 'sample_text',
  decoder: 'logfmt',
  leading: ['time', 'level', 'msg?'],
  time: [],
  severity: 'level',
};

const LINE =
  'time="2024-09-17T08:00:52Z" level=warning msg="Recognized poison record" client_id="crm frontend" code=587 session_id=5';

function texts(line: string): Record<string, string> | undefined {
  const decoded = decodeLogfmt(line, FORMAT);
  return decoded && Object.fromEntries([...decoded.fields].map(([key, value]) => [key, value.text]));
}

describe('decodeLogfmt', () => {
  it('reads bare and quoted values', () => {
    expect(texts(LINE)).toEqual({
      time: '2024-09-17T08:00:52Z',
      level: 'warning',
      msg: 'Recognized poison record',
      client_id: 'crm frontend',
      code: '587',
      session_id: '5',
    });
  });

  it('reads a key that holds blanks', () => {
    expect(texts('time=now level=info msg=Rotate Key ID="spaced = key | id" n=1')).toMatchObject({
      'Key ID': 'spaced = key | id',
      n: '1',
    });
  });

  it('reads empty values in either spelling', () => {
    expect(texts('time=now level=error msg=Empty client_id= context="" code=508')).toMatchObject({
      client_id: '',
      context: '',
      code: '508',
    });
  });

  it('gives an empty message when the optional key is missing', () => {
    expect(texts('time=now level=info duration=3.1')).toEqual({ time: 'now', level: 'info', msg: '', duration: '3.1' });
    expect(texts('time=now level=info')).toEqual({ time: 'now', level: 'info', msg: '' });
  });

  it('does not read the wanted keys out of a message', () => {
    const line = 'time=now level=error msg="x code=587 level=panic \\" client_id=evil" code=560';
    expect(texts(line)).toEqual({
      time: 'now',
      level: 'error',
      msg: 'x code=587 level=panic " client_id=evil',
      code: '560',
    });
  });

  it('is not fooled by a second leading key', () => {
    const decoded = decodeLogfmt('time=now level=error msg=real level=info msg=forged', FORMAT);
    expect(decoded?.fields.get('level')?.text).toBe('error');
    expect(decoded?.fields.get('msg')?.text).toBe('real');
    expect(decoded?.details.get('msg')?.text).toBe('forged');
    expect(decoded?.issues.map(({ code }) => code)).toEqual(['duplicate_field']);
  });

  it('takes the last of a repeated key and keeps the other', () => {
    const decoded = decodeLogfmt('time=now level=error a=1 a=2', FORMAT);
    expect(decoded?.fields.get('a')?.text).toBe('2');
    expect(decoded?.details.get('a')?.text).toBe('1');
  });

  it('treats hostile keys as data', () => {
    const decoded = decodeLogfmt('time=now level=info __proto__=1 constructor=2 toString=3', FORMAT);
    expect([...(decoded?.fields.keys() ?? [])]).toEqual([
      'time',
      'level',
      'msg',
      '__proto__',
      'constructor',
      'toString',
    ]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('refuses lines that do not begin with the leading keys', () => {
    for (const line of [
      '',
      'time=',
      'time=now',
      'level=info time=now',
      ' time=now level=info',
      'times=now level=info',
    ]) {
      expect(decodeLogfmt(line, FORMAT)).toBeUndefined();
    }
  });

  it('keeps the rest of a line that is no pair', () => {
    const decoded = decodeLogfmt('time=now level=info msg=a code=1 trailing words', FORMAT);
    expect(decoded?.details.get('unread')?.text).toBe(' trailing words');
    expect(decoded?.issues.map(({ code }) => code)).toEqual(['malformed_line']);
  });

  it('reads a line cut at any place without losing what comes before the cut', () => {
    for (let cut = 0; cut <= LINE.length; cut += 1) {
      const decoded = decodeLogfmt(LINE.slice(0, cut), FORMAT);
      if (cut <= LINE.indexOf(' level=') + ' level='.length - 1) expect(decoded).toBeUndefined();
      else {
        const kept = [...(decoded?.fields.values() ?? []), ...(decoded?.details.values() ?? [])].map(
          ({ text }) => text,
        );
        for (const [key, value] of Object.entries(texts(LINE) ?? {})) {
          const end = LINE.indexOf(value, LINE.indexOf(`${key}=`)) + value.length;
          if (cut >= end) expect(kept.join(' ')).toContain(value);
        }
      }
    }
  });

  it('gives back any fields that logrus can print', () => {
    const key = fc
      .stringMatching(/^[A-Za-z_][A-Za-z0-9_ .-]{0,12}$/)
      .filter((name) => !['time', 'level', 'msg'].includes(name));
    const value = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.dictionary(key, value), value, (fields, message) => {
        const pairs = Object.entries(fields).map(([name, text]) => ` ${name}=${JSON.stringify(text)}`);
        const decoded = decodeLogfmt(`time=now level=info msg=${JSON.stringify(message)}${pairs.join('')}`, FORMAT);
        expect(decoded?.issues).toEqual([]);
        expect(decoded?.fields.get('msg')?.text).toBe(message);
        for (const [name, text] of Object.entries(fields)) expect(decoded?.fields.get(name)?.text).toBe(text);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (tail) => {
        const decoded = decodeLogfmt(`time=now level=info${tail}`, FORMAT);
        expect(decoded === undefined || decoded.fields.size >= 3).toBe(true);
      }),
    );
  });

  it('needs time in proportion to the length of the line', () => {
    const line = `time=now level=info ${'a="'.repeat(200_000)}`;
    const millis = cpuMillis(() => {
      decodeLogfmt(line, FORMAT);
    });
    expect(millis).toBeLessThan(3_000);
  });
});
