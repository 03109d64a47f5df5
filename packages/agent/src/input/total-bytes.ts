import { lstat, stat } from 'node:fs/promises';
import type { FileRules } from './file.ts';
import type { FoundFile } from './follow-file.ts';
import type { Found } from './member.ts';

/** The bytes of all files that will be read, as they lie there; undefined when some of the input is no file. */
export async function totalBytes(find: (rules: FileRules) => AsyncIterable<Found>): Promise<number | undefined> {
  const files: FoundFile[] = [];
  const visit = (path: string, named: boolean) => void files.push({ path, named });
  for await (const found of find({ excluded: new Set(), visit })) if ('member' in found) return undefined;
  let total = 0;
  for (const { path, named } of files) {
    // What cannot be looked at will be reported when it is to be read.
    total += await (named ? stat(path) : lstat(path)).then(
      ({ size }) => size,
      () => 0,
    );
  }
  return total;
}
