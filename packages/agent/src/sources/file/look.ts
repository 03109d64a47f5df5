import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { kindOf } from '../../input/file.ts';

/**
 * Where a file lies: its number on its device and, because numbers are used again, the time of its making (`0` where the file system keeps none).
 * It is a hint and no identity: a copied file has another one, and a file that was emptied keeps it.
 */
export type Locator = string;

/** What can be seen of a file without reading it. */
export interface Look {
  readonly locator: Locator;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly changedMillis: number;
}

/** Something other than a file stands there. */
export class NoRegularFile extends Error {}

/**
 * Looks at a path; links are followed.
 *
 * @throws The error of the system, or {@link NoRegularFile}.
 */
export async function lookAt(path: string): Promise<Look> {
  return toLook(await stat(path, { bigint: true }));
}

/** A file that is open, and what it was when it was opened. */
export interface Opened {
  readonly handle: FileHandle;
  readonly look: Look;
}

/**
 * Opens a file for reading. What stands there is asked of the open file, so nothing can be put in its place in between; a pipe does not block.
 *
 * @throws The error of the system, or {@link NoRegularFile}.
 */
export async function openToRead(path: string): Promise<Opened> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    return { handle, look: await lookInto(handle) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Looks at an open file. */
export async function lookInto(handle: FileHandle): Promise<Look> {
  return toLook(await handle.stat({ bigint: true }));
}

function toLook(stats: BigIntStats): Look {
  const kind = kindOf(stats);
  if (kind !== undefined) throw new NoRegularFile(`it is ${kind}, not a regular file`);
  return {
    locator: `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`,
    size: Number(stats.size),
    changedMillis: Number(stats.mtimeMs),
  };
}
