import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretBytes } from './secret-bytes.ts';
import { secretNames } from './secret-names.ts';
import { redactText } from './text.ts';

const RULES = { secretNames: ['seal_word'], queryParameters: ['code', 'access_token'] };
const encoder = new TextEncoder();

function mayHold(text: string): boolean {
  const names = secretNames(RULES);
  const bytes = encoder.encode(text);
  expect(secretBytes(names)(bytes, 0, bytes.length), text).toBe(names.mayHold(text));
  return names.mayHold(text);
}

describe('mayHold', () => {
  it.each(['Seal-Word: x', 'sealword=x', 'API  KEY', 'x?code=1', '&code_=1', 'access.token', 'Bearer'])(
    'finds the words of a secret in %s, whatever separates them',
    (text) => {
      expect(mayHold(text)).toBe(true);
    },
  );

  it.each(['Access rule checked', 'a rapid session began', 'decoded 3 of 4', 'the seal of the word'])(
    'passes over %s, which holds no more than part of one',
    (text) => {
      expect(mayHold(text)).toBe(false);
    },
  );

  it('takes a parameter that is spelled with percent signs for one that may hold a secret', () => {
    for (const text of ['?access_%74oken=x', '?access%5Ftoken=x', '?code%5F=x', '?access_to%6ben=x'])
      expect(mayHold(text)).toBe(true);
  });

  it('sees a name without ASCII everywhere', () => {
    const rules = { secretNames: ['пароль'], queryParameters: [] };
    expect(secretNames(rules).mayHold('anything')).toBe(true);
    expect(redactText('пароль=abc', rules)).not.toContain('abc');
  });

  it('is asked by redaction without losing a secret, however its name is separated', () => {
    const separators = fc.constantFrom('', '_', '-', '.', '__', '-_');
    const name = fc.tuple(fc.constantFrom('api', 'API', 'Api'), separators, fc.constantFrom('key', 'KEY', 'Key'));
    const tie = fc.constantFrom('=', ': ', ' = ', '=>');
    fc.assert(
      fc.property(name, tie, fc.stringMatching(/^[a-z0-9]{8,20}$/), (parts, sign, value) => {
        expect(redactText(`x ${parts.join('')}${sign}${value}.`, RULES)).not.toContain(value);
      }),
    );
  });
});
