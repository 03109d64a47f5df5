import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Failure } from '../command-line/misuse.ts';
import { identityOf } from '../input/file.ts';
import { reasonOf, systemCode } from '../input/system-error.ts';
import { existsAlready } from './own-files.ts';

/** Where text goes. */
export interface TextTarget {
  /** Resolves when more may be written. */
  readonly write: (text: string | Uint8Array) => Promise<void>;
  /** Writes what is held back and closes. */
  readonly end: () => Promise<void>;
}

/** A file being written. */
export interface FileTarget extends TextTarget {
  /** Tells it from the inputs, see {@link identityOf}. */
  readonly identity: string;
}

/** How a file is written. */
export interface FileTargetRules {
  /** The flag that named it, for messages. */
  readonly flag: string;
  /** Replaces a file that is there. */
  readonly force: boolean;
  readonly compress?: boolean;
  /** Permissions of a new file, before the umask. Default 0666. An older file with wider ones gets these. */
  readonly mode?: number;
}

/**
 * Opens a file for writing.
 *
 * @throws Misuse when the file exists and may not be replaced; {@link Failure} when it cannot be written.
 */
export async function openFileTarget(path: string, rules: FileTargetRules): Promise<FileTarget> {
  const { flag, force, compress = false, mode } = rules;
  const handle = await openNew(path, flag, force, mode);
  const file = handle.createWriteStream();
  const gzip = compress ? createGzip() : undefined;
  const entry: Writable = gzip ?? file;
  const closed = (gzip ? pipeline(gzip, file) : finished(file)).catch((error: unknown) => {
    throw new Failure(`${flag} ${path} cannot be written: ${reasonOf(error)}.`, { cause: error });
  });
  // Awaited in write and end; until then a failure must not count as unhandled.
  closed.catch(() => {});
  return {
    identity: identityOf(await handle.stat()),
    write: async (text) => {
      if (entry.destroyed) await closed;
      if (entry.write(text)) return;
      await Promise.race([new Promise((resolve) => entry.once('drain', resolve)), closed]);
    },
    end: async () => {
      entry.end();
      await closed;
    },
  };
}

async function openNew(path: string, flag: string, force: boolean, mode?: number): Promise<FileHandle> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_TRUNC, O_NOFOLLOW } = constants;
  // What only the owner may read must not end up where somebody's link leads.
  const replace = (force ? O_TRUNC : O_EXCL) | (mode === undefined ? 0 : O_NOFOLLOW);
  try {
    const handle = await open(path, O_WRONLY | O_CREAT | replace, mode);
    const stats = await handle.stat();
    if (mode !== undefined && stats.isFile() && isWider(stats, mode)) await handle.chmod(mode);
    return handle;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw existsAlready(flag, path);
    throw new Failure(`${flag} ${path} cannot be written: ${reasonOf(error)}.`, { cause: error });
  }
}

function isWider(stats: Stats, mode: number): boolean {
  return (stats.mode & 0o777 & ~mode) !== 0;
}
