import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitPathQuery } from './path-query.ts';

const SECRET = ['api_key', 'token', 'session'];

describe('splitPathQuery', () => {
  it('splits at the first question mark', () => {
    expect(splitPathQuery('/reports/3?tab=keys&next=/a?b', SECRET)).toEqual({
      path: '/reports/3',
      query: 'tab=keys&next=/a?b',
    });
  });

  it('tells an empty query from none', () => {
    expect(splitPathQuery('/a?', SECRET)).toEqual({ path: '/a', query: '' });
    expect(splitPathQuery('/a', SECRET)).toEqual({ path: '/a' });
  });

  it('replaces the values of secret parameters in the query and in the path', () => {
    expect(splitPathQuery('/x;session=s1?Api_Key=s2&page=2&token=s3', SECRET)).toEqual({
      path: '/x;session=REDACTED',
      query: 'Api_Key=REDACTED&page=2&token=REDACTED',
    });
  });

  it('gives a whole URL without its user info beside its path', () => {
    expect(splitPathQuery('https://u:p@host.example/reports/3?x=1', SECRET)).toEqual({
      path: '/reports/3',
      query: 'x=1',
      full: 'https://REDACTED:REDACTED@host.example/reports/3?x=1',
    });
    expect(splitPathQuery('https://u:p?w@host.example/a', SECRET).path).toBe('/a');
    expect(splitPathQuery('https://host.example', SECRET)).toEqual({ path: '/', full: 'https://host.example' });
  });

  it('loses nothing of a path without secrets', () => {
    const path = fc.string({ unit: fc.constantFrom(...'ab/?=#;% é') });
    fc.assert(
      fc.property(path, (text) => {
        const { path: before, query } = splitPathQuery(text, SECRET);
        expect(query === undefined ? before : `${before}?${query}`).toBe(text);
      }),
    );
  });
});
