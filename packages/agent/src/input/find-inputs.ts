import { lstat, stat } from 'node:fs/promises';
import { Misuse } from '../command-line/misuse.ts';
import type { InStream, Terminal } from '../command-line/terminal.ts';
import { type FileRules, openFile } from './file.ts';
import { openFolder } from './folder.ts';
import { type Found, STANDARD_INPUT } from './member.ts';
import { openMember } from './open-member.ts';

/** What the user is told when there is nothing to read. */
const NOTHING = 'Which files? Name a file, a folder, a glob in quotes, or - for standard input.';

/**
 * The words that name inputs. Without any, standard input is meant when something is piped in.
 *
 * @throws {@link Misuse} when nothing is named and nothing is piped in, or standard input is named twice.
 */
export function inputWords(words: readonly string[], terminal: Pick<Terminal, 'stdin'>): readonly string[] {
  if (words.filter((word) => word === STANDARD_INPUT).length > 1) throw new Misuse('- can be given only once.');
  if (words.length > 0) return words;
  if (terminal.stdin().isTTY) throw new Misuse(NOTHING);
  return [STANDARD_INPUT];
}

/**
 * The inputs that words on the command line stand for, in the order given: files, folders (read recursively, in name order), globs
 * (unless a file of that very name exists), and `-` for standard input.
 */
export async function* findInputs(
  words: readonly string[],
  { stdin, signal }: Pick<Terminal, 'stdin' | 'signal'>,
  rules: FileRules,
): AsyncGenerator<Found> {
  for (const word of words) {
    if (word === STANDARD_INPUT) yield* openStandardInput(stdin(), signal, rules);
    else if (await isFolder(word)) yield* openFolder(word, rules);
    else {
      const pattern = SIGN_OF_PATTERN.test(word) && !(await exists(word)) ? await import('./pattern.ts') : undefined;
      if (pattern?.isPattern(word)) yield* pattern.openPattern(word, rules);
      else yield* openFile(word, true, rules);
    }
  }
}

/** No glob is without one of these; most names are, and the matcher of globs is not loaded for them. */
const SIGN_OF_PATTERN = /[*?[{(]/;

async function* openStandardInput(stream: InStream, signal: AbortSignal, rules: FileRules): AsyncGenerator<Found> {
  // A pipe that stays open must not keep the program alive.
  const close = () => void stream.destroy();
  signal.addEventListener('abort', close);
  try {
    yield* openMember({ path: STANDARD_INPUT, name: STANDARD_INPUT, bytes: stream, live: true }, rules);
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

/** A link to a folder, written by the user, counts as the folder. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}
