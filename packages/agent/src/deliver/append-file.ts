import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file that only grows by whole blocks. */
export interface AppendFile {
  readonly length: number;
  /** Whether the path still leads to this file: it may have been moved or deleted. */
  isInPlace(): Promise<boolean>;
  /** Writes the block and waits until the disk has it. When it rejects, nothing of the block is left in the file. */
  append(block: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** How a file is opened. */
export interface AppendRules {
  /** Permissions of a new file, before the umask. */
  readonly mode: number;
  /** Finds the end of the last whole block: what stands behind it is left of a crash and is cut off. */
  readonly wholeLength: (file: FileHandle, length: number) => Promise<number>;
  /** Told of how many bytes were cut off. */
  readonly onCut?: (bytes: number) => void;
}

/** Opens a file for blocks, made with its folders when it is not there. Follows no link in the last part of the path. Rejects with the error of the system. */
export async function openAppendFile(path: string, { mode, wholeLength, onCut }: AppendRules): Promise<AppendFile> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
  const file = await open(path, O_RDWR | O_CREAT | O_NOFOLLOW, mode);
  try {
    const { size, dev, ino } = await file.stat();
    let length = await wholeLength(file, size);
    if (length < size) {
      await file.truncate(length);
      onCut?.(size - length);
    }
    if (size === 0) await syncFolder(folder);
    return {
      get length() {
        return length;
      },
      async isInPlace() {
        const there = await stat(path).catch(() => undefined);
        return there?.ino === ino && there.dev === dev;
      },
      async append(block) {
        try {
          await writeAll(file, block, length);
          await file.datasync();
          length += block.length;
        } catch (error) {
          await file.truncate(length).catch(() => undefined);
          throw error;
        }
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function writeAll(file: FileHandle, block: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < block.length; ) {
    const { bytesWritten } = await file.write(block, done, block.length - done, position + done);
    done += bytesWritten;
  }
}

/** The name of a new file is on disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const BACKWARDS_BYTES = 64 * 1024;
const LINE_BREAK = 0x0a;

/**
 * Finds where the last whole line of a file ends.
 *
 * @param beginning What each line begins with. When the rest of the file begins otherwise, the file is somebody else's, and is refused: to cut it would
 * destroy what they wrote.
 */
export function endOfLines(beginning: string): AppendRules['wholeLength'] {
  return async (file, length) => {
    const end = await lastLineBreak(file, length);
    const rest = Buffer.alloc(Math.min(beginning.length, length - end));
    await file.read(rest, 0, rest.length, end);
    if (beginning.startsWith(rest.toString('latin1')) || rest.every((byte) => byte === 0)) return end;
    throw new NotOurs();
  };
}

/** What stands in the file was written by another program. */
export class NotOurs extends Error {
  constructor() {
    super('what is in the file was not written by cryptrail; choose another path');
  }
}

async function lastLineBreak(file: FileHandle, length: number): Promise<number> {
  for (let end = length; end > 0; ) {
    const start = Math.max(0, end - BACKWARDS_BYTES);
    const buffer = Buffer.alloc(end - start);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    const at = buffer.subarray(0, bytesRead).lastIndexOf(LINE_BREAK);
    if (at !== -1) return start + at + 1;
    end = start;
  }
  return 0;
}
