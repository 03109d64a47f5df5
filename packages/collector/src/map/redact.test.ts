import { products } from '@cryptrail/catalogue';
import { GENERAL_REDACTION, SECRET_WORDS } from '@cryptrail/catalogue/words';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasPack } from '../files.ts';
import { plainParameters, textReplacements } from './redact.ts';
import { secretMarks, secretParts } from './secrets.ts';

/** An RE2 expression as one of JavaScript; both mean the same by what the packs use. */
function compile(pattern: string): RegExp {
  const flags = pattern.startsWith('(?s)') ? 'us' : 'u';
  const source = pattern
    .replace(/^\(\?s\)/, '')
    .replaceAll(/\\p([LNM])/g, '\\p{$1}')
    .replaceAll(/\\(["'` ;])/g, '$1');
  return new RegExp(source, flags);
}

const words = [
  'password',
  'PASSWD',
  'Secret',
  'api_key',
  'apiKey',
  'API key',
  'token',
  'auth_token',
  'pin',
  'userPin',
  'pwd',
  'PinCode',
  'privatekey',
  'code',
  'sig',
  'session',
  'pass',
  'x',
  'mapping',
];
const signs = [
  '=',
  ':',
  ' ',
  '\t',
  '"',
  "'",
  '`',
  '\\',
  '_',
  '.',
  '-',
  ';',
  '&',
  '?',
  ',',
  '=>',
  ':=',
  'é',
  '\n',
  '1',
  '<',
  ')',
  '{',
  '}',
];
const line = fc
  .array(fc.constantFrom(...words, ...signs, 'Tr0ub4dor'), { maxLength: 14 })
  .map((parts) => parts.join(''));

describe.each([
  ...products.filter(hasPack).map(({ id, redaction }) => [id, redaction] as const),
  ['other text', GENERAL_REDACTION] as const,
])('the first look at a line of %s', (_name, rules) => {
  const { lower, asIs } = secretMarks(rules);
  const marks = { lower: lower.map(compile), asIs: asIs.map(({ pattern }) => compile(pattern)) };
  const parameters = plainParameters(rules);
  const parts = secretParts(rules);
  const secrets = textReplacements(rules)
    .filter(([pattern, , hint]) => (hint === 'pair' || hint === 'parameter') && pattern.includes('(?i:'))
    .map(([pattern, , hint]) => ({ expression: compile(pattern), hint }));

  it('lets no secret pass that the closer look would remove', () => {
    fc.assert(
      fc.property(line, (text) => {
        const small = text.toLowerCase();
        const pair = marks.lower.some((one) => one.test(small)) || marks.asIs.some((one) => one.test(text));
        const parameter = pair || parameters.some((word) => small.includes(`${word}=`));
        for (const { expression, hint } of secrets)
          if (expression.test(text))
            expect(hint === 'pair' ? pair : parameter, `${hint} in ${JSON.stringify(text)}`).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('looks closer at every line that it would find a secret in, or that an escape could hide one from', () => {
    const word = (text: string) => text.includes('\\') || parts.some((own) => own.every((part) => text.includes(part)));
    fc.assert(
      fc.property(line, (text) => {
        const small = text.toLowerCase();
        if (marks.lower.some((one) => one.test(small)) || marks.asIs.some((one) => one.test(text)))
          expect(word(small), JSON.stringify(text)).toBe(true);
      }),
      { numRuns: 300 },
    );
    for (const name of [...SECRET_WORDS, ...rules.secretNames, ...(rules.secretFields ?? [])])
      for (const between of ['', '_', '-', '. ']) expect(word(name.replaceAll('_', between).toLowerCase())).toBe(true);
  });

  it('lets none pass either in the values as the Collector writes them', () => {
    fc.assert(
      fc.property(line, (text) => {
        const printed = JSON.stringify([text]).replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
        const small = printed.toLowerCase();
        const pair = marks.lower.some((one) => one.test(small)) || marks.asIs.some((one) => one.test(printed));
        for (const { expression, hint } of secrets)
          if (hint === 'pair' && expression.test(text)) expect(pair, JSON.stringify(text)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('finds nothing in a line that only names secrets', () => {
    for (const text of ['the token was used', '{"msg":"Tokenize","level":"info"}', 'CRYPTOTOKEN_EDIT;SUCCESS;CORE'])
      expect([...marks.lower, ...marks.asIs].some((one) => one.test(text.toLowerCase()))).toBe(false);
  });
});
