import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { type FileRules, kindOf, openFile } from './file.ts';
import type { Found } from './member.ts';
import { reasonOf } from './system-error.ts';

/** Which entries of a folder are wanted; decided for each path before it is opened. */
export interface Choice {
  /** Read this file, or this folder with all below it. */
  readonly takes: (path: string) => boolean;
  /** Look further inside this folder, which is not taken itself. */
  readonly enters: (path: string) => boolean;
}

const EVERYTHING: Choice = { takes: () => true, enters: () => true };

/**
 * The files in a folder and all below it, in name order. Links are not followed, so that no circle and no way out exists; links,
 * pipes and devices are counted and named in one remark at the end.
 */
export async function* openFolder(path: string, rules: FileRules, choice = EVERYTHING): AsyncGenerator<Found> {
  const skipped: string[] = [];
  yield* walk(path, rules, choice, skipped);
  const [first, ...more] = skipped;
  if (first === undefined) return;
  const others = more.length > 0 ? ` and ${more.length} more` : '';
  yield { notice: `${first}${others}: left out; links, pipes and devices in a folder are not read` };
}

async function* walk(folder: string, rules: FileRules, choice: Choice, skipped: string[]): AsyncGenerator<Found> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder === '' ? '.' : folder, { withFileTypes: true });
  } catch (error) {
    yield { problem: { path: folder, message: `cannot be read: ${reasonOf(error)}` } };
    return;
  }
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const entry of entries) {
    const path = within(folder, entry.name);
    const taken = choice.takes(path);
    if (entry.isDirectory()) {
      if (taken) yield* walk(path, rules, EVERYTHING, skipped);
      else if (choice.enters(path)) yield* walk(path, rules, choice, skipped);
    } else if (taken && kindOf(entry) === undefined) yield* openFile(path, false, rules);
    else if (taken) skipped.push(path);
  }
}

/** The path of an entry, beginning as the folder was given; the current folder may be given as an empty text. */
function within(folder: string, name: string): string {
  return folder === '' || folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}
