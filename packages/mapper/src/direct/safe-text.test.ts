import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretNames } from '../redact/secret-names.ts';
import { redactText } from '../redact/text.ts';
import { hidesNothing } from './safe-text.ts';

const RULES = { secretNames: ['token', 'api_key', 'pin'], queryParameters: ['code', 'session'] };

describe('hidesNothing', () => {
  it('is true of sentences in which a secret is only named', () => {
    expect(hidesNothing({ texts: ['API token used by ', ''], values: [0] }, RULES)).toBe(true);
    expect(hidesNothing({ texts: ['', ' (', ')'], values: [0, 1] }, RULES)).toBe(true);
  });

  it('is false where a value stands behind a name, or can become part of one', () => {
    const texts = [
      ['token: ', ''],
      ['token=', ''],
      ['a', ''],
      ['', 'b'],
      ['', '', ''],
      ['Bearer ', ''],
      ['http://', ''],
    ];
    for (const one of texts) expect(hidesNothing({ texts: one, values: [] }, RULES), one.join('|')).toBe(false);
  });

  it('is right about plain words, wherever they are put', () => {
    const piece = fc.constantFrom(
      'token',
      'api',
      '_key',
      'pin',
      'code',
      'user',
      ' ',
      ': ',
      '"',
      "'",
      '(',
      '?',
      '&',
      '=',
      '/',
      'Bearer ',
      '.',
    );
    const texts = fc.array(
      fc.array(piece, { maxLength: 4 }).map((parts) => parts.join('')),
      { minLength: 2, maxLength: 4 },
    );
    const word = fc.oneof(
      fc.stringMatching(/^[a-z0-9_.@/-]{1,12}$/),
      fc.constantFrom('abcdefgh1234', 'x', 'tok', 'p', 'en'),
    );
    const names = secretNames(RULES);
    let safe = 0;
    fc.assert(
      fc.property(texts, fc.array(word, { minLength: 4, maxLength: 4 }), (list, words) => {
        if (!hidesNothing({ texts: list, values: [] }, RULES) || words.some((one) => names.mayHold(one))) return;
        safe += 1;
        const shown = list.reduce((text, part, at) => text + (at === 0 ? '' : (words[at] ?? '')) + part, '');
        expect(redactText(shown, RULES)).toBe(shown);
      }),
      { numRuns: 3000 },
    );
    expect(safe).toBeGreaterThan(50);
  });
});
