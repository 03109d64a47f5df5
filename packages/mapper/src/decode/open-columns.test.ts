import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldOpenColumns } from './open-columns.ts';

const fold = (text: string) =>
  foldOpenColumns(
    text.split(', '),
    ['event', 'who', 'issuer', 'id'],
    ['who', 'issuer'],
    ', ',
    (word) => word === 'null',
  );

describe('foldOpenColumns', () => {
  it.each([
    ['E, user, null, 7', ['E', 'user', 'null', '7']],
    ['E, CN=a, O=x, C=SE, null, 7', ['E', 'CN=a, O=x, C=SE', 'null', '7']],
    ['E, CN=a, O=x, CN=b, O=y, 7', ['E', 'CN=a, O=x', 'CN=b, O=y', '7']],
    ['E, C=SE, CN=a, C=SE, O=y, CN=b, 7', ['E', 'C=SE, CN=a', 'C=SE, O=y, CN=b', '7']],
    ['E, user, CN=b, O=y, 7', ['E', 'user', 'CN=b, O=y', '7']],
    ['E, a user, with comma, null, 7', ['E', 'a user, with comma', 'null', '7']],
  ])('reads %s', (text, columns) => {
    expect(fold(text)).toEqual(columns);
  });

  it('refuses what has too few texts', () => {
    expect(fold('E, user, null')).toBeUndefined();
  });

  it('gives as many columns as there are, and loses no text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('CN=a', 'O=b', 'null', 'x', ''), { minLength: 4, maxLength: 12 }),
        (texts) => {
          const columns = fold(texts.join(', '));
          expect(columns).toHaveLength(4);
          expect(columns?.join(', ')).toBe(texts.join(', '));
        },
      ),
    );
  });
});
