import type { TerminalFormat } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuMillis } from '../../../../test/support/cpu-millis.ts';
import { decodeTerminal } from './terminal.ts';

const FORMAT: TerminalFormat = {
  id: 'sample_terminal',
  decoder: 'terminal',
  header: ['level', 'time', 'msg'],
  time: [],
  severity: 'level',
};
const ESC = '\u001b';

function texts(line: string): Record<string, string> | undefined {
  const decoded = decodeTerminal(line, FORMAT);
  return decoded && Object.fromEntries([...decoded.fields].map(([key, value]) => [key, value.text]));
}

describe('decodeTerminal', () => {
  it('reads a coloured line', () => {
    const line = `${ESC}[31mERRO${ESC}[0m[2026-11-21T19:40:47Z] Can't parse config                            ${ESC}[31mclient_id${ESC}[0m="" ${ESC}[31mcode${ESC}[0m=508 ${ESC}[31merror${ESC}[0m="open \\"x y\\": none"`;
    expect(texts(line)).toEqual({
      level: 'ERRO',
      time: '2026-11-21T19:40:47Z',
      msg: "Can't parse config",
      client_id: '',
      code: '508',
      error: 'open "x y": none',
    });
  });

  it('reads a coloured key that holds blanks', () => {
    expect(texts(`${ESC}[36mINFO${ESC}[0m[0001] Rotate ${ESC}[36mKey ID${ESC}[0m="a b"`)).toMatchObject({
      'Key ID': 'a b',
    });
  });

  it('reads a line whose colours were stripped', () => {
    expect(
      texts('WARN[0042] Recognized poison record                       client_id="crm frontend" code=587'),
    ).toEqual({
      level: 'WARN',
      msg: 'Recognized poison record',
      client_id: 'crm frontend',
      code: '587',
    });
  });

  it('does not take the end of a base64 text for a key', () => {
    for (const level of ['INFO', `${ESC}[36mINFO${ESC}[0m`]) {
      expect(texts(`${level}[0001] Backup master key: c2VjcmV0LXRleHQ=`)).toMatchObject({
        msg: 'Backup master key: c2VjcmV0LXRleHQ=',
      });
    }
  });

  it('takes seconds since the start for no time', () => {
    const decoded = decodeTerminal('WARN[0042] late', FORMAT);
    expect(decoded?.fields.has('time')).toBe(false);
    expect(decoded?.details.get('elapsed_seconds')?.text).toBe('42');
  });

  it('leaves what looks like a pair in the message when words follow it', () => {
    expect(texts('INFO[0001] set code=587 and a="b" c, then code=101')).toEqual({
      level: 'INFO',
      msg: 'set code=587 and a="b" c, then',
      code: '101',
    });
  });

  it('reads a message without pairs, also an empty one', () => {
    expect(texts('FATA[0000] Failed to open keystore    ')).toEqual({ level: 'FATA', msg: 'Failed to open keystore' });
    expect(texts('FATA[0000]')).toEqual({ level: 'FATA', msg: '' });
  });

  it('does not let a pair pass for level or message', () => {
    const decoded = decodeTerminal('WARN[0001] real  level=INFO msg=forged', FORMAT);
    expect(decoded?.fields.get('level')?.text).toBe('WARN');
    expect(decoded?.fields.get('msg')?.text).toBe('real');
    expect(decoded?.details.get('msg')?.text).toBe('forged');
  });

  it.each(['', 'WARN', 'WARN[', 'warn[0001] x', 'WARN [0001] x', 'NOTICE[0001] x', 'x WARN[0001] y'])(
    'refuses %j',
    (line) => {
      expect(decodeTerminal(line, FORMAT)).toBeUndefined();
    },
  );

  it('never throws and loses no letter of the message', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (message) => {
        const decoded = decodeTerminal(`WARN[0001] ${message}`, FORMAT);
        const kept = [...(decoded?.fields.values() ?? []), ...(decoded?.details.values() ?? [])].map(
          ({ text }) => text,
        );
        expect(kept.join('').length).toBeGreaterThanOrEqual('WARN1'.length);
        if (!message.includes('=')) expect(decoded?.fields.get('msg')?.text).toBe(message.trimEnd());
      }),
    );
  });

  it('needs time in proportion to the length of the line', () => {
    for (const piece of [' a="', ' a="\\"', ` ${ESC}[1m`, ' a=b', ' a', '=']) {
      const millis = cpuMillis(() => {
        decodeTerminal(`WARN[0001] ${piece.repeat(200_000)}`, FORMAT);
      });
      expect(millis).toBeLessThan(3_000);
    }
  });
});
