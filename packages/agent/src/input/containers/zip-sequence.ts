import { type Found, type Member, UnreadableContent } from '../member.ts';
import { reasonOf } from '../system-error.ts';
import { entryMember, entryPath } from './archive-entry.ts';
import type { Budget } from './budget.ts';
import { type ByteSource, createByteSource, firstBytes } from './byte-source.ts';
import { checked, endsByItself, unpackerOf } from './zip-content.ts';
import { type LocalHeader, readDescriptor, readLocalHeader } from './zip-headers.ts';

const SKIP_BYTES = 64 * 1024;

/**
 * The files in a zip archive, read from front to back by the headers before their data, as a stream comes in:
 *
 *     PK\3\4 header name extra data [PK\7\8 checksum lengths]  …  PK\1\2 directory  PK\5\6 end
 *
 * Where a header says no length, the data must tell by itself where it ends; if it does not, the rest of the archive cannot be read.
 */
export async function* zipSequence(archive: Member, budget: Budget): AsyncGenerator<Found> {
  const source = createByteSource(archive.bytes);
  for (let goesOn = true; goesOn; ) {
    const header = await readLocalHeader(source);
    if (!header) return;
    budget.entry();
    goesOn = yield* openEntry(archive, header, source, budget);
  }
}

/** Hands an entry out and moves to the next header; returns false when that is not possible, which has been reported then. */
async function* openEntry(
  archive: Member,
  header: LocalHeader,
  source: ByteSource,
  budget: Budget,
): AsyncGenerator<Found, boolean> {
  const { method, path, packedLength } = header;
  const packed = packedLength === undefined ? undefined : firstBytes(source, packedLength);
  const content = unpackerOf(method, header.encrypted);
  let atNext = false;
  let reported = false;
  const passData = async (length = 0) => {
    while (packed && (await packed.some(SKIP_BYTES)));
    if (packed && packed.left > 0) throw new UnreadableContent('the zip archive ends too early');
    const sum = header.sum ?? (await readDescriptor(source, length));
    atNext = true;
    return sum;
  };
  const problem = (message: string): Found => {
    reported = true;
    return { problem: { path: entryPath(archive, path), message } };
  };

  if ('obstacle' in content) yield problem(content.obstacle);
  else if (!packed && !endsByItself(method)) yield problem(NO_LENGTH);
  else if (!path.endsWith('/')) {
    const bytes = budget.expanded(checked(content.unpack(packed ?? source), passData))[Symbol.asyncIterator]();
    yield {
      member: entryMember(
        archive,
        path,
        watched(bytes, () => {
          reported = true;
        }),
      ),
    };
    // What the reader left is passed over.
    try {
      while (!(await bytes.next()).done);
    } catch (error) {
      yield problem(`reading broke off: ${reasonOf(error)}`);
    }
  }
  if (atNext) return true;
  if (!packed) return false;
  try {
    await passData();
  } catch (error) {
    if (!reported) throw error;
  }
  return atNext;
}

const NO_LENGTH =
  'is stored without its length, so that neither it nor what follows can be read from a stream; name the archive as a file';

/** The bytes, which can be read on after their reader has left. */
function watched(bytes: AsyncIterator<Uint8Array>, onFault: () => void): AsyncIterable<Uint8Array> {
  const next = async () => {
    try {
      return await bytes.next();
    } catch (error) {
      onFault();
      throw error;
    }
  };
  return { [Symbol.asyncIterator]: () => ({ next }) };
}
