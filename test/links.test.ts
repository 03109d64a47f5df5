import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const skipped = new Set(['node_modules', 'dist', '.git', '.turbo', '.tmp']);
const pages = globSync('**/*.md', { exclude: (path) => path.split('/').some((part) => skipped.has(part)) }).sort();

it('finds the pages of the repository', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/cli.md', 'docs/semantics.md']));
});

describe.each(pages)('links of %s', (page) => {
  const targets = linksOf(readFileSync(page, 'utf8'));

  it('lead to files that are there', () => {
    const missing = targets.filter(({ file }) => file !== '' && !existsSync(join(dirname(page), file)));
    expect(missing).toEqual([]);
  });

  it('lead to headings that are there', () => {
    const missing = targets.filter(({ file, heading }) => {
      const target = file === '' ? page : join(dirname(page), file);
      if (heading === '' || !existsSync(target)) return false;
      return statSync(target).isDirectory() || !headingsOf(readFileSync(target, 'utf8')).has(heading);
    });
    expect(missing).toEqual([]);
  });
});

interface Link {
  readonly file: string;
  readonly heading: string;
}

/** Relative links `[text](file#heading)` outside of code. */
function linksOf(text: string): Link[] {
  const links = [...withoutCode(text).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);
  return links
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = '', heading = ''] = target.split('#');
      return { file, heading };
    });
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, 'code');
}

/** Anchors that GitHub gives to headings: lower case, blanks as hyphens, without punctuation, numbered when repeated. */
function headingsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#{1,6} (.*)$/gm)].map(([, title = '']) => {
    const anchor = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
  return new Set(anchors);
}
