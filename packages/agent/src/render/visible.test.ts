import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible, visibleJson } from './visible.ts';

const acting = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

describe('visible', () => {
  it('F05 shows escape sequences instead of sending them to the terminal', () => {
    expect(visible('\u001b[31mred\u001b[0m')).toBe('\\e[31mred\\e[0m');
    expect(visible('\u009b2J')).toBe('\\u009b2J');
  });

  it('shows line breaks, direction marks and halves of characters', () => {
    expect(visible('a\r\nb\tc')).toBe('a\\r\\nb\\tc');
    expect(visible('user\u202etxt.exe')).toBe('user\\u202etxt.exe');
    expect(visible('\ud83d')).toBe('\\ud83d');
  });

  it('leaves letters of every script and emoji as they are', () => {
    expect(visible('Zażółć 日本語 שלום 🔑')).toBe('Zażółć 日本語 שלום 🔑');
  });

  it('leaves nothing that acts, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !acting.test(visible(text))));
  });
});

describe('visibleJson', () => {
  it('keeps the meaning of any JSON and leaves nothing in it that acts', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), (value) => {
        const json = visibleJson(JSON.stringify(value));
        expect(JSON.parse(json)).toEqual(value);
        expect(json).not.toMatch(acting);
      }),
    );
  });
});
