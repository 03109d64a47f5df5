import { constants, read as readCallback, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { builtinUtil } from '../node-builtins.ts';
import type { OpeningLimits } from './containers/opening-limits.ts';
import { HEAD_BYTES } from './head.ts';
import type { Found } from './member.ts';
import { openMember } from './open-member.ts';
import { reasonOf } from './system-error.ts';

const read = builtinUtil().promisify(readCallback);

const CHUNK_BYTES = 64 * 1024;
/** Measured: less costs a trip to a thread for too few lines, more goes beyond the caches of the processor. */
const LENT_BYTES = 256 * 1024;
/** Whoever looks at the beginning of a stream before it is read holds several chunks. */
const KEPT_TOGETHER_BYTES = 2 * HEAD_BYTES;

/** How files are opened. */
export interface FileRules {
  /** Identities ({@link identityOf}) of files that are written by this very run and must not be read. */
  readonly excluded: ReadonlySet<string>;
  /** How far archives and compressed data are opened. */
  readonly limits?: Partial<OpeningLimits>;
  /** Is told each file, instead of having it opened. */
  readonly visit?: (path: string, named: boolean) => void;
  /** Is told how many bytes were read, of files as they lie there. */
  readonly onRead?: (bytes: number) => void;
}

/**
 * Opens a regular file, and nothing else: a device or a pipe could block or do harm when it is opened.
 *
 * @param named Whether the user wrote this path: then a link is followed, as for any program; links met on the way never are.
 */
export async function* openFile(path: string, named: boolean, rules: FileRules): AsyncGenerator<Found> {
  if (rules.visit) {
    rules.visit(path, named);
    return;
  }
  let handle: FileHandle;
  try {
    const kind = kindOf(await (named ? stat(path) : lstat(path)));
    if (kind !== undefined) {
      yield { problem: { path, message: `is ${kind}, not a regular file${named ? '; use - to read a pipe' : ''}` } };
      return;
    }
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | (named ? 0 : constants.O_NOFOLLOW));
  } catch (error) {
    yield { problem: { path, message: `cannot be read: ${reasonOf(error)}` } };
    return;
  }
  try {
    yield* openHandle(path, handle, rules, () => openFile(path, named, rules));
  } catch (error) {
    yield { problem: { path, message: `cannot be read: ${reasonOf(error)}` } };
  } finally {
    await handle.close();
  }
}

async function* openHandle(
  path: string,
  handle: FileHandle,
  rules: FileRules,
  again: () => AsyncGenerator<Found>,
): AsyncGenerator<Found> {
  const stats = await handle.stat();
  // Somebody may have put another thing into its place since it was looked at.
  const kind = kindOf(stats);
  if (kind !== undefined) yield { problem: { path, message: `is ${kind}, not a regular file` } };
  else if (rules.excluded.has(identityOf(stats))) yield { notice: `${path}: left out, because this run writes it` };
  else {
    const file = { descriptor: handle.fd, size: stats.size };
    yield* openMember({ path, name: basename(path), bytes: lentBytesOf(handle.fd), file }, { ...rules, again });
  }
}

/** The bytes of an open file from an offset to another, or to its end. Reading moves nothing in the file. */
export async function* bytesAt(
  descriptor: number,
  from: number,
  to = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  for (let position = from; position < to; ) {
    const length = Math.min(CHUNK_BYTES, to - position);
    const { bytesRead, buffer } = await read(descriptor, Buffer.allocUnsafe(length), 0, length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/**
 * The bytes of an open file from its beginning, in chunks that lie in the same memory: each holds until the next is asked for, and those with which the
 * reading begins hold together up to {@link KEPT_TOGETHER_BYTES}.
 */
async function* lentBytesOf(descriptor: number): AsyncGenerator<Uint8Array> {
  const memory = new Uint8Array(LENT_BYTES);
  let used = 0;
  for (let position = 0; ; ) {
    if (used > KEPT_TOGETHER_BYTES) used = 0;
    const { bytesRead } = await read(descriptor, memory, used, LENT_BYTES - used, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield memory.subarray(used, used + bytesRead);
    used += bytesRead;
  }
}

/** What stands there instead of a regular file; undefined for a regular file. */
export function kindOf(
  stats: Pick<Stats, 'isFile' | 'isDirectory' | 'isFIFO' | 'isSocket' | 'isSymbolicLink'>,
): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return stats.isSymbolicLink() ? 'a link' : 'a device';
}

/** Tells whether two names stand for one file. */
export function identityOf({ dev, ino }: Pick<Stats, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`;
}
