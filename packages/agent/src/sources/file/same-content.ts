import type { FileHandle } from 'node:fs/promises';
import { isPackedFile, type KnownFile, readTo } from './known-file.ts';
import { contentOf } from './packed-reading.ts';
import { bytesOf, endOf, HEAD_BYTES, holds, printOf } from './print.ts';

/** Less than this proves nothing: what a program prints at each start is the same in every log. Duplicates are better than gaps. */
const MIN_EVIDENCE_BYTES = 64;

/** Whether enough of a plain file is known to find it by. Of one that was not read yet, nothing can be passed over. */
function isTelling(file: KnownFile): boolean {
  const { head, anchor } = current(file);
  if (isPackedFile(file) || head.length < MIN_EVIDENCE_BYTES) return false;
  return readTo(file) === 0 || endOf(anchor) >= MIN_EVIDENCE_BYTES;
}

/** Whether so much of its beginning is known that no other log begins like it: lines of a log have their time. */
export function isWellKnown(file: KnownFile): boolean {
  return isTelling(file) && current(file).head.length === HEAD_BYTES;
}

/**
 * Whether an open file holds all that was read of another one, as far as can be told.
 *
 * @param isLikely Its name and time speak for it: then it does not matter that little was read.
 */
export async function holdsContent(
  handle: FileHandle,
  size: number,
  file: KnownFile,
  isLikely = false,
): Promise<boolean> {
  if (isPackedFile(file) || !(isLikely || isTelling(file))) return false;
  const { head, anchor } = current(file);
  if (endOf(anchor) <= size && (await holds(handle, head)) && (await holds(handle, anchor))) return true;
  return file.reading?.holdsBeginning(handle, size, head) ?? false;
}

/** The plain files that begin as an open one does, as far as that was or can be read. */
export async function filesWithHead(handle: FileHandle, files: Iterable<KnownFile>): Promise<KnownFile[]> {
  const bytes = await bytesOf(handle, 0, HEAD_BYTES);
  // Heads of most files are of one length: each is hashed once, however many files there are.
  const hashes = new Map<number, string>();
  return [...files].filter((file) => {
    if (!isTelling(file)) return false;
    const { length, hash } = current(file).head;
    const own = hashes.get(length) ?? printOf(bytes.subarray(0, length), 0).hash;
    hashes.set(length, own);
    return length <= bytes.length && own === hash;
  });
}

/** Of which of the files a compressed one is a copy; undefined: of none. Throws when that cannot be told because it is damaged. */
export async function unpackedContent(
  handle: FileHandle,
  path: string,
  size: number,
  files: Iterable<KnownFile>,
): Promise<KnownFile | undefined> {
  const candidates = [...files].filter(isTelling).map((file) => ({ file, ...current(file) }));
  return (await contentOf(handle, path, size, candidates))?.file;
}

function current({ saved, reading }: KnownFile): Pick<KnownFile['saved'], 'head' | 'anchor'> {
  return reading?.progress ?? saved;
}
