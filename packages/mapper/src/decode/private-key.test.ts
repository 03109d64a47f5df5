import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { createAssembler } from './assemble.ts';
import { leavesKeyOpen } from './private-key.ts';

const KEY = [
  '-----BEGIN RSA PRIVATE KEY-----',
  'DEK-Info: AES-256-CBC,00',
  '',
  'MIIsecretA==',
  'MIIsecretB',
  '-----END RSA PRIVATE KEY-----',
];

function assemble(lines: readonly string[]): string[] {
  const assembler = createAssembler([], DEFAULT_LIMITS);
  const frames = lines.map((text, i) => ({ text, position: { number: i + 1 }, byteLength: text.length }));
  return [...frames.flatMap((frame) => assembler.push(frame)), ...assembler.end()].map(({ text }) => text);
}

describe('a private key between records', () => {
  it('stays one text with the line it begins on', () => {
    const [begin = '', ...rest] = KEY;
    expect(assemble(['before', `loaded ${begin}`, ...rest, 'after'])).toEqual([
      'before',
      [`loaded ${begin}`, ...rest].join('\n'),
      'after',
    ]);
  });

  it('ends where something else begins when its end is missing', () => {
    expect(assemble([...KEY.slice(0, 4), '{"a":1}', 'MIIsecretB'])).toEqual([
      KEY.slice(0, 4).join('\n'),
      '{"a":1}',
      'MIIsecretB',
    ]);
    expect(assemble([...KEY.slice(0, 4), 'Server started.'])).toHaveLength(2);
  });

  it('is not seen in certificates and public keys', () => {
    expect(leavesKeyOpen('-----BEGIN CERTIFICATE-----', false)).toBe(false);
    expect(leavesKeyOpen('-----BEGIN PUBLIC KEY-----', false)).toBe(false);
  });

  it('is closed on its own line when it begins and ends there', () => {
    expect(leavesKeyOpen(KEY.join(' '), false)).toBe(false);
    expect(leavesKeyOpen(`${KEY.at(-1)} ${KEY[0]}`, true)).toBe(true);
  });
});
