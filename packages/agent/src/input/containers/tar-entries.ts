import type { ReadEntry } from 'tar';
import { UnreadableContent } from '../member.ts';

/** One entry of a tar archive. */
export interface TarEntry {
  /** As written; anything may stand there. */
  readonly path: string;
  /** `File`, `Directory`, `SymbolicLink`, … as the library `tar` names them. */
  readonly type: string;
  /** To be read before the next entry is asked for. Throws where the archive ends too early. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Long names and PAX headers are held in memory. */
const MAX_HEADER_BYTES = 64 * 1024;

const BLOCK_BYTES = 512;

/**
 * The entries of a tar archive, in order. The library's parser is pushed; here it is given a chunk whenever somebody needs one, so that nothing is
 * held but that chunk. Damaged headers are passed over, the entries behind them are read.
 *
 * At the end {@link UnreadableContent} is thrown for an archive that is cut or damaged, and a fault of the stream itself is thrown on, unless the
 * bytes of an entry have thrown it already.
 */
export async function* tarEntries(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const feed = await createFeed(bytes);
  for (;;) {
    const entry = feed.next();
    if (entry) {
      yield { path: entry.path, type: entry.type, bytes: contentOf(entry, feed) };
      for await (const _ of contentOf(entry, feed));
    } else if (feed.complete || !(await feed.more())) break;
  }
  await feed.finish();
}

async function* contentOf(entry: ReadEntry, feed: Feed): AsyncGenerator<Uint8Array> {
  // The parser itself passes over what it ignores, and may never say that it ends.
  if (entry.ignore) return;
  while (!entry.emittedEnd) {
    const chunk = entry.read();
    if (chunk) yield chunk;
    else if (!entry.emittedEnd && !(await feed.more())) return;
  }
  if (entry.remain > 0) feed.report();
}

/** Chunks of at least a block: with less the parser cannot go on, and waits for it anew each time. */
async function* wholeBlocks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let length = 0;
  let fault: { readonly error: unknown } | undefined;
  try {
    for await (const chunk of bytes) {
      held.push(chunk);
      length += chunk.length;
      if (length < BLOCK_BYTES) continue;
      yield Buffer.concat(held);
      held = [];
      length = 0;
    }
  } catch (error) {
    fault = { error };
  }
  if (length > 0) yield Buffer.concat(held);
  if (fault) throw fault.error;
}

type Feed = Awaited<ReturnType<typeof createFeed>>;

async function createFeed(bytes: AsyncIterable<Uint8Array>) {
  // Loaded when the first archive is met: most runs meet none.
  const { Parser } = await import('tar/parse');
  const blocks = wholeBlocks(bytes);
  const parser = new Parser({ maxMetaEntrySize: MAX_HEADER_BYTES });
  const entries: ReadEntry[] = [];
  let ended = false;
  let marked = false;
  let complete = false;
  let damaged = 0;
  let cut = false;
  let fault: { readonly error: unknown } | undefined;
  let reported = false;

  parser.on('entry', (entry: ReadEntry) => entries.push(entry));
  // Kinds of entries that the library does not know: volume labels, parts of split files.
  parser.on('ignoredEntry', (entry: ReadEntry) => entries.push(entry));
  parser.on('nullBlock', () => {
    marked = true;
  });
  parser.on('eof', () => {
    marked = true;
    complete = true;
  });
  parser.on('warn', (code: string) => {
    if (code === 'TAR_ENTRY_INVALID') damaged += 1;
    if (code === 'TAR_BAD_ARCHIVE') cut = true;
  });

  const tooEarly = () => fault?.error ?? new UnreadableContent('the tar archive ends too early');
  const push = (chunk: Buffer | undefined) => {
    try {
      if (chunk) parser.write(chunk);
      // What the parser holds of a cut entry comes out only now.
      else parser.end();
    } catch (error) {
      ended = true;
      fault ??= { error };
    }
  };
  return {
    /** The end mark was met: the parser must get no more. */
    get complete() {
      return complete;
    },
    next: () => entries.shift(),
    /** Gives the parser the next chunk, or the end; false when it had the end before. */
    more: async (): Promise<boolean> => {
      if (ended) return false;
      try {
        const next = await blocks.next();
        ended = next.done === true;
        push(next.done ? undefined : next.value);
      } catch (error) {
        ended = true;
        fault = { error };
        push(undefined);
      }
      return true;
    },
    /** Throws what cut an entry short. */
    report: (): void => {
      if (reported) return;
      reported = true;
      throw tooEarly();
    },
    /** Reads what follows the end mark, because a cut or damaged stream shows itself only there. */
    finish: async (): Promise<void> => {
      if (reported) return;
      while (!ended) ended = (await blocks.next()).done === true;
      if (fault) throw fault.error;
      if (damaged > 0) throw new UnreadableContent('the tar archive is damaged: some of its headers cannot be read');
      if (cut) throw tooEarly();
      if (!marked) throw new UnreadableContent('the tar archive ends without its end mark; members may be missing');
    },
  };
}
