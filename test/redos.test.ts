import { globSync, readFileSync } from 'node:fs';
import { checkSync } from 'recheck';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

interface Pattern {
  readonly where: string;
  readonly source: string;
  readonly flags: string;
}

/** Fewer than this many expressions found means that the search is broken, not that the code is clean. */
const FLOOR = 80;

/**
 * Expressions that cost more than linear time on text whose length something else bounds; each with what bounds it.
 * Written as `/source/flags`.
 */
const BOUNDED: Readonly<Record<string, string>> = {
  '/[-_.]\\d[\\d._:T-]{0,40}$/': 'the name of a file: 255 bytes at most',
  '/[-_.]\\d[\\d._:T-]{0,40}(\\.[A-Za-z]{1,16})$/': 'the name of a file: 255 bytes at most',
};

/** Files that make an expression from values, and why that needs no check. */
const MADE: Readonly<Record<string, string>> = {
  'packages/catalogue/src/phrases.ts': 'one sign or two, and meets generated tables alone',
  'packages/mapper/src/redact/secret-names.ts': 'an alternation of plain words',
};

/** Work is bounded by counts, and not by times: what one machine calls safe, a faster one must not call slow. */
const LIMITS = { attackTimeout: null, incubationTimeout: null, timeout: 120_000 } as const;

/** Keys of product tables whose texts are regular expressions. */
const PATTERN_KEYS = new Set(['pattern', 'patterns', 'regex', 'regexp']);

const patterns: Pattern[] = [];
const unreadable: string[] = [];

const sources = globSync(['packages/*/src/**/*.ts', 'packages/*/products/*/*.ts']);
for (const file of sources) if (!/\.(test|test-d)\.ts$/.test(file)) searchCode(file);
for (const file of globSync('packages/catalogue/products/*/*.json')) searchTable(file, readJson(file));

describe('regular expressions that meet text from outside', () => {
  it('are found by the search', () => {
    expect(sources.length).toBeGreaterThan(0);
    expect(patterns.length).toBeGreaterThanOrEqual(FLOOR);
  });

  it('are literals, so that they can be checked', () => {
    expect(unreadable.filter((where) => !Object.hasOwn(MADE, where.replace(/:\d+$/, '')))).toEqual([]);
  });

  it('need linear time, or meet text that is bounded', { timeout: 600_000 }, () => {
    const distinct = new Map(patterns.map((pattern) => [literal(pattern), pattern]));
    const slow = [...distinct]
      .filter(([text]) => !(text in BOUNDED))
      .flatMap(([text, pattern]) => {
        const verdict = checkSync(pattern.source, pattern.flags, LIMITS);
        if (verdict.status === 'safe') return [];
        return [
          `${pattern.where}: ${text} ${verdict.status === 'vulnerable' ? verdict.complexity.summary : 'cannot be judged'}`,
        ];
      });
    expect(slow).toEqual([]);
  });

  it('are still there where an exception names them', () => {
    const found = new Set(patterns.map(literal));
    expect(Object.keys(BOUNDED).filter((text) => !found.has(text))).toEqual([]);
  });

  it('would be called slow if one backtracked', () => {
    expect(checkSync('^(a+)+$', '').status).toBe('vulnerable');
  });
});

function literal({ source, flags }: Pattern): string {
  return `/${source}/${flags}`;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Collects regular expression literals, and `RegExp(…)` calls with their literal arguments. */
function searchCode(file: string): void {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    const where = `${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      patterns.push({ where, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    } else if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp') {
      const [source, flags] = node.arguments ?? [];
      if (source && ts.isStringLiteralLike(source) && (!flags || ts.isStringLiteralLike(flags))) {
        patterns.push({ where, source: source.text, flags: flags ? flags.text : '' });
      } else if (!source || !isChecked(source)) unreadable.push(where);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
}

/** A literal, or `OTHER.source`, which is checked where OTHER is written. */
function isChecked(source: ts.Expression): boolean {
  return (
    ts.isRegularExpressionLiteral(source) || (ts.isPropertyAccessExpression(source) && source.name.text === 'source')
  );
}

/** Collects the texts under the keys that hold expressions, at any depth. */
function searchTable(file: string, value: unknown, isPattern = false): void {
  if (typeof value === 'string') {
    if (isPattern) patterns.push({ where: file, source: value, flags: '' });
  } else if (Array.isArray(value)) for (const item of value) searchTable(file, item, isPattern);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) searchTable(file, member, PATTERN_KEYS.has(key));
  }
}
