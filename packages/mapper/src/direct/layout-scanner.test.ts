import { products } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileLayout } from '../decode/layout.ts';
import { LAYOUT_PARTS, LayoutScanner, NO_LAYOUT, UNSURE } from './layout-scanner.ts';

const PATTERNS = [...new Set(products.flatMap(({ layouts = [] }) => layouts))];
const LINES = [
  '2026-10-24 22:53:26,511 INFO  [org.cesecore.audit.Log4jDevice] (EJB default - 17) message (x) [y]',
  '2026-10-24T22:53:26.511+02:00 WARN [a.B] (t) m',
  '2026-10-24T22:53:26,5+0200 WARN  [a.B] m',
  '2026-10-24T22:53:26Z WARN  [a.B] (t) m',
  '22:53:26,511 ERROR [a.B] (default task-1) m',
  '2026-10-24 22:53:26,511 INFO  [main] [a.B] m',
  'SEVERE [a.B] (t) m',
  'INFO  [a.B] m',
  'INFO   [a b] m',
  '2026-10-24 22:53:26,511 INFO  [a.B] (no end',
  '2026-10-24 22:53:26,511 INFO  [a.B',
  '',
];

/** Those lines with something else in one place. */
const CHANGED = fc
  .tuple(fc.constantFrom(...LINES), fc.nat(60), fc.nat(4), fc.string({ maxLength: 2 }))
  .map(([line, at, length, text]) => line.slice(0, at) + text + line.slice(at + length));

/** What the texts say, and what the bytes say. */
function bothWays(line: string): { text: unknown; bytes: unknown } {
  const scanner = new LayoutScanner(PATTERNS);
  const bytes = new TextEncoder().encode(`x${line}y`);
  const readers = PATTERNS.map(compileLayout);
  const index = readers.findIndex((read) => read(line) !== undefined);
  const found = scanner.next(bytes, 1, bytes.length - 1);
  if (found === UNSURE) return { text: 'unsure', bytes: 'unsure' };
  if (found === NO_LAYOUT) return { text: index, bytes: found };
  const textOf = (from: number, to: number) => new TextDecoder().decode(bytes.subarray(from, to));
  const layout = Object.fromEntries(
    scanner
      .partsOf(found)
      .map((part) => [LAYOUT_PARTS[part], textOf(scanner.starts[part] ?? 0, scanner.ends[part] ?? 0)]),
  );
  return {
    text: { index, ...readers[index]?.(line) },
    bytes: { index: found, layout, message: textOf(scanner.message, bytes.length - 1) },
  };
}

describe('LayoutScanner', () => {
  it('reads lines of every layout as texts of them are read', () => {
    for (const line of LINES) {
      const { text, bytes } = bothWays(line);
      expect(bytes).toEqual(text);
      expect(bytes).not.toBe('unsure');
    }
  });

  it('gives the parts in the order in which they stand', () => {
    const scanner = new LayoutScanner(['%-5p [%t] [%c] %m']);
    expect(scanner.partsOf(0).map((part) => LAYOUT_PARTS[part])).toEqual(['level', 'thread', 'category']);
  });

  it('is not sure of names with signs beyond ASCII or colours, and of layouts that it does not know', () => {
    const bytes = (line: string) => new TextEncoder().encode(line);
    const scanner = new LayoutScanner(['%p [%c] %m']);
    for (const line of ['INFO [ä] m', 'INFO [\u001b[0m] m'])
      expect(scanner.next(bytes(line), 0, bytes(line).length)).toBe(UNSURE);
    expect(new LayoutScanner(['%p %x %m']).next(bytes('INFO x m'), 0, 8)).toBe(UNSURE);
  });

  it('finds the layouts behind the first one', () => {
    const scanner = new LayoutScanner(['%p [%c] (%t) %m', '%p [%c] %m']);
    const line = new TextEncoder().encode('INFO [a] (t) m');
    expect(scanner.next(line, 0, line.length)).toBe(0);
    expect(scanner.next(line, 0, line.length, 1)).toBe(1);
    expect(scanner.message).toBe(9);
    expect(scanner.next(line, 0, line.length, 2)).toBe(NO_LAYOUT);
  });

  it('reads lines by the heads of lines before them as it reads each by itself', () => {
    const bytesOf = (line: string) => new TextEncoder().encode(`x${line}y`);
    const all = [...PATTERNS.map((pattern) => [pattern]), PATTERNS, PATTERNS.toReversed()];
    const heads = all.map((patterns) => ({ patterns, scanner: new LayoutScanner(patterns) }));
    const remember = (line: string) => {
      const end = bytesOf(line).length - 1;
      for (const { scanner } of heads) {
        const found = scanner.next(bytesOf(line), 1, end);
        if (found >= 0) scanner.remember(found, bytesOf(line), 1, end);
      }
    };
    for (const line of LINES) remember(line);
    const partsOf = (scanner: LayoutScanner, layout: number) => {
      const spans = scanner.partsOf(layout).map((part) => [scanner.starts[part], scanner.ends[part]]);
      return [...spans, scanner.message];
    };
    const isKnown = (line: string): boolean[] =>
      heads.map(({ patterns, scanner }) => {
        const bytes = bytesOf(line);
        const known = scanner.recall(bytes, 1, bytes.length - 1);
        if (known === NO_LAYOUT) return false;
        const fresh = new LayoutScanner(patterns);
        expect(fresh.next(bytes, 1, bytes.length - 1)).toBe(known);
        expect(partsOf(scanner, known)).toEqual(partsOf(fresh, known));
        return true;
      });
    expect(isKnown('2031-01-31 01:00:00,000 INFO  [org.cesecore.audit.Log4jDevice] (other) y')).toContain(true);
    fc.assert(
      fc.property(CHANGED, CHANGED, (line, other) => {
        remember(line);
        isKnown(line);
        isKnown(other);
      }),
    );
  });

  it('says of any line what its text says, or that it is not sure', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...LINES.flatMap((line) => line.split(/(?<=[\][() :.,+-])/)),
        ' ',
        '\t',
        '\n',
        'ä',
        '\u001b',
        'T',
      ),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          CHANGED,
          fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
        ),
        (line) => {
          const { text, bytes } = bothWays(line);
          expect(bytes).toEqual(text);
        },
      ),
      { numRuns: 400 },
    );
  });
});
