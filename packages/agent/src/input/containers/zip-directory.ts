import type { Entry, ZipFile } from 'yauzl';
import { bytesAt } from '../file.ts';
import { type Found, type Member, UnreadableContent } from '../member.ts';
import { createSkipped, entryMember, entryPath } from './archive-entry.ts';
import type { Budget } from './budget.ts';
import { createByteSource } from './byte-source.ts';
import { checked, unpackerOf } from './zip-content.ts';

/** The directory of the zip archive in an open file; undefined when it has none that can be read. */
export async function openDirectory(descriptor: number): Promise<ZipFile | undefined> {
  // Loaded when the first archive is met: most runs meet none.
  const { fromFdPromise } = await import('yauzl');
  try {
    // Names are not decoded, because the library would refuse to go on behind one that it calls unsafe. It must not close the file either.
    return await fromFdPromise(descriptor, { autoClose: false, decodeStrings: false });
  } catch {
    return undefined;
  }
}

/** The files in a zip archive, in the order of its directory. */
export async function* zipDirectory(
  archive: Member,
  descriptor: number,
  directory: ZipFile,
  budget: Budget,
): AsyncGenerator<Found> {
  const { getFileNameLowLevel } = await import('yauzl');
  const skipped = createSkipped(archive);
  const entries = directory.eachEntry();
  for (;;) {
    const entry = await nextEntry(entries);
    if (!entry) break;
    budget.entry();
    const path = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
    const kind = kindOfEntry(entry, path);
    if (kind === 'other') skipped.add(path);
    if (kind !== 'file') continue;
    const content = unpackerOf(entry.compressionMethod, entry.isEncrypted());
    if ('obstacle' in content) yield { problem: { path: entryPath(archive, path), message: content.obstacle } };
    else {
      const packed = createByteSource(budget.read(packedBytes(descriptor, directory, entry)));
      const whole = { sum: entry.crc32, length: entry.uncompressedSize };
      yield { member: entryMember(archive, path, budget.expanded(checked(content.unpack(packed), () => whole))) };
    }
  }
  yield* skipped.found();
}

async function nextEntry(entries: AsyncIterator<Entry>): Promise<Entry | undefined> {
  try {
    const next = await entries.next();
    return next.done ? undefined : next.value;
  } catch (error) {
    throw new UnreadableContent('the directory of the zip archive is damaged; members may be missing', {
      cause: error,
    });
  }
}

async function* packedBytes(descriptor: number, directory: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  const start = await directory.readLocalFileHeaderPromise(entry, { minimal: true }).catch((error: unknown) => {
    throw new UnreadableContent('the zip archive is damaged: the member is not where its directory says', {
      cause: error,
    });
  });
  yield* bytesAt(descriptor, start.fileDataStart, start.fileDataStart + entry.compressedSize);
}

/** Unix and macOS keep the mode of a file in the upper half of the attributes; links and devices show there. */
function kindOfEntry({ versionMadeBy, externalFileAttributes }: Entry, path: string): 'file' | 'folder' | 'other' {
  if (path.endsWith('/')) return 'folder';
  const system = versionMadeBy >>> 8;
  if (system !== 3 && system !== 19) return 'file';
  const type = (externalFileAttributes >>> 16) & 0o170000;
  return type === 0 || type === 0o100000 ? 'file' : 'other';
}
