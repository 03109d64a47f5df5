import { products } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineBeginnings } from './line-beginnings.ts';

const HEAD = '2026-10-24 22:53:26,511 INFO  [org.cesecore.audit.Log4jDevice] (EJB default - 17) ';
const PIECES = [
  HEAD,
  ...HEAD.split(/(?<=[\][() :.,+-])/),
  '2026-10-24 22:53:26+02:00;A;B',
  'EVENT: ',
  '| ',
  'T',
  ';',
  '0',
];

const encoder = new TextEncoder();

describe('LineBeginnings', () => {
  it('says of a line the same whatever lines it has seen before', () => {
    const line = fc
      .tuple(fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }), fc.string({ maxLength: 3 }))
      .map(([pieces, text]) => pieces.join('') + text);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const one = LineBeginnings.of(products);
        for (const text of [HEAD, ...lines]) {
          const bytes = encoder.encode(text);
          const other = LineBeginnings.of(products);
          expect(one?.kindOf(bytes, 0, bytes.length)).toBe(other?.kindOf(bytes, 0, bytes.length));
          expect(one?.layout).toBe(other?.layout);
        }
      }),
    );
  });
});
