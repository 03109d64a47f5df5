import { stat } from 'node:fs/promises';
import { Misuse } from '../command-line/misuse.ts';
import { identityOf } from '../input/file.ts';

/** Files that a run is told to write, by the flag that names them. */
export type OwnFiles = readonly (readonly [flag: string, path: string | undefined])[];

/**
 * Refuses to write into what is to be read, or into one file twice: it would be lost.
 *
 * @throws {@link Misuse} naming the flag.
 */
export async function refuseOverlap(own: OwnFiles, inputs: readonly string[]): Promise<void> {
  const read = new Map<string, string>();
  for (const input of inputs) {
    const identity = await identityAt(input);
    if (identity !== undefined) read.set(identity, input);
  }
  const written = new Map<string, string>();
  for (const [flag, path] of own) {
    if (path === undefined) continue;
    const identity = (await identityAt(path)) ?? path;
    if (read.has(identity)) throw new Misuse(`${flag} ${path} is also an input.`);
    const other = written.get(identity);
    if (other !== undefined) throw new Misuse(`${flag} and ${other} name one file.`);
    written.set(identity, flag);
  }
}

async function identityAt(path: string): Promise<string | undefined> {
  try {
    return identityOf(await stat(path));
  } catch {
    return undefined;
  }
}
