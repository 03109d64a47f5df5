import { stat } from 'node:fs/promises';
import { Misuse } from '../command-line/misuse.ts';
import { identityOf } from '../input/file.ts';

/** A file that a run is told to write. */
export interface OwnFile {
  /** The flag that names it. */
  readonly flag: string;
  readonly path: string | undefined;
  /** Whether a file that is there may be replaced. */
  readonly replace: boolean;
}

/**
 * Refuses to write into what is to be read, into one file twice, or over what is there: it would be lost. Looks at all files
 * before the first is opened, so that a refused run leaves nothing behind.
 *
 * @throws {@link Misuse} naming the flag.
 */
export async function refuseLoss(own: readonly OwnFile[], inputs: readonly string[]): Promise<void> {
  const read = new Map<string, string>();
  for (const input of inputs) {
    const identity = await identityAt(input);
    if (identity !== undefined) read.set(identity, input);
  }
  const written = new Map<string, string>();
  for (const { flag, path, replace } of own) {
    if (path === undefined) continue;
    const existing = await identityAt(path);
    const identity = existing ?? path;
    if (read.has(identity)) throw new Misuse(`${flag} ${path} is also an input.`);
    const other = written.get(identity);
    if (other !== undefined) throw new Misuse(`${flag} and ${other} name one file.`);
    if (existing !== undefined && !replace) throw existsAlready(flag, path);
    written.set(identity, flag);
  }
}

/** The refusal to replace a file. */
export function existsAlready(flag: string, path: string): Misuse {
  return new Misuse(`${flag} ${path} exists already.`, 'Use --force to replace it.');
}

async function identityAt(path: string): Promise<string | undefined> {
  try {
    return identityOf(await stat(path));
  } catch {
    return undefined;
  }
}
