import { constants } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesAt, type FileRules, identityOf, kindOf, openFile } from './file.ts';
import { HEAD_BYTES } from './head.ts';
import type { Found } from './member.ts';
import { isPlainText } from './open-member.ts';
import { reasonOf, systemCode } from './system-error.ts';

/** A file as the user named it, or as it was met in a folder. */
export interface FoundFile {
  readonly path: string;
  /** Whether the user wrote this path. */
  readonly named: boolean;
}

/** How a file is followed. */
export interface Following {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** How often the file is looked at. Default 250. */
  readonly pollMillis?: number;
  /** When nothing has come for so long, a record that may have more lines is taken to be complete. Default 1000. */
  readonly pauseMillis?: number;
}

/**
 * The file as one member that goes on while the file grows. When another file takes its place, or it is emptied, the member ends and the next
 * begins, so that positions are those of the file that is there. Packed files do not grow: they are read once.
 */
export async function* followFile(
  { path, named }: FoundFile,
  rules: FileRules,
  following: Following,
): AsyncGenerator<Found> {
  const { signal, pollMillis = 250 } = following;
  for (let first = true; !signal.aborted; first = false) {
    let handle: FileHandle;
    try {
      handle = await openRegular(path, named);
    } catch (error) {
      if (!first && systemCode(error) === 'ENOENT') {
        await pause(pollMillis, signal);
        continue;
      }
      yield { problem: { path, message: `cannot be followed: ${reasonOf(error)}` } };
      return;
    }
    try {
      if (rules.excluded.has(identityOf(await handle.stat()))) {
        yield { notice: `${path}: left out, because this run writes it` };
        return;
      }
      if (!(await holdsText(handle))) {
        yield* openFile(path, named, rules);
        return;
      }
      yield { member: { path, name: basename(path), bytes: growing(handle, path, following), live: true } };
    } finally {
      await handle.close();
    }
  }
}

async function openRegular(path: string, named: boolean): Promise<FileHandle> {
  const kind = kindOf(await (named ? stat(path) : lstat(path)));
  if (kind !== undefined) throw new Error(`it is ${kind}, not a regular file`);
  return open(path, constants.O_RDONLY | constants.O_NONBLOCK | (named ? 0 : constants.O_NOFOLLOW));
}

async function holdsText(handle: FileHandle): Promise<boolean> {
  for await (const head of bytesAt(handle.fd, 0, HEAD_BYTES)) return isPlainText(head);
  return true;
}

async function* growing(
  handle: FileHandle,
  path: string,
  { signal, pollMillis = 250, pauseMillis = 1000 }: Following,
): AsyncGenerator<Uint8Array> {
  let position = 0;
  let quietMillis = 0;
  for (let replaced = false; ; ) {
    for await (const chunk of bytesAt(handle.fd, position)) {
      position += chunk.length;
      quietMillis = 0;
      yield chunk;
    }
    // What was written before it was replaced has been read now.
    if (replaced || signal.aborted) return;
    replaced = await isReplaced(handle, path, position);
    if (replaced) continue;
    await pause(pollMillis, signal);
    if (quietMillis < pauseMillis && quietMillis + pollMillis >= pauseMillis) yield NOTHING;
    quietMillis += pollMillis;
  }
}

const NOTHING = new Uint8Array();

/** Another file has the name, or this one is shorter than what was read of it. A file that is gone may only be on its way. */
async function isReplaced(handle: FileHandle, path: string, position: number): Promise<boolean> {
  const own = await handle.stat();
  if (own.size < position) return true;
  try {
    return identityOf(await stat(path)) !== identityOf(own);
  } catch {
    return false;
  }
}

async function pause(millis: number, signal: AbortSignal): Promise<void> {
  // Aborted is as good as over.
  await sleep(millis, undefined, { signal }).catch(() => {});
}
