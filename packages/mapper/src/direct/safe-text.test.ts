import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretNames } from '../redact/secret-names.ts';
import { redactText } from '../redact/text.ts';
import { safeGaps } from './safe-text.ts';

const RULES = { secretNames: ['token', 'api_key', 'pin'], queryParameters: ['code', 'session'] };

describe('safeGaps', () => {
  it('tells the gaps of sentences in which a secret is only named', () => {
    expect(safeGaps({ texts: ['API token used by ', ''], values: [0] }, RULES)).toEqual([false]);
    expect(safeGaps({ texts: ['', ': asked (', ')'], values: [0, 1] }, RULES)).toEqual([true, false]);
    expect(safeGaps({ texts: ['', ' "', '"'], values: [0, 1] }, RULES)).toEqual([true, false]);
  });

  it('is none where a value stands behind a name, or can become part of one', () => {
    const texts = [
      ['token: ', ''],
      ['token=', ''],
      ['a', ''],
      ['', 'b'],
      ['', '', ''],
      ['Bearer ', ''],
      ['http://', ''],
      ['', '//&@0'],
      ['', '://a@b'],
      ['at:', ''],
    ];
    for (const one of texts) expect(safeGaps({ texts: one, values: [] }, RULES), one.join('|')).toBeUndefined();
  });

  it('is right about values that name nothing, and about words that name something where nothing is tied', () => {
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
      fc.constantFrom('abcdefgh1234', 'x', 'tok', 'token', '/api/v2', 'pin', 'api_key', 'tokenécodé'),
    );
    const text = fc.stringMatching(/^[a-z0-9][a-z0-9 :"'/é?&-]{0,10}$/);
    const names = secretNames(RULES);
    let safe = 0;
    fc.assert(
      fc.property(texts, fc.array(fc.oneof(word, text), { minLength: 4, maxLength: 4 }), (list, values) => {
        const gaps = safeGaps({ texts: list, values: [] }, RULES);
        if (!gaps) return;
        const isFree = gaps.every((tied, at) => {
          const value = values[at] ?? '';
          return !names.mayHold(value) && !value.includes('://') ? true : !tied && !/[ :="'`]/.test(value);
        });
        if (!isFree) return;
        safe += 1;
        const shown = list.reduce((sum, part, at) => sum + (values[at - 1] ?? '') + part);
        expect(redactText(shown, RULES)).toBe(shown);
      }),
      { numRuns: 4000 },
    );
    expect(safe).toBeGreaterThan(50);
  });
});
