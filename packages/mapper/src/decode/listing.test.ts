import type { ListingFormat } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeListing } from './listing.ts';

const RULE: ListingFormat = {
  decoder: 'listing',
  id: 'made_up',
  delimiter: ', ',
  columns: ['event', 'who', 'issuer', 'node'],
  open: ['who', 'issuer'],
  shapes: { event: 'upper_name' },
  details: { start: ', {', end: '}', delimiter: ', ', assign: '=' },
  keyPrefixes: ['added:'],
  absent: ['null'],
  time: [],
  severity: 'none',
};

function texts(values: ReadonlyMap<string, { text: string }> | undefined) {
  return values && Object.fromEntries([...values].map(([key, { text }]) => [key, text]));
}

describe('decodeListing', () => {
  it('gives columns and details', () => {
    const decoded = decodeListing('KEYGEN, CN=a, O=b, null, node-1, {ALIAS=key1, added:a b=c=d, EMPTY=}', RULE);
    expect(texts(decoded?.fields)).toEqual({ event: 'KEYGEN', who: 'CN=a, O=b', issuer: 'null', node: 'node-1' });
    expect(decoded?.fields.get('issuer')?.kind).toBe('null');
    expect(texts(decoded?.details)).toEqual({ ALIAS: 'key1', 'added:a b': 'c=d', EMPTY: '' });
    expect(decodeListing('KEYGEN, a, b, c, {}', RULE)?.details.size).toBe(0);
  });

  it('keeps values with the delimiter, brackets and line breaks whole', () => {
    const decoded = decodeListing('E, a, b, c, {R=Result{x=1, y=2}, Result{x=3, y=4}, T=a, b, PEM=---\nAA\n---}', RULE);
    expect(texts(decoded?.details)).toEqual({
      R: 'Result{x=1, y=2}, Result{x=3, y=4}',
      T: 'a, b',
      PEM: '---\nAA\n---',
    });
  });

  it('takes the parts of a distinguished name as one value', () => {
    const decoded = decodeListing('E, a, b, c, {SUBJECT=CN=x, O=y, C=SE, ISSUER=CN=z, O=y, N=1, O=2}', RULE);
    expect(texts(decoded?.details)).toEqual({ SUBJECT: 'CN=x, O=y, C=SE', ISSUER: 'CN=z, O=y', N: '1', O: '2' });
  });

  it('reads a cut line and says so', () => {
    const decoded = decodeListing('E, a, b, c, {A=1, B=', RULE);
    expect(texts(decoded?.details)).toEqual({ A: '1', B: '' });
    expect(decoded?.issues.map(({ code }) => code)).toEqual(['truncated_upstream']);
  });

  it.each(['', 'E, a, b, c', 'Event, Who, Issuer, Node, {}', 'E, a, {}'])('refuses %j', (text) => {
    expect(decodeListing(text, RULE)).toBeUndefined();
  });

  it('never throws, wherever a line is cut and whatever it holds', () => {
    const line = 'E, CN=a, O=b, CN=c, n, {A=1, B={x=y}}';
    for (let end = 0; end <= line.length; end += 1) decodeListing(line.slice(0, end), RULE);
    fc.assert(
      fc.property(fc.string(), (text) => {
        decodeListing(text, RULE);
        decodeListing(`E, a, b, c, {${text}}`, RULE);
        decodeListing(`E, ${text}, c, {A=1}`, RULE);
      }),
    );
  });
});
