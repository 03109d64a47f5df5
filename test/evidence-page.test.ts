import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync('docs/evidence.md', 'utf8');
const tests = globSync(['packages/integrity/src/**/*.test.ts', 'test/*.test.ts'])
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

describe.each(["Acra's chain", "CESeCore's table"])('docs/evidence.md, %s', (heading) => {
  const [, section = ''] = page.split(`## ${heading}\n`);
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => /^\| (?!what was done)/.test(line));

  it('has a table', () => {
    expect(rows.length).toBeGreaterThan(10);
  });

  it.each(rows)('names a test that is there: %s', (row) => {
    const [, name] = /\| `([^`]+)` \|$/.exec(row) ?? [];
    expect(name).toBeDefined();
    expect(tests).toContain(`'${name}'`);
  });
});
