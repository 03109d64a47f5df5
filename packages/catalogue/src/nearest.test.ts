import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nearest } from './nearest.ts';

it('finds the word that was meant', () => {
  expect(nearest('prioritty', ['category', 'priority', 'title'])).toBe('priority');
  expect(nearest('cesecore.cert_revokd', ['cesecore.cert_revoked', 'cesecore.cert_request'])).toBe(
    'cesecore.cert_revoked',
  );
});

it('finds none when nothing is like enough', () => {
  expect(nearest('colour', ['category', 'priority'])).toBeUndefined();
  expect(nearest('', ['a'])).toBeUndefined();
});

it('finds every word itself', () => {
  fc.assert(fc.property(fc.string({ minLength: 1 }), (word) => nearest(word, ['zzz', word]) === word));
});
