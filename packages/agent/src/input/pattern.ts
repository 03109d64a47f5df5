import picomatch from 'picomatch';
import type { FileRules } from './file.ts';
import { openFolder } from './folder.ts';
import type { Found } from './member.ts';

/** Whether a word is a glob: it holds `*`, `?`, `[…]`, `{…}` or `!(…)`. */
export function isPattern(word: string): boolean {
  return picomatch.scan(word).isGlob;
}

/** The files that a glob stands for, in name order, and all below folders that it stands for. Links are not followed. */
export async function* openPattern(word: string, rules: FileRules): AsyncGenerator<Found> {
  const { base, glob } = picomatch.scan(word);
  const prefix = base === '' || base.endsWith('/') ? base : `${base}/`;
  const matches = picomatch(glob, { dot: false });
  const deepest = glob.includes('**') ? Number.POSITIVE_INFINITY : glob.split('/').length;
  const below = (path: string) => path.slice(prefix.length);
  const choice = {
    takes: (path: string) => matches(below(path)),
    enters: (path: string) => below(path).split('/').length < deepest,
  };
  let any = false;
  const { visit } = rules;
  // Files that are only told of come as nothing else.
  const told: FileRules = visit
    ? {
        ...rules,
        visit: (path, named) => {
          any = true;
          visit(path, named);
        },
      }
    : rules;
  for await (const found of openFolder(base, told, choice)) {
    any = true;
    yield found;
  }
  if (!any) yield { problem: { path: word, message: 'matches no file' } };
}
